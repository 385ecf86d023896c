// Keys and names that a format could take for something else, read by the programs that the files are for.

import { HOSTILE_MARK, HOSTILE_NAMES, MD5_KEYS, PRE_SHARED_KEYS } from '../../shared/test/routers/hostile.ts';
import { identityOf, LINK, TUNNEL } from './example-tunnels.ts';
import { generateFiles, readTunnels, SETTINGS } from './generated-files.ts';
import { ENDPOINTS, securityAssociations, startLab } from './lab.ts';
import { expect, test } from './lab-test.ts';
import { fileOf, startRouterBgp } from './router.ts';

/** As many tunnels as there are values, each with an ID and a subnet of its own. */
function numbered(index: number): { readonly id: string; readonly interface_address: string } {
  const [high, low] = [Math.floor(index / 128), (index % 128) * 2];
  return { id: index.toString(16).padStart(32, '0'), interface_address: `10.0.${high}.${low}/31` };
}

test('a tunnel comes up with every pre-shared key', async ({ world }) => {
  const tunnels = PRE_SHARED_KEYS.map(({ key }, index) => ({
    tunnel: { ...TUNNEL, ...numbered(index), name: `branch-${index}` },
    psk: key,
  }));
  const known = tunnels.map(({ tunnel, psk }) => ({ identity: identityOf(tunnel.id), endpoint: ENDPOINTS[0], psk }));
  const lab = await startLab(world, { files: generateFiles(readTunnels(tunnels)), tunnels: known, link: LINK });
  expect(lab.loaded).toContain(`successfully loaded ${tunnels.length} connections`);
  await expect
    .poll(async () => withoutTunnel(await securityAssociations(lab.router)), 'those whose tunnel is not up')
    .toEqual([]);

  function withoutTunnel(associations: string): string[] {
    return PRE_SHARED_KEYS.filter((_, index) => !RegExp(`cf-branch-${index}: .*INSTALLED`).test(associations)).map(
      ({ why }) => why,
    );
  }
});

test('FRR takes every MD5 key that it can have as it is', async ({ world }) => {
  const tunnels = MD5_KEYS.map(({ key }, index) => ({
    tunnel: { ...TUNNEL, ...numbered(index), bgp: { customer_asn: 65_010, md5_key: key } },
    psk: 'any',
  }));
  const read = readTunnels(tunnels);
  const router = await world.addMachine('router');
  await startRouterBgp(router, generateFiles(read));
  const running = (await router.run('vtysh', ['-c', 'show running-config'])).split('\n');
  for (const [index, { key, why }] of MD5_KEYS.entries()) {
    const line = ` neighbor ${read[index]?.cloudflareAddress} password ${key}`;
    const canHave = !key.includes(' ') && key.length <= 80;
    expect(running.includes(line), `a key that ${why}`).toBe(canHave);
  }
});

test('no name of a tunnel gets out of its comment', async ({ world }) => {
  const router = await world.addMachine('router');
  for (const { text, why } of HOSTILE_NAMES) {
    const tunnel = { ...TUNNEL, ...numbered(0), name: text, description: text };
    const files = generateFiles(readTunnels([{ tunnel, psk: 'any' }]), SETTINGS);
    await router.write('/run/frr.conf', fileOf(files, 'frr.conf'));
    await router.run('vtysh', ['-C', '-f', '/run/frr.conf']);
    await router.run('nft', ['-c', '-f', '-'], fileOf(files, 'mss.nft'));
    expect(await router.run('nft', ['-c', '-e', '-f', '-'], fileOf(files, 'mss.nft')), why).not.toContain(HOSTILE_MARK);
  }
});
