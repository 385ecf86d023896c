// What it costs to pass a list of 10,000 tunnels on: the desk's memory above idle, and the time, beside a bare proxy.

import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { residentMegabytes, type ServerProcess } from '../support/processes.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID } from './samples.ts';
import { startBareProxy, startCloudflareDesk, startListUpstream } from './servers.ts';
import { interleave, median } from './statistics.ts';

const ROUNDS = 5;
/** Requests for the list of one tunnel, so that what is loaded only once is no part of what the long list takes. */
const WARM_UPS = 5;
const IDLE_AFTER_MS = 1_000;
const SAMPLE_MEMORY_EVERY_MS = 2;
const MAX_GROWN_MB = 20;
const ACCOUNTS = `${ACCOUNT_ID}=Head office,${OTHER_ACCOUNT_ID}=Small`;

interface Sample {
  /** `undefined` where the system does not tell. */
  readonly grownMb: number | undefined;
  readonly firstMs: number;
  readonly secondMs: number;
}

export const passedListMeasurement: Measurement = {
  name: 'passed-list',
  method:
    `Server: passes a list of 10,000 tunnels on, 13.5 MB. Resident memory at most meanwhile beside idle, before, and the time it takes;\nmedians of ${ROUNDS} ` +
    'interleaved starts. The desk checks every entry and keeps secrets out of it; the proxy does neither.',
  async run() {
    await using upstream = await startListUpstream();
    const servers = {
      desk: () => startCloudflareDesk(upstream.origin, { CLOUDFLARE_ACCOUNTS: ACCOUNTS }),
      proxy: () => startBareProxy(upstream.origin),
    };
    const samples = await interleave(['desk', 'proxy'] as const, ROUNDS, (name) => sample(servers[name]));
    const over = (name: keyof typeof servers, figure: (sample: Sample) => number) =>
      median((samples.get(name) ?? []).map(figure));
    const row = (what: string, unit: 'ms' | 'MB', figure: (sample: Sample) => number): Row => ({
      ...{ measurement: 'passed-list', what, unit, figure: over('desk', figure) },
      reference: { what: 'bare proxy', figure: over('proxy', figure) },
    });
    const knowsMemory = [...samples.values()].flat().every(({ grownMb }) => grownMb !== undefined);
    const memory = row('memory (RSS) above idle meanwhile, at most', 'MB', ({ grownMb }) => grownMb ?? 0);
    return [
      ...(knowsMemory ? [{ ...memory, target: { kind: 'at most', figure: MAX_GROWN_MB } } as const] : []),
      row('time for the first list', 'ms', ({ firstMs }) => firstMs),
      row('time for the second list', 'ms', ({ secondMs }) => secondMs),
    ];
  },
};

async function sample(start: () => Promise<ServerProcess>): Promise<Sample> {
  await using server = await start();
  const listOf = (accountId: string) => timeToRead(server.origin + API_PREFIX + ipsecTunnelsPath(accountId));
  for (let count = 0; count < WARM_UPS; count++) await listOf(OTHER_ACCOUNT_ID);
  await delay(IDLE_AFTER_MS);
  const idle = residentMegabytes(server.pid);
  let most = idle;
  const sampling = setInterval(() => {
    most = Math.max(most ?? 0, residentMegabytes(server.pid) ?? 0);
  }, SAMPLE_MEMORY_EVERY_MS);
  const firstMs = await listOf(ACCOUNT_ID);
  const secondMs = await listOf(ACCOUNT_ID);
  clearInterval(sampling);
  return { grownMb: idle === undefined || most === undefined ? undefined : most - idle, firstMs, secondMs };
}

/** From asking to the last byte, in milliseconds. Throws where the response is none or breaks off. */
async function timeToRead(url: string): Promise<number> {
  const start = performance.now();
  await new Promise<void>((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url}: status ${response.statusCode}`));
      response.once('error', reject).once('end', resolve).resume();
    });
    request.once('error', reject);
  });
  return performance.now() - start;
}
