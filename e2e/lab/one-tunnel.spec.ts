// A Linux router with nothing but the desk's files is one that Cloudflare accepts.

import { startEdgeBgp } from './edge.ts';
import { customIdentityOf, EDGE_BGP, EDGE_TUNNEL, ID, identityOf, LINK, PSK, TUNNEL } from './example-tunnels.ts';
import { generateFiles, readTunnels, SETTINGS } from './generated-files.ts';
import { EDGE_INTERFACE, type Lab, securityAssociations, startLab } from './lab.ts';
import { expect, putScript, test } from './lab-test.ts';
import { FAR_ADDRESS, FAR_PREFIX, LAN_PREFIX } from './network.ts';
import { fileOf, interfaceNames, type RouterFiles, startRouterBgp } from './router.ts';

const CONNECTION = 'cf-branch-1a';

test('a router with the files of one tunnel has its SAs, its routes and its largest segment', async ({ world }) => {
  const files = generateFiles(readTunnels([{ tunnel: { ...TUNNEL, id: ID }, psk: PSK }]));
  const lab = await startLab(world, { files, tunnels: [EDGE_TUNNEL], link: LINK });
  await lab.router.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1']);
  expect(lab.loaded).toContain('successfully loaded 1 connections');

  await test.step('both SAs are there, with the strongest parameters', () => expectStrongest(lab));
  await test.step("Cloudflare's address answers", () => lab.router.run('ping', ['-c1', LINK.cloudflareAddress]));
  await test.step('BGP with MD5 brings routes to both sides', () => expectRoutes(lab, files));
  await test.step('segments are clamped in both directions', () => expectClamping(lab, files));
  await test.step('both SAs can be rekeyed, with a new key exchange', () => expectRekey(lab));
});

async function expectStrongest({ router }: Lab): Promise<void> {
  await expect.poll(() => securityAssociations(router)).toContain('INSTALLED');
  const associations = await securityAssociations(router);
  expect(associations).toContain(`local  '${identityOf(ID)}'`);
  expect(associations).toContain('AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_384');
  expect(associations).toMatch(/INSTALLED, TUNNEL\S*, ESP:AES_GCM_16-256$/m);
  expect(associations).toMatch(/local +0\.0\.0\.0\/0\n +remote +0\.0\.0\.0\/0/);
}

async function expectRoutes({ router, edge, host }: Lab, files: RouterFiles): Promise<void> {
  await Promise.all([startEdgeBgp(edge, [EDGE_BGP]), startRouterBgp(router, files)]);
  await expect.poll(() => router.run('ip', ['route', 'show', 'proto', 'bgp'])).toContain(FAR_PREFIX);
  await expect.poll(() => edge.run('ip', ['route', 'show', 'proto', 'bgp'])).toContain(LAN_PREFIX);
  await host.run('ping', ['-c1', FAR_ADDRESS]);
}

async function expectClamping(lab: Lab, files: RouterFiles): Promise<void> {
  expect(await segmentSizes(lab)).toEqual({ toFar: '1460', toHost: '1460' });
  await lab.router.run('nft', ['-f', '-'], fileOf(files, 'mss.nft'));
  expect(await segmentSizes(lab)).toEqual({ toFar: '1360', toHost: '1360' });
}

/** The largest segments of a connection through the router, in bytes, as each end was asked for them. */
async function segmentSizes({ host, far }: Lab): Promise<{ readonly toFar: string; readonly toHost: string }> {
  for (const machine of [host, far]) {
    // They would take 12 bytes of every segment.
    await machine.run('sysctl', ['-q', '-w', 'net.ipv4.tcp_timestamps=0']);
    await putScript(machine, 'segment-size.py');
  }
  const accepting = far.start('python3', ['/run/segment-size.py', 'accept', FAR_ADDRESS]);
  await expect.poll(accepting.log).toContain('listening');
  const toFar = await host.run('python3', ['/run/segment-size.py', 'connect', FAR_ADDRESS]);
  await expect.poll(accepting.log).toMatch(/\d/);
  return { toFar: toFar.trim(), toHost: /\d+/.exec(accepting.log())?.[0] ?? '' };
}

async function expectRekey({ router }: Lab): Promise<void> {
  await router.run('swanctl', ['--rekey', '--child', CONNECTION]);
  await expect.poll(() => securityAssociations(router)).toMatch(/#2, .*INSTALLED.*ESP:AES_GCM_16-256\/ECP_384/);
  await router.run('swanctl', ['--rekey', '--ike', CONNECTION]);
  await expect.poll(() => securityAssociations(router)).toMatch(/#2, ESTABLISHED, IKEv2/);
  await router.run('ping', ['-c1', LINK.cloudflareAddress]);
}

const PROBES = [
  { kind: 'request', forwards: 0, acceptsLocal: 0, ttl: 64, why: 'it is an ordinary ping' },
  { kind: 'reply', forwards: 0, acceptsLocal: 0, ttl: undefined, why: 'its source is the router itself' },
  { kind: 'reply', forwards: 1, acceptsLocal: 0, ttl: undefined, why: 'forwarding alone lets no such source in' },
  { kind: 'reply', forwards: 1, acceptsLocal: 1, ttl: 63, why: 'it is let in, and sent back as it came' },
] as const;

test('a health probe of type request is answered, one of type reply only with accept_local', async ({ world }) => {
  const files = generateFiles(readTunnels([{ tunnel: { ...TUNNEL, id: ID }, psk: PSK }]));
  const { router, edge } = await startLab(world, { files, tunnels: [EDGE_TUNNEL], link: LINK });
  await expect.poll(() => securityAssociations(router)).toContain('INSTALLED');
  const script = await putScript(edge, 'health-probe.py');
  const [tunnel = ''] = interfaceNames(files);
  for (const { kind, forwards, acceptsLocal, ttl, why } of PROBES) {
    const switches = [`net.ipv4.ip_forward=${forwards}`, `net.ipv4.conf.${tunnel}.accept_local=${acceptsLocal}`];
    await router.run('sysctl', ['-q', '-w', ...switches]);
    const { cloudflareAddress, routerAddress } = LINK;
    const output = await edge.run('python3', [script, EDGE_INTERFACE, cloudflareAddress, routerAddress, kind]);
    const returned = ttl === undefined ? null : { source: routerAddress, destination: cloudflareAddress, ttl };
    expect(JSON.parse(output), `${kind}: ${why}`).toEqual(returned);
  }
});

const CHOICES = [
  {
    name: 'the compatible parameters',
    tunnel: TUNNEL,
    settings: { ...SETTINGS, proposals: 'compatible' },
    identity: identityOf(ID),
    seen: [/AES_CBC-256\/HMAC_SHA2_256_128\/PRF_HMAC_SHA2_256\/ECP_384/, /ESP:AES_CBC-256\/HMAC_SHA2_256_128/],
  },
  {
    name: 'a custom identity',
    tunnel: { ...TUNNEL, custom_remote_identities: { fqdn_id: customIdentityOf('branch-1') } },
    settings: SETTINGS,
    identity: customIdentityOf('branch-1'),
    seen: [/local {2}'branch-1\./],
  },
  {
    name: 'an address that NAT gives it',
    tunnel: { ...TUNNEL, customer_endpoint: '192.88.99.99' },
    settings: { ...SETTINGS, isBehindNat: true },
    identity: identityOf(ID),
    seen: [/@ 192\.88\.99\.10\[4500\]/],
  },
] as const;

for (const { name, tunnel, settings, identity, seen } of CHOICES) {
  test(`a router with ${name} is accepted`, async ({ world }) => {
    const files = generateFiles(readTunnels([{ tunnel: { ...tunnel, id: ID }, psk: PSK }]), settings);
    const { router } = await startLab(world, { files, tunnels: [{ ...EDGE_TUNNEL, identity }], link: LINK });
    await expect.poll(() => securityAssociations(router)).toContain('INSTALLED');
    for (const pattern of seen) expect(await securityAssociations(router)).toMatch(pattern);
    await router.run('ping', ['-c1', LINK.cloudflareAddress]);
  });
}
