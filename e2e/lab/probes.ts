// What is sent through the tunnels to see how it arrives.

import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { FAR_ADDRESS, type Link, type Network } from './network.ts';
import type { Machine } from './world.ts';

const POLL_EVERY_MS = 20;

/**
 * Sends one of Cloudflare's health probes into a tunnel. Returns how it came back to the edge; `null` where it did not.
 */
export async function probe(edge: Machine, device: string, link: Link, kind: 'request' | 'reply'): Promise<unknown> {
  const script = await putScript(edge, 'health-probe.py');
  return JSON.parse(await edge.run('python3', [script, device, link.cloudflareAddress, link.routerAddress, kind]));
}

/** The largest segments of a connection through the router, in bytes, as each end was asked for them. */
export async function segmentSizes({
  host,
  far,
}: Pick<Network, 'host' | 'far'>): Promise<{ readonly toFar: string; readonly toHost: string }> {
  for (const machine of [host, far]) {
    // They would take 12 bytes of every segment.
    await machine.run('sysctl', ['-q', '-w', 'net.ipv4.tcp_timestamps=0']);
    await putScript(machine, 'segment-size.py');
  }
  const accepting = far.start('python3', ['/run/segment-size.py', 'accept', FAR_ADDRESS]);
  while (!accepting.log().includes('listening') && accepting.isRunning()) await delay(POLL_EVERY_MS);
  const toFar = await host.run('python3', ['/run/segment-size.py', 'connect', FAR_ADDRESS]);
  while (accepting.isRunning()) await delay(POLL_EVERY_MS);
  return { toFar: toFar.trim(), toHost: /\d+/.exec(accepting.log())?.[0] ?? accepting.log() };
}

/** Puts a script of this folder on a machine, and returns where it is. */
async function putScript(machine: Machine, name: string): Promise<string> {
  const path = `/run/${name}`;
  await machine.write(path, await readFile(new URL(name, import.meta.url), 'utf8'));
  return path;
}
