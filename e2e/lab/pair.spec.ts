// Both tunnels of a pair, in one set of files for one router.

import { downloadFiles } from './downloaded-files.ts';
import { identityOf, LINK, PSK, SECOND, SECOND_PSK, TUNNEL } from './example-tunnels.ts';
import { CUSTOMER_ENDPOINT, ENDPOINTS, securityAssociations, startLab } from './lab.ts';
import { expect, test } from './lab-test.ts';
import { interfaceNames } from './router.ts';

test('both tunnels of a pair come up with its files, as downloaded, each by its identity and key', async ({
  world,
  desk,
  page,
}) => {
  const first = await desk.createElsewhere({ ...TUNNEL, psk: PSK });
  const second = await desk.createElsewhere({ ...SECOND, psk: SECOND_PSK });
  const files = await downloadFiles(page, [
    { tunnel: first, psk: PSK },
    { tunnel: second, psk: SECOND_PSK },
  ]);
  const known = [
    { identity: identityOf(first.id), endpoint: ENDPOINTS[0], psk: PSK },
    { identity: SECOND.custom_remote_identities.fqdn_id, endpoint: ENDPOINTS[1], psk: SECOND_PSK },
  ];
  const { router, loaded } = await startLab(world, { files, tunnels: known, link: LINK });
  expect(loaded).toContain('successfully loaded 2 connections');
  expect(interfaceNames(files)).toEqual(['cf-branch-1a', 'cf-branch-1b']);
  await expect.poll(async () => (await securityAssociations(router)).match(/INSTALLED/g)).toHaveLength(2);
  const associations = await securityAssociations(router);
  for (const { identity, endpoint } of known) {
    expect(associations).toContain(`local  '${identity}' @ ${CUSTOMER_ENDPOINT}[4500]\n  remote '${endpoint}'`);
  }
  await router.run('ping', ['-c1', LINK.cloudflareAddress]);
});
