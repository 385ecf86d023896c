// What must fail fails: neither side takes a wrong key, another identity or parameters that the other does not have.

import { DOCUMENTED, type EdgeTunnel, startEdgeBgp } from './edge.ts';
import { EDGE_BGP, EDGE_TUNNEL, ID, identityOf, LINK, PSK, TUNNEL } from './example-tunnels.ts';
import { generateFiles, readTunnels } from './generated-files.ts';
import { securityAssociations, startLab } from './lab.ts';
import { expect, test } from './lab-test.ts';
import { fileOf, type RouterFiles, startRouterBgp } from './router.ts';
import type { Machine } from './world.ts';

const FILES = generateFiles(readTunnels([{ tunnel: { ...TUNNEL, id: ID }, psk: PSK }]));

const OTHER_EDGES: readonly { readonly name: string; readonly edge: EdgeTunnel; readonly notice: string }[] = [
  { name: 'another key', edge: { ...EDGE_TUNNEL, psk: `${PSK}x` }, notice: 'received AUTHENTICATION_FAILED notify' },
  {
    name: 'the ID of another tunnel',
    edge: { ...EDGE_TUNNEL, identity: identityOf('0123456789abcdef0123456789abcde2') },
    notice: 'received AUTHENTICATION_FAILED notify',
  },
  {
    name: 'another key exchange alone',
    edge: { ...EDGE_TUNNEL, transforms: { ...DOCUMENTED, ike: ['aes256gcm16-prfsha384-modp2048'] } },
    notice: 'received NO_PROPOSAL_CHOSEN notify',
  },
  {
    name: 'other encryption of the child SA alone',
    edge: { ...EDGE_TUNNEL, transforms: { ...DOCUMENTED, esp: ['aes256-sha256-ecp384'] } },
    notice: 'received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built',
  },
];

for (const { name, edge, notice } of OTHER_EDGES) {
  test(`an edge with ${name} is no other end for the router`, async ({ world }) => {
    const { router, charon } = await startLab(world, { files: FILES, tunnels: [edge], link: LINK });
    await expect.poll(charon.router.log).toContain(notice);
    expect(await securityAssociations(router)).not.toContain('INSTALLED');
  });
}

const UNDOCUMENTED = [
  { from: 'aes256gcm16-prfsha384-ecp384', to: 'aes256-sha512-ecp384', why: 'its integrity in IKE is SHA2-256 alone' },
  { from: 'aes256gcm16-prfsha384-ecp384', to: 'aes128-sha256-ecp384', why: 'its CBC in IKE is of 256 bits alone' },
  { from: 'aes256gcm16-prfsha384-ecp384', to: 'aes256gcm16-prfsha384-ecp256', why: 'it has no group 19' },
  { from: 'esp_proposals = aes256gcm16-ecp384', to: 'esp_proposals = aes256gcm16-ecp384-esn', why: 'ESN must be off' },
  {
    from: 'esp_proposals = aes256gcm16-ecp384',
    to: 'esp_proposals = aes256-sha512-ecp384',
    why: 'its ESP has no SHA2-512',
  },
] as const;

for (const { from, to, why } of UNDOCUMENTED) {
  test(`the edge refuses ${to.replace('esp_proposals = ', '')} as Cloudflare does: ${why}`, async ({ world }) => {
    const files = withChange(FILES, 'swanctl.conf', from, to);
    const { router, charon } = await startLab(world, { files, tunnels: [EDGE_TUNNEL], link: LINK });
    await expect.poll(charon.router.log).toContain('received NO_PROPOSAL_CHOSEN notify');
    expect(await securityAssociations(router)).not.toContain('INSTALLED');
  });
}

test('another MD5 key keeps BGP down while the tunnel is up', async ({ world }) => {
  const { router, edge } = await startLab(world, { files: FILES, tunnels: [EDGE_TUNNEL], link: LINK });
  await expect.poll(() => securityAssociations(router)).toContain('INSTALLED');
  await Promise.all([startEdgeBgp(edge, [{ ...EDGE_BGP, md5Key: 'another' }]), startRouterBgp(router, FILES)]);
  await expect.poll(() => segmentsWithWrongMd5(router)).toBeGreaterThan(0);
  await expect.poll(() => segmentsWithWrongMd5(edge)).toBeGreaterThan(0);
  expect(await router.run('vtysh', ['-c', 'show bgp ipv4 unicast summary failed'])).toContain(LINK.cloudflareAddress);
  await router.run('ping', ['-c1', LINK.cloudflareAddress]);
});

function withChange(files: RouterFiles, name: string, from: string, to: string): RouterFiles {
  const content = fileOf(files, name);
  const changed = content.replace(from, to);
  if (changed === content) throw new Error(`${name} has no ${from}`);
  return new Map(files).set(name, changed);
}

/** What the kernel has counted of TCP segments whose MD5 signature was wrong: RFC 2385. */
async function segmentsWithWrongMd5(machine: Machine): Promise<number> {
  const lines = (await machine.run('cat', ['/proc/net/netstat']))
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'));
  const [names = [], values = []] = lines.map((line) => line.split(' '));
  return Number(values[names.indexOf('TCPMD5Failure')]);
}
