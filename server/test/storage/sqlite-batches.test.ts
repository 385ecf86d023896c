// Which batches the database keeps, and what it says of their rows.

import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { MOST_BATCHES } from '../../src/batches/batch-store.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import type { Outcome } from '../../src/submissions/journal.ts';
import { temporaryFolder } from '../support/desk.ts';
import { ACCOUNT_ID, INTENT, OTHER_ACCOUNT_ID } from '../support/samples.ts';

const ROWS = JSON.stringify([{ request: INTENT.request, keySource: 'own' }]);
const UNKNOWN: Outcome = { result: 'unknown', codes: [], reconciled: true };

function open(): Storage {
  const storage = openStorage(temporaryFolder());
  onTestFinished(() => storage.close());
  return storage;
}

/** Begins a batch of one row, and returns its ID. */
async function beginIn({ batches }: Storage, accountId = ACCOUNT_ID): Promise<string> {
  const id = randomUUID();
  await batches.begin(
    accountId,
    { id, source: { kind: 'pasted', name: '' }, bodyHash: 'h', rows: ROWS },
    INTENT.person,
  );
  return id;
}

/** Has the row sent, with this outcome if there is one; returns the ID of its intent. */
async function trySending({ batches, journal }: Storage, batchId: string, outcome?: Outcome): Promise<number> {
  const key = randomUUID();
  await batches.claim({ accountId: ACCOUNT_ID, batchId, number: 1 }, key, INTENT.request);
  const begun = await journal.begin({ ...INTENT, idempotency: { key, fingerprint: 'f' } });
  if (begun.kind !== 'begun') throw new Error('the key was new');
  if (outcome !== undefined) await journal.finish(begun.id, outcome);
  return begun.id;
}

async function idsIn({ batches }: Storage, accountId = ACCOUNT_ID): Promise<string[]> {
  const ids: string[] = [];
  for await (const slice of batches.all(accountId)) ids.push(...slice.map(({ id }) => id));
  return ids;
}

it(`keeps the ${MOST_BATCHES} of an account that were begun last, and older ones until their outcomes are known`, async () => {
  const storage = open();
  const elsewhere = await beginIn(storage, OTHER_ACCOUNT_ID);
  const [untouched, created, unknown, underWay] = [
    await beginIn(storage),
    await beginIn(storage),
    await beginIn(storage),
    await beginIn(storage),
  ];
  await trySending(storage, created, { result: 'created', codes: [], reconciled: false, resourceId: 'r' });
  const open1 = await trySending(storage, unknown, UNKNOWN);
  const open2 = await trySending(storage, underWay);
  const newer = await Promise.all(Array.from({ length: MOST_BATCHES - 2 }, () => beginIn(storage)));
  // Of six more than may be kept two are open.
  const kept = await idsIn(storage);
  expect(new Set(kept)).toEqual(new Set([...newer, unknown, underWay]));
  expect(kept).not.toContain(untouched);
  await beginIn(storage);
  expect(await idsIn(storage)).toHaveLength(MOST_BATCHES + 1);

  await storage.journal.finish(open1, { ...UNKNOWN, result: 'not-created' });
  await storage.journal.finish(open2, { result: 'refused', codes: [1001], reconciled: false });
  await beginIn(storage);
  expect(await idsIn(storage)).toHaveLength(MOST_BATCHES);
  expect(await idsIn(storage, OTHER_ACCOUNT_ID)).toEqual([elsewhere]);
  expect((await storage.batches.rows(ACCOUNT_ID, created).next()).value).toEqual([]);
});

it.each<[state: string, result: Outcome['result'] | undefined]>([
  ['under-way', undefined],
  ['created', 'created'],
  ['not-created', 'refused'],
  ['not-created', 'not-created'],
  ['unknown', 'unknown'],
  ['unknown', 'interrupted'],
])('says that a row is %s whose last outcome is %s', async (state, result) => {
  const storage = open();
  const id = await beginIn(storage);
  const intent = await trySending(storage, id);
  // The last one counts.
  if (result !== undefined) {
    await storage.journal.finish(intent, UNKNOWN);
    await storage.journal.finish(intent, { ...UNKNOWN, result });
  }
  expect((await storage.batches.rows(ACCOUNT_ID, id).next()).value).toMatchObject([{ number: 1, state }]);
  expect(await storage.batches.summary(ACCOUNT_ID, id)).toMatchObject({ counts: { [state]: 1, 'not-tried': 0 } });
  const isFree = state === 'not-created';
  const claim = storage.batches.claim({ accountId: ACCOUNT_ID, batchId: id, number: 1 }, randomUUID(), {});
  expect(await claim).toBe(isFree ? 'claimed' : 'tried');
});

it('gives a name and a source back as they were, whatever is in them', async () => {
  const { batches } = open();
  const id = randomUUID();
  const name = '\ud800 \u0000 \u2028 "quoted".csv';
  const begun = { id, source: { kind: 'file', name }, bodyHash: 'h', rows: ROWS } as const;
  await batches.begin(ACCOUNT_ID, begun, { id: 'u', name });
  expect(await batches.find(ACCOUNT_ID, id)).toMatchObject({ source: { kind: 'file', name }, personName: name });
});

it('gives a request back as it was, whatever is in it', async () => {
  const { batches } = open();
  const id = randomUUID();
  const request = {
    name: '\ud800 \u0000 \u2028 "quoted"',
    bgp: { customer_asn: 4_294_967_295 },
    replay_protection: true,
  };
  const rows = JSON.stringify([{ request, keySource: 'own' }]);
  await batches.begin(ACCOUNT_ID, { id, source: { kind: 'pasted', name: '' }, bodyHash: 'h', rows }, INTENT.person);
  expect((await batches.rows(ACCOUNT_ID, id).next()).value).toMatchObject([{ request }]);
  await batches.claim({ accountId: ACCOUNT_ID, batchId: id, number: 1 }, randomUUID(), request);
  expect((await batches.rows(ACCOUNT_ID, id).next()).value).toMatchObject([{ request }]);
});
