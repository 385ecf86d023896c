// Keys and names that a format could take for something else, read by the programs that the files are for.

import { HOSTILE_MARK, HOSTILE_NAMES, MD5_KEYS, PRE_SHARED_KEYS } from '../../shared/test/routers/hostile.ts';
import { identityOf, LINK, TUNNEL } from './example-tunnels.ts';
import { generateFiles, readTunnels } from './generated-files.ts';
import { ENDPOINTS, securityAssociations, startLab } from './lab.ts';
import { expect, test } from './lab-test.ts';
import { fileOf, startRouterBgp } from './router.ts';

/** What FRR's passwords can be: a blank ends one, and Linux takes no longer ones. */
const CAN_BE_PASSWORD = /^[^ ]{1,80}$/;

/** As many tunnels as there are values, each with an ID and a subnet of its own. */
function numbered(index: number): { readonly id: string; readonly interface_address: string } {
  const [high, low] = [Math.floor(index / 128), (index % 128) * 2];
  return { id: index.toString(16).padStart(32, '0'), interface_address: `10.0.${high}.${low}/31` };
}

test('a tunnel comes up with every pre-shared key, whatever its name is', async ({ world }) => {
  const tunnels = PRE_SHARED_KEYS.map(({ key }, index) => {
    const name = HOSTILE_NAMES[index % HOSTILE_NAMES.length]?.text;
    return { tunnel: { ...TUNNEL, ...numbered(index), name, description: name }, psk: key };
  });
  const known = tunnels.map(({ tunnel, psk }) => ({ identity: identityOf(tunnel.id), endpoint: ENDPOINTS[0], psk }));
  const { router, loaded } = await startLab(world, {
    files: generateFiles(readTunnels(tunnels)),
    tunnels: known,
    link: LINK,
  });
  expect(loaded).toContain(`successfully loaded ${tunnels.length} connections`);
  await expect.poll(async () => keysWithoutTunnel(await securityAssociations(router))).toEqual([]);

  function keysWithoutTunnel(associations: string): string[] {
    const up = associations.split(/^(?=\S)/m).filter((connection) => connection.includes('INSTALLED'));
    return PRE_SHARED_KEYS.flatMap(({ why }, index) =>
      up.some((connection) => connection.includes(`'${known[index]?.identity}'`)) ? [] : [`the key that ${why}`],
    );
  }
});

test('FRR has every MD5 key as it is, where it can have it', async ({ world }) => {
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
    expect(running.includes(line), `the key that ${why}`).toBe(CAN_BE_PASSWORD.test(key));
  }
});

test('no name of a tunnel gets out of its comment in the files of FRR, nftables and the shell', async ({ world }) => {
  const tunnels = HOSTILE_NAMES.map(({ text }, index) => ({
    tunnel: { ...TUNNEL, ...numbered(index), name: text, description: text },
    psk: 'any',
  }));
  const files = generateFiles(readTunnels(tunnels));
  const router = await world.addMachine('router');
  await startRouterBgp(router, files);
  expect(await router.run('vtysh', ['-c', 'show running-config'])).not.toContain(HOSTILE_MARK);
  const rules = await router.run('nft', ['--check', '--echo', '--file', '-'], fileOf(files, 'mss.nft'));
  expect(rules).not.toContain(HOSTILE_MARK);
  for (const name of ['apply.sh', 'check.sh', 'interfaces.sh']) {
    const script = fileOf(files, name);
    await router.run('sh', ['-n'], script);
    // As bash understands it: without its comments.
    const understood = await router.run('bash', ['-s'], `script() {\n${script}\n}\ndeclare -f script\n`);
    expect(understood).toContain('for_each_tunnel');
    expect(understood).not.toContain(HOSTILE_MARK);
  }
});
