// From starting the server to its first response, and what it holds in memory once idle, beside Fastify with one route.

import { setTimeout as delay } from 'node:timers/promises';
import { residentMegabytes, type ServerProcess } from '../support/processes.ts';
import type { Measurement, Row } from './report.ts';
import { startBareFastify, startCloudflareDesk, startSandboxDesk } from './servers.ts';
import { interleave, median } from './statistics.ts';

const ROUNDS = 7;
const IDLE_AFTER_MS = 1_000;
const MAX_BOOT_TIMES = 2;
const MAX_IDLE_TIMES = 1.5;
/** Nothing listens there: the desk calls its upstream only when it is called itself. */
const UNUSED_UPSTREAM = 'http://127.0.0.1:9';

const servers = {
  sandbox: () => startSandboxDesk(),
  cloudflare: () => startCloudflareDesk(UNUSED_UPSTREAM),
  bare: () => startBareFastify(),
} as const;

interface Sample {
  readonly bootMs: number;
  /** `undefined` where the system does not tell. */
  readonly idleMb: number | undefined;
}

export const bootMeasurement: Measurement = {
  name: 'boot',
  method:
    `Server: from spawning the process to its first response on /healthz, and resident memory ${IDLE_AFTER_MS} ms later; ` +
    `medians of ${ROUNDS} interleaved starts,\nall with a compile cache that an earlier start has filled.`,
  async run() {
    for (const start of Object.values(servers)) await (await start())[Symbol.asyncDispose]();
    const samples = await interleave(['sandbox', 'cloudflare', 'bare'] as const, ROUNDS, (name) =>
      sample(servers[name]),
    );
    const over = (name: keyof typeof servers, figure: (sample: Sample) => number) =>
      median((samples.get(name) ?? []).map(figure));
    const rowsOf = (what: string, unit: 'ms' | 'MB', mostTimes: number, figure: (sample: Sample) => number): Row[] =>
      (['sandbox', 'cloudflare'] as const).map((mode) => ({
        measurement: 'boot',
        what: `${what}, ${mode} mode`,
        unit,
        figure: over(mode, figure),
        reference: { what: 'bare Fastify', figure: over('bare', figure) },
        target: { kind: 'at most times', timesReference: mostTimes },
      }));
    const knowsMemory = [...samples.values()].flat().every(({ idleMb }) => idleMb !== undefined);
    return [
      ...rowsOf('boot to listening', 'ms', MAX_BOOT_TIMES, ({ bootMs }) => bootMs),
      ...(knowsMemory ? rowsOf('idle memory (RSS)', 'MB', MAX_IDLE_TIMES, ({ idleMb }) => idleMb ?? 0) : []),
    ];
  },
};

async function sample(start: () => Promise<ServerProcess>): Promise<Sample> {
  await using server = await start();
  await delay(IDLE_AFTER_MS);
  return { bootMs: server.startedInMs, idleMb: residentMegabytes(server.pid) };
}
