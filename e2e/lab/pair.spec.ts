// Both tunnels of a pair, in one set of files for one router.

import { customIdentityOf, EDGE_TUNNEL, ID, LINK, PSK, TUNNEL } from './example-tunnels.ts';
import { generateFiles, readTunnels } from './generated-files.ts';
import { ENDPOINTS, securityAssociations, startLab } from './lab.ts';
import { expect, test } from './lab-test.ts';
import { interfaceNames } from './router.ts';

const SECOND_PSK = 'hbGnJzFMqwltb-BapXCO3cGZz2NMg_01';
const SECOND_IDENTITY = customIdentityOf('branch-1');
const SECOND = {
  ...TUNNEL,
  id: '0123456789abcdef0123456789abcde2',
  name: 'branch-1b',
  cloudflare_endpoint: ENDPOINTS[1],
  interface_address: '10.0.0.2/31',
  custom_remote_identities: { fqdn_id: SECOND_IDENTITY },
};

test('both tunnels of a pair come up, each to its endpoint by its identity and key', async ({ world }) => {
  const pair = [
    { tunnel: { ...TUNNEL, id: ID }, psk: PSK },
    { tunnel: SECOND, psk: SECOND_PSK },
  ];
  const files = generateFiles(readTunnels(pair));
  const second = { identity: SECOND_IDENTITY, endpoint: ENDPOINTS[1], psk: SECOND_PSK };
  const lab = await startLab(world, { files, tunnels: [EDGE_TUNNEL, second], link: LINK });
  expect(lab.loaded).toContain('successfully loaded 2 connections');
  expect(interfaceNames(files)).toEqual(['cf-branch-1a', 'cf-branch-1b']);
  await expect.poll(async () => (await securityAssociations(lab.router)).match(/INSTALLED/g)).toHaveLength(2);
  const associations = await securityAssociations(lab.router);
  for (const { identity, endpoint } of [EDGE_TUNNEL, second]) {
    expect(associations).toContain(`local  '${identity}' @ 192.88.99.10[4500]\n  remote '${endpoint}'`);
  }
  await lab.router.run('ping', ['-c1', LINK.cloudflareAddress]);
});
