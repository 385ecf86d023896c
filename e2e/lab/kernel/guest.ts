// What runs in the virtual machine: a pair of tunnels on the kernel's own XFRM interfaces and ESP, put in place by the desk's
// apply.sh and looked at by its check.sh. Its argument is a file with what the desk gave, and what Cloudflare knows of the pair.

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startFrr, untilCharonResponds } from '../daemons.ts';
import { type EdgeBgp, type EdgeTunnel, startEdgeBgp, startEdgeIpsec } from '../edge.ts';
import { createNetwork, FAR_ADDRESS, FAR_PREFIX, type Network } from '../network.ts';
import { segmentSizes } from '../probes.ts';
import { createWorld, type Machine } from '../world.ts';

export interface Pair {
  readonly customerEndpoint: string;
  /** What Cloudflare knows of each. */
  readonly tunnels: readonly (EdgeTunnel & EdgeBgp & { readonly interfaceId: number })[];
  /** What the desk gave for the router, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Nothing loads a module by itself here. Without `drbg` no SA is made, and IKE then says NO_PROPOSAL_CHOSEN. */
const MODULES = [
  ...['xfrm_interface', 'esp4', 'xfrm_user', 'xfrm4_tunnel', 'veth', 'nf_tables'],
  ...['gcm', 'seqiv', 'ctr', 'ghash_generic', 'aes_generic', 'authenc', 'echainiv', 'cbc'],
  ...['sha256_generic', 'sha512_generic', 'hmac', 'drbg'],
];
/** For what hangs: the processor is emulated, and the machine may share its cores. */
const POLL_TIMEOUT_MS = 600_000;
const POLL_EVERY_MS = 500;
const FOLDER = '/run/tunnel-desk';
const RESTART = '/run/restart-strongswan';

async function until(subject: string, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + POLL_TIMEOUT_MS;
  while (!(await isSo())) {
    assert.ok(performance.now() < giveUpAt, `never: ${subject}`);
    await delay(POLL_EVERY_MS);
  }
  shown(subject);
}

function shown(subject: string): void {
  console.log(`[${(performance.now() / 1000).toFixed(0)} s] ${subject}`);
}

/** Cloudflare's side, with an interface for each tunnel. */
async function startEdge({ edge }: Network, { tunnels }: Pair): Promise<void> {
  for (const { interfaceId, cloudflareAddress } of tunnels) {
    const name = `tunnel${interfaceId}`;
    await edge.run('ip', ['link', 'add', name, 'type', 'xfrm', 'dev', 'eth0', 'if_id', String(interfaceId)]);
    await edge.run('ip', ['address', 'add', `${cloudflareAddress}/31`, 'dev', name]);
    await edge.run('ip', ['link', 'set', name, 'up']);
  }
  await startEdgeIpsec(edge, tunnels, 'kernel');
  await startEdgeBgp(edge, tunnels);
}

/** strongSwan and FRR as Debian configures them, running and without a connection, as on a router that awaits the files. */
async function startRouter(router: Machine): Promise<void> {
  await router.write('/etc/strongswan.d/log.conf', 'charon-systemd {\n  filelog {\n    stderr {\n    }\n  }\n}\n');
  const charon = router.start('sh', ['-c', 'while :; do charon-systemd & echo $! >/run/charon.pid; wait; done']);
  // In the place of systemd: the loop above starts charon again.
  const restart =
    '#!/bin/sh\nold=$(cat /run/charon.pid)\nkill "$old"\nwhile kill -0 "$old" 2>/dev/null; do sleep 0.1; done\n';
  await router.write(RESTART, restart);
  await router.run('chmod', ['+x', RESTART]);
  await untilCharonResponds(router, charon);
  await startFrr(router);
}

/** Runs one of the desk's scripts as it is, and says what it said. */
async function runScript(
  router: Machine,
  name: string,
): Promise<{ readonly status: number | null; readonly output: string }> {
  return router.try('env', [`RESTART_STRONGSWAN=${RESTART}`, 'sh', `${FOLDER}/${name}`]);
}

/** Debian's FRR comes without BGP. */
async function expectRefusal(router: Machine): Promise<void> {
  const { status, output } = await runScript(router, 'apply.sh');
  console.log(output);
  assert.equal(status, 1);
  assert.match(output, /bgpd is off: set bgpd=yes/);
  assert.equal(await router.run('ip', ['link', 'show', 'type', 'xfrm']), '');
  shown('apply.sh says what is missing, and changes nothing');
}

async function applyFiles(router: Machine): Promise<void> {
  const { status, output } = await runScript(router, 'apply.sh');
  console.log(output);
  assert.equal(status, 0, 'apply.sh failed');
}

/** Polls check.sh until it says what is expected, and prints what it said last. */
async function untilChecked(
  router: Machine,
  subject: string,
  isExpected: (status: number | null, output: string) => boolean,
) {
  let last = '';
  try {
    await until(subject, async () => {
      const { status, output } = await runScript(router, 'check.sh');
      last = output;
      return isExpected(status, output);
    });
  } finally {
    console.log(last);
  }
}

async function expectKernelPath(router: Machine, { tunnels }: Pair): Promise<void> {
  const states = await router.run('ip', ['xfrm', 'state']);
  const policies = await router.run('ip', ['xfrm', 'policy']);
  assert.equal(states.match(/rfc4106\(gcm\(aes\)\)/g)?.length, 2 * tunnels.length);
  assert.equal(states.match(/replay-window 0/g)?.length, 2 * tunnels.length);
  assert.doesNotMatch(states, /encap type espinudp/);
  for (const number of await interfaceNumbers(router)) assert.match(policies, new RegExp(`if_id ${number}`));
  console.log(states.replace(/0x[0-9a-f]{40,}/g, '(the key)'));
  shown('the SAs of both tunnels are in the kernel, without replay window or UDP, each for its interface');
}

async function interfaceNumbers(router: Machine): Promise<string[]> {
  const links = await router.run('ip', ['-d', 'link', 'show', 'type', 'xfrm']);
  return [...links.matchAll(/if_id (0x[0-9a-f]+)/g)].map(([, number = '']) => number);
}

/** How many next hops the route to what is behind Cloudflare has. */
async function nextHops(router: Machine): Promise<number> {
  const route = await router.run('ip', ['route', 'show', FAR_PREFIX]);
  return route.match(/ dev cf-/g)?.length ?? 0;
}

async function expectIdempotence(router: Machine): Promise<void> {
  const before = await spis(router);
  await applyFiles(router);
  assert.deepEqual(await spis(router), before);
  shown('apply.sh ran again and left the SAs as they were');
}

async function spis(router: Machine): Promise<string[]> {
  return [...(await router.run('ip', ['xfrm', 'state'])).matchAll(/spi (0x[0-9a-f]+)/g)]
    .map(([, spi = '']) => spi)
    .sort();
}

async function expectFailOver({ router, edge, host }: Network, { tunnels }: Pair): Promise<void> {
  const [first, second] = tunnels;
  assert.ok(first && second);
  await edge.run('ip', ['link', 'set', `tunnel${first.interfaceId}`, 'down']);
  await until('the route by the tunnel that went down is gone', async () => (await nextHops(router)) === 1);
  await host.run('ping', ['-c1', FAR_ADDRESS]);
  await untilChecked(
    router,
    'check.sh names what is down, and nothing of the other tunnel',
    (status, output) =>
      status === 1 &&
      new RegExp(`NOT OK +BGP session with ${first.cloudflareAddress}`).test(output) &&
      new RegExp(`OK +BGP session with ${second.cloudflareAddress}\n`).test(output) &&
      (output.match(/NOT OK/g)?.length ?? 0) === 2,
  );
}

const [pairFile = ''] = process.argv.slice(2);
const pair: Pair = JSON.parse(readFileSync(pairFile, 'utf8'));
execFileSync('modprobe', ['--all', ...MODULES], { stdio: 'inherit' });
await using world = await createWorld();
const endpoints = pair.tunnels.map(({ endpoint }) => endpoint);
const network = await createNetwork(world, { customerEndpoint: pair.customerEndpoint, endpoints });
const { router, host } = network;
shown(`four machines on Linux ${execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim()}`);
await Promise.all([startEdge(network, pair), startRouter(router)]);
shown('strongSwan and FRR run at both ends');
for (const [name, content] of Object.entries(pair.files)) await router.write(`${FOLDER}/${name}`, content);
await expectRefusal(router);
// As it asks.
await router.run('sed', ['-i', 's/^bgpd=no/bgpd=yes/', '/etc/frr/daemons']);
await applyFiles(router);
await untilChecked(router, 'check.sh says that all is well', (status) => status === 0);
await expectKernelPath(router, pair);
for (const { cloudflareAddress } of pair.tunnels) await router.run('ping', ['-c1', cloudflareAddress]);
shown("both of Cloudflare's addresses answer");
await until('the route to what is behind Cloudflare is by both tunnels', async () => (await nextHops(router)) === 2);
console.log(await router.run('ip', ['route']));
await host.run('ping', ['-c1', FAR_ADDRESS]);
assert.deepEqual(await segmentSizes(network), { toFar: '1360', toHost: '1360' });
shown('segments are clamped in both directions');
await expectIdempotence(router);
await expectFailOver(network, pair);
shown('all is shown');
