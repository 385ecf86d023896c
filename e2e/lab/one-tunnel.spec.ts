// A Linux router with nothing but the desk's files is one that Cloudflare accepts.

import { downloadFiles } from './downloaded-files.ts';
import { startEdgeBgp } from './edge.ts';
import { customIdentityOf, EDGE_BGP, EDGE_TUNNEL, ID, identityOf, LINK, PSK, TUNNEL } from './example-tunnels.ts';
import { generateFiles, readTunnels, SETTINGS } from './generated-files.ts';
import { EDGE_INTERFACE, type Lab, securityAssociations, startLab } from './lab.ts';
import { expect, test } from './lab-test.ts';
import { FAR_ADDRESS, FAR_PREFIX, LAN_PREFIX, UPLINK } from './network.ts';
import { probe, segmentSizes } from './probes.ts';
import { fileOf, interfaceNames, type RouterFiles, setUpInterface, startRouterBgp } from './router.ts';

const CONNECTION = 'cf-branch-1a';

test('a router with the files of one tunnel, as downloaded, is what Cloudflare expects', async ({
  world,
  desk,
  page,
}) => {
  const tunnel = await desk.createElsewhere({
    ...TUNNEL,
    psk: PSK,
    health_check: { ...TUNNEL.health_check, type: 'reply' },
  });
  const files = await downloadFiles(page, [{ tunnel, psk: PSK }]);
  const known = { ...EDGE_TUNNEL, identity: identityOf(tunnel.id) };
  const lab = await startLab(world, { files, tunnels: [known], link: LINK });
  expect(lab.loaded).toContain('successfully loaded 1 connections');
  await setUpInterface(lab.router, files);

  await test.step('both SAs are there, with the strongest parameters', () => expectStrongest(lab, known.identity));
  await test.step("Cloudflare's address answers", () => lab.router.run('ping', ['-c1', LINK.cloudflareAddress]));
  await test.step('a health probe of either type comes back', () => expectProbes(lab));
  await test.step('BGP with MD5 brings routes to both sides', () => expectRoutes(lab, files));
  await test.step('segments are clamped in both directions', () => expectClamping(lab, files));
  await test.step('both SAs can be rekeyed, with a new key exchange', () => expectRekey(lab));
});

async function expectStrongest({ router }: Lab, identity: string): Promise<void> {
  await expect.poll(() => securityAssociations(router)).toContain('INSTALLED');
  const associations = await securityAssociations(router);
  expect(associations).toContain(`local  '${identity}'`);
  expect(associations).toContain('AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_384');
  expect(associations).toMatch(/INSTALLED, TUNNEL\S*, ESP:AES_GCM_16-256$/m);
  expect(associations).toMatch(/local +0\.0\.0\.0\/0\n +remote +0\.0\.0\.0\/0/);
}

async function expectProbes({ edge }: Lab): Promise<void> {
  const returned = { source: LINK.routerAddress, destination: LINK.cloudflareAddress };
  expect(await probe(edge, EDGE_INTERFACE, LINK, 'request')).toEqual({ ...returned, ttl: 64 });
  expect(await probe(edge, EDGE_INTERFACE, LINK, 'reply')).toEqual({ ...returned, ttl: 63 });
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

async function expectRekey({ router }: Pick<Lab, 'router'>): Promise<void> {
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
  const [tunnel = ''] = interfaceNames(files);
  for (const { kind, forwards, acceptsLocal, ttl, why } of PROBES) {
    const switches = [`net.ipv4.ip_forward=${forwards}`, `net.ipv4.conf.${tunnel}.accept_local=${acceptsLocal}`];
    await router.run('sysctl', ['-q', '-w', ...switches]);
    const { cloudflareAddress, routerAddress } = LINK;
    const returned = ttl === undefined ? null : { source: routerAddress, destination: cloudflareAddress, ttl };
    expect(await probe(edge, EDGE_INTERFACE, LINK, kind), `${kind}: ${why}`).toEqual(returned);
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

test('with static routes for every address, all goes into the tunnel but what carries it', async ({ world }) => {
  const settings = { ...SETTINGS, routing: 'static' as const, remotePrefixes: ['0.0.0.0/0'] };
  const files = generateFiles(readTunnels([{ tunnel: { ...TUNNEL, id: ID }, psk: PSK }]), settings);
  const { router, edge, host } = await startLab(world, { files, tunnels: [EDGE_TUNNEL], link: LINK });
  await setUpInterface(router, files);
  await edge.run('ip', ['route', 'add', LAN_PREFIX, 'dev', EDGE_INTERFACE]);
  await expect.poll(() => securityAssociations(router)).toContain('INSTALLED');
  await host.run('ping', ['-c1', FAR_ADDRESS]);
  expect(await router.run('ip', ['route', 'get', '8.8.8.8'])).toContain(`dev ${interfaceNames(files)[0]} `);
  expect(await router.run('ip', ['route', 'get', EDGE_TUNNEL.endpoint])).toContain(`dev ${UPLINK} `);
  await expectRekey({ router });
});
