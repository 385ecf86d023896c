// A batch that two pages run at once through a rough network, on a desk that is killed again and again: every tunnel that was
// asked for is there once, and what the batch says of each row is true.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CODES } from '@tunnel-desk/server/sandbox/responses';
import { type SeededRandom, seededRandom } from '@tunnel-desk/server/sandbox/seeded-random';
import { type Batch, type BatchRow, batchSchema, type NewBatch } from '@tunnel-desk/shared/api/batches';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { API_PREFIX, batchPath } from '@tunnel-desk/shared/api/paths';
import { IDEMPOTENCY_KEY_HEADER } from '@tunnel-desk/shared/api/submissions';
import { expect, it } from 'vitest';
import { ACCOUNT_ID } from '../bench/samples.ts';
import { temporaryFolder } from '../support/processes.ts';
import { createElsewhere, kill, startDesk, startSandboxProcess, trailOf, tunnelsIn } from './killed-desk.ts';

const ROWS = 500;
/** Of them, those whose name somebody else's tunnel has: Cloudflare refuses them for good. */
const TAKEN = [7, 250, 499];
const PAGES = 2;
const AT_ONCE = 2;
/** Before a page reads the batch again, so that it learns what the other one has done meanwhile. */
const AT_A_STRETCH = 12;
const KILLS = 6;
/** A kill comes at any moment up to this many milliseconds after a response. */
const LONGEST_WAIT = 40;
const LOOK_AGAIN_MS = 50;
const KEY_BEGINS = 'endurance-key-';
const SEED = process.env['FUZZ_SEED'] ?? randomUUID();

interface Row {
  readonly kept: NewBatch['rows'][number];
  readonly psk: string | undefined;
}

function rowOf(number: number): Row {
  const psk = number % 10 === 0 ? undefined : KEY_BEGINS + randomUUID();
  return {
    kept: {
      request: {
        name: `branch-${number}`,
        cloudflare_endpoint: '198.51.100.1',
        customer_endpoint: `203.0.113.${number % 256}`,
        interface_address: `10.${number >> 7}.0.${2 * (number & 127)}/31`,
      },
      keySource: psk === undefined ? 'later' : number % 2 === 0 ? 'own' : 'generated',
    },
    psk,
  };
}

/** What somebody runs the batch on: it learns from the desk alone where it stands, and every page has the keys. */
interface Page {
  readonly origin: string;
  readonly path: string;
  readonly rows: readonly Row[];
  readonly random: SeededRandom;
  /** Told of every response to a row, by its status; of none by `undefined`. */
  onResponse(status: number | undefined): void;
}

/** Until every row is created, or refused for good. */
async function runOn(page: Page): Promise<void> {
  for (;;) {
    const batch = await readBatch(page).catch(() => undefined);
    const open = batch?.rows.filter((row) => row.state !== 'created' && !isRefused(row));
    if (open?.length === 0) return;
    const due = open?.filter(({ state }) => state === 'not-tried' || state === 'not-created') ?? [];
    // What is under way or not known is asked for under its own key, as by a browser that lost the response.
    const asked = open?.filter(({ state }) => state === 'unknown' || state === 'under-way') ?? [];
    const from = page.random.below(Math.max(1, due.length - AT_A_STRETCH));
    const next = [...due.slice(from, from + AT_A_STRETCH), ...asked.slice(0, AT_ONCE)];
    await Promise.all(Array.from({ length: AT_ONCE }, () => sendAll(page, next)));
    if (due.length === 0) await delay(LOOK_AGAIN_MS);
  }
}

async function sendAll(page: Page, rows: BatchRow[]): Promise<void> {
  for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
    const isKnown = row.state === 'not-tried' || row.state === 'not-created';
    page.onResponse(await send(page, row, (isKnown ? undefined : row.idempotencyKey) ?? randomUUID()));
  }
}

/** The status of the response; `undefined` when there was none. */
async function send({ origin, path, rows }: Page, { number, request }: BatchRow, key: string) {
  try {
    const psk = rows[number - 1]?.psk;
    const response = await fetch(`${origin}${API_PREFIX}${path}/rows/${number}`, {
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

async function readBatch({ origin, path }: Pick<Page, 'origin' | 'path'>): Promise<Batch> {
  const { result } = envelopeSchema.parse(await (await fetch(origin + API_PREFIX + path)).json());
  return batchSchema.parse(result);
}

/** By Cloudflare, because of what was asked for: asking again would change nothing. */
function isRefused({ state, errors }: BatchRow): boolean {
  return state === 'not-created' && (errors ?? []).some(({ code }) => code === CODES.invalid);
}

/** Counts responses by their status, and tells when there have been so many successes. */
function counter() {
  const seen = new Map<string, number>();
  let waiting: { readonly successes: number; readonly reached: () => void } | undefined;
  const successes = () => seen.get('200') ?? 0;
  return {
    seen,
    add(status: number | undefined) {
      const name = String(status ?? 'none');
      seen.set(name, (seen.get(name) ?? 0) + 1);
      if (waiting !== undefined && successes() >= waiting.successes) waiting.reached();
    },
    until: (wanted: number) =>
      new Promise<void>((reached) => {
        if (successes() >= wanted) reached();
        else waiting = { successes: wanted, reached };
      }),
  };
}

it(`${ROWS} rows become ${ROWS - TAKEN.length} tunnels, none twice, while the desk is killed ${KILLS} times`, async () => {
  console.log(`FUZZ_SEED=${SEED}`);
  const sandboxUrl = await startSandboxProcess(SEED);
  const dataDir = temporaryFolder();
  // A late create is given up at once.
  const environment = { UPSTREAM_TIMEOUT_MS: '2000' };
  let desk = await startDesk(sandboxUrl, dataDir, { environment });
  const { origin } = desk;
  const port = Number(new URL(origin).port);
  const rows = Array.from({ length: ROWS }, (_, index) => rowOf(index + 1));
  const elsewhere = await Promise.all(
    TAKEN.map((number) =>
      createElsewhere(sandboxUrl, {
        ...{
          name: `branch-${number}`,
          cloudflare_endpoint: '198.51.100.2',
          interface_address: `172.16.0.${2 * (number & 127)}/31`,
        },
      }),
    ),
  );

  const path = batchPath(ACCOUNT_ID, randomUUID());
  const begun = await fetch(origin + API_PREFIX + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      source: { kind: 'file', name: 'branches.csv' },
      rows: rows.map(({ kept }) => kept),
    } satisfies NewBatch),
  });
  expect(begun.status).toBe(200);

  const responses = counter();
  const random = seededRandom(SEED);
  const pages = Array.from({ length: PAGES }, (_, index) =>
    runOn({ ...{ origin, path, rows, onResponse: responses.add }, random: seededRandom(`${SEED} ${index}`) }),
  );
  for (let kills = 1; kills <= KILLS; kills++) {
    await responses.until((kills * (ROWS - TAKEN.length)) / (KILLS + 1));
    await delay(random.below(LONGEST_WAIT));
    await kill(desk);
    desk = await startDesk(sandboxUrl, dataDir, { environment, port });
  }
  await Promise.all(pages);

  const tunnels = await tunnelsIn(sandboxUrl);
  const idsByName = new Map(tunnels.map(({ name, id }) => [name, id]));
  expect(tunnels.map(({ name }) => name).toSorted()).toEqual(
    rows.map(({ kept: { request } }) => String(request['name'])).toSorted(),
  );
  const batch = await readBatch({ origin, path });
  const foreign = new Set(elsewhere.map(({ id }) => id));
  expect(batch.rows.map(({ number, state, tunnelId }) => ({ number, state, tunnelId }))).toEqual(
    rows.map((_, index) => {
      const number = index + 1;
      const tunnelId = idsByName.get(`branch-${number}`);
      return tunnelId !== undefined && foreign.has(tunnelId)
        ? { number, state: 'not-created', tunnelId: undefined }
        : { number, state: 'created', tunnelId };
    }),
  );

  // Names are unique at Cloudflare: a row that had been sent although its tunnel was there would have been refused.
  const trail = await trailOf(desk);
  const refused = trail.filter(({ outcome }) => outcome?.codes.includes(CODES.invalid));
  expect(new Set(refused.map(({ tunnelName }) => tunnelName))).toEqual(
    new Set(TAKEN.map((number) => `branch-${number}`)),
  );
  expect(refused.every(({ outcome }) => outcome?.result === 'refused')).toBe(true);

  process.kill(desk.pid, 'SIGTERM');
  expect(await desk.ended).toBe(0);
  for (const file of readdirSync(dataDir)) {
    expect(readFileSync(join(dataDir, file)).includes(KEY_BEGINS), `a key is in ${file}`).toBe(false);
  }

  console.log(Object.fromEntries(responses.seen));
  // Otherwise too little went wrong to show anything.
  for (const status of ['none', '409', '429']) expect(responses.seen.get(status), status).toBeGreaterThan(0);
  expect(trail.filter(({ outcome }) => outcome?.reconciled).length).toBeGreaterThan(0);
});
