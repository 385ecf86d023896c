// What other people's requests wait while one address opens thousands of connections and says nothing on them.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SESSION_PATH } from '@tunnel-desk/shared/api/paths';
import { stop, track } from '../support/processes.ts';
import type { Measurement } from './report.ts';
import { startSandboxDesk } from './servers.ts';
import type { SilentConnections } from './silent-connections.ts';
import { median } from './statistics.ts';

const SILENT = 4_200;
const ROUNDS = 5;
const WARM_UP_REQUESTS = 500;
/** How long requests are sent in each round without the silent connections, and further with them, in milliseconds. */
const ROUND_MS = 1_500;
const MAX_ADDED_MS = 100;

export const connectionsMeasurement: Measurement = {
  name: 'connections',
  method:
    `Server: the slowest of the requests for the session, one after the other and each on a connection of its own, while ` +
    `another address opens ${SILENT}\nconnections at once and says nothing on them; medians of ${ROUNDS} rounds, the same ` +
    'without them before each.',
  async run() {
    await using desk = await startSandboxDesk();
    await using silent = startSilentClient();
    const port = Number(new URL(desk.origin).port);
    for (let request = 0; request < WARM_UP_REQUESTS; request += 1) await timeRequest(desk.origin);
    const slowest: { quiet: number[]; crowded: number[] } = { quiet: [], crowded: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      slowest.quiet.push(await slowestWhile(desk.origin, delay(ROUND_MS)));
      const opened = silent.ask({ port, from: '127.0.0.2', count: SILENT }).then(() => delay(ROUND_MS));
      slowest.crowded.push(await slowestWhile(desk.origin, opened));
      await silent.ask('close');
    }
    const [quiet, crowded] = [median(slowest.quiet), median(slowest.crowded)];
    return [
      {
        measurement: 'connections',
        what: `slowest request beside ${SILENT} silent connections of one address`,
        unit: 'ms',
        figure: crowded,
        reference: { what: 'slowest request without them', figure: quiet },
        target: { kind: 'at most', figure: MAX_ADDED_MS },
      },
    ];
  },
};

function startSilentClient() {
  const child = fork(fileURLToPath(new URL('silent-connections.ts', import.meta.url)));
  track(child);
  return {
    async ask(request: SilentConnections | 'close') {
      child.send(request);
      await once(child, 'message');
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/** In milliseconds. */
async function slowestWhile(origin: string, during: Promise<unknown>): Promise<number> {
  let isOver = false;
  const over = during.then(() => {
    isOver = true;
  });
  let slowest = 0;
  while (!isOver) slowest = Math.max(slowest, await timeRequest(origin));
  await over;
  return slowest;
}

/** In milliseconds, connecting included; rejects where the response is no success. */
function timeRequest(origin: string): Promise<number> {
  const sentAt = performance.now();
  return new Promise((resolve, reject) => {
    const request = get(origin + SESSION_PATH, { agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      response.resume().once('end', () => resolve(performance.now() - sentAt));
    });
    request.once('error', reject);
  });
}
