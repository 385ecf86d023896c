// A batch that two clients run at once through a rough network, on a desk that is killed again and again: every tunnel that
// was asked for is there once, and what the batch says of each row is true.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type SeededRandom, seededRandom } from '@tunnel-desk/server/sandbox/seeded-random';
import type { BatchRow, NewBatch } from '@tunnel-desk/shared/api/batches';
import { API_PREFIX, batchPath, batchRowPath } from '@tunnel-desk/shared/api/paths';
import { IDEMPOTENCY_KEY_HEADER } from '@tunnel-desk/shared/api/submissions';
import { expect, it } from 'vitest';
import { ACCOUNT_ID } from '../bench/samples.ts';
import { temporaryFolder } from '../support/processes.ts';
import { BRANCHES, CREATED, expectTrueBatch, isOver, ROWS, readBatch, takeNames } from './branches.ts';
import { kill, startDesk, startSandboxProcess } from './killed-desk.ts';

const CLIENTS = 2;
const AT_ONCE = 2;
/** Before a client reads the batch again, so that it learns what the other one has done meanwhile. */
const AT_A_STRETCH = 12;
const KILLS = 6;
/** A kill comes at any moment up to this many milliseconds after a response. */
const LONGEST_WAIT = 40;
const LOOK_AGAIN_MS = 50;
const SEED = process.env['FUZZ_SEED'] ?? randomUUID();

/** What runs the batch: it learns from the desk alone where it stands, and has the keys. */
interface Client {
  readonly origin: string;
  readonly batchId: string;
  readonly random: SeededRandom;
  /** Told the status of every response to a row; `undefined` where there was none. */
  onResponse(status: number | undefined): void;
}

async function runOn(client: Client): Promise<void> {
  for (;;) {
    const batch = await readBatch(client.origin, batchPath(ACCOUNT_ID, client.batchId)).catch(() => undefined);
    const open = batch?.rows.filter((row) => !isOver(row));
    if (open?.length === 0) return;
    const due = open?.filter(isDue) ?? [];
    const from = client.random.below(Math.max(1, due.length - AT_A_STRETCH));
    const others = open?.filter((row) => !isDue(row)) ?? [];
    const next = [...due.slice(from, from + AT_A_STRETCH), ...others.slice(0, AT_ONCE)];
    await Promise.all(Array.from({ length: AT_ONCE }, () => sendAll(client, next)));
    if (due.length === 0) await delay(LOOK_AGAIN_MS);
  }
}

function isDue({ state }: BatchRow): boolean {
  return state === 'not-tried' || state === 'not-created';
}

/** What is under way or not known is sent under its own key again, as by a browser that lost the response. */
async function sendAll(client: Client, rows: BatchRow[]): Promise<void> {
  for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
    client.onResponse(await send(client, row, (isDue(row) ? undefined : row.idempotencyKey) ?? randomUUID()));
  }
}

async function send({ origin, batchId }: Client, { number, request }: BatchRow, key: string) {
  const psk = BRANCHES[number - 1]?.psk;
  try {
    const response = await fetch(origin + API_PREFIX + batchRowPath(ACCOUNT_ID, batchId, number), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [IDEMPOTENCY_KEY_HEADER]: key },
      body: JSON.stringify({ ...request, ...(psk !== undefined && { psk }) }),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}

/** Counts responses by their status, and tells when there have been so many successes. */
function countResponses() {
  const counts = new Map<string, number>();
  const successes = () => counts.get('200') ?? 0;
  let awaited = { successes: 0, reached: () => {} };
  return {
    counts,
    add(status: number | undefined) {
      const name = String(status ?? 'none');
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (successes() >= awaited.successes) awaited.reached();
    },
    until: (wanted: number) =>
      new Promise<void>((reached) => {
        awaited = { successes: wanted, reached };
        if (successes() >= wanted) reached();
      }),
  };
}

it(`${ROWS} rows become ${CREATED} tunnels, none twice, while the desk is killed ${KILLS} times`, async () => {
  console.log(`FUZZ_SEED=${SEED}`);
  const sandboxUrl = await startSandboxProcess(SEED);
  const dataDir = temporaryFolder();
  let desk = await startDesk(sandboxUrl, dataDir);
  const { origin } = desk;
  const port = Number(new URL(origin).port);
  const taken = await takeNames(sandboxUrl);

  const batchId = randomUUID();
  const path = batchPath(ACCOUNT_ID, batchId);
  const batch: NewBatch = {
    source: { kind: 'file', name: 'branches.csv' },
    rows: BRANCHES.map(({ request, psk }) => ({ request, keySource: psk === undefined ? 'later' : 'own' })),
  };
  const begun = await fetch(origin + API_PREFIX + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(batch),
  });
  expect(begun.status).toBe(200);

  const responses = countResponses();
  // All draw the same, and so come upon the same rows at the same time, on a quiet machine too.
  const clients = Array.from({ length: CLIENTS }, () =>
    runOn({ origin, batchId, random: seededRandom(`${SEED} client`), onResponse: responses.add }),
  );
  const random = seededRandom(SEED);
  for (let kills = 1; kills <= KILLS; kills++) {
    await responses.until((kills * CREATED) / (KILLS + 1));
    await delay(random.below(LONGEST_WAIT));
    await kill(desk);
    desk = await startDesk(sandboxUrl, dataDir, port);
  }
  await Promise.all(clients);
  console.log(Object.fromEntries(responses.counts));

  await expectTrueBatch(desk, { sandboxUrl, path, dataDir }, taken);
  // Otherwise too little went wrong to show anything.
  for (const status of ['none', '409', '429', '502']) expect(responses.counts.get(status), status).toBeGreaterThan(0);
});
