import type { BatchRow } from '@tunnel-desk/shared/api/batches';
import { describe, expect, test } from 'vitest';
import { fileName } from '../src/ipsec-tunnels/batch/batch-files.ts';
import { holdersTriedElsewhere, holdRowKey, lacksKey, noteSentKey } from '../src/ipsec-tunnels/batch/batch-keys.ts';
import { countsInWords } from '../src/ipsec-tunnels/batch/batch-words.ts';
import { missingKeys } from '../src/ipsec-tunnels/batch/key-requests.tsx';
import {
  countRows,
  pairsAmong,
  type RowToSend,
  type SentRow,
  shownRows,
} from '../src/ipsec-tunnels/batch/shown-rows.ts';
import { isUnfinished } from '../src/ipsec-tunnels/list/unfinished-batch.tsx';
import type { Failure } from '../src/submission/outcome.ts';
import type { ManyState } from '../src/submission/run-many.ts';

const TUNNEL = { id: 'made', name: 'branch', cloudflare_endpoint: '198.51.100.1', interface_address: '10.0.0.0/31' };
const FAILURE: Failure = {
  kind: 'failed',
  title: 'Cloudflare refused this tunnel.',
  effect: 'none',
  whatNow: '',
  fieldErrors: [{ field: 'bgp/customer_asn', message: 'is reserved' }],
  details: ['something else (1001)'],
};

function batchRow(number: number, parts: Partial<BatchRow> = {}): BatchRow {
  return { number, request: { name: `branch-${number}` }, keySource: 'later', state: 'not-tried', ...parts };
}

function shownInRun(row: BatchRow, state: ManyState<SentRow>, request: object = row.request) {
  const item: RowToSend = { row, request };
  return shownRows([row], [{ item, state }])[0];
}

describe('a row', () => {
  test.each<[string, ManyState<SentRow>, string]>([
    ['that is sent', { kind: 'sending' }, 'under-way'],
    ['that was created', { kind: 'done', result: { kind: 'created', tunnel: TUNNEL } }, 'created'],
    ['that was refused', { kind: 'refused', failure: FAILURE }, 'not-created'],
    ['that was looked for and is not there', { kind: 'not-done', failure: FAILURE }, 'not-created'],
    ['whose outcome is not known', { kind: 'unknown', failure: FAILURE }, 'unknown'],
    ['that waits', { kind: 'waiting' }, 'not-tried'],
  ])('%s shows what this browser knows', (_, state, shown) => {
    expect(shownInRun(batchRow(1), state)?.state).toBe(shown);
  });

  test.each<[string, ManyState<SentRow>]>([
    ['another browser sent before', { kind: 'done', result: { kind: 'elsewhere' } }],
    ['is not sent by this run', { kind: 'stopped' }],
    ['waits, and was made elsewhere meanwhile', { kind: 'waiting' }],
    ['was refused, and made elsewhere since', { kind: 'refused', failure: FAILURE }],
    ['was not known, and was found by the desk', { kind: 'unknown', failure: FAILURE }],
  ])('that %s shows what the desk says', (_, state) => {
    const shown = shownInRun(batchRow(1, { state: 'created', tunnelId: 'elsewhere' }), state);
    expect(shown).toMatchObject({ state: 'created', tunnelId: 'elsewhere' });
  });

  test('that was not created says why, at its cells', () => {
    expect(shownInRun(batchRow(1), { kind: 'refused', failure: FAILURE })?.errors).toEqual([
      { field: 'bgp.customer_asn', message: 'is reserved' },
      { field: undefined, message: 'something else (1001)' },
    ]);
    const [kept] = shownRows([
      batchRow(1, {
        state: 'not-created',
        errors: [{ code: 1001, message: 'is reserved', source: { pointer: '/bgp/customer_asn' } }],
      }),
    ]);
    expect(kept?.errors).toEqual([{ field: 'bgp.customer_asn', message: 'is reserved (1001)' }]);
  });

  test('that is tried again has the name that it was given', () => {
    const row = batchRow(1, { state: 'not-created' });
    expect(shownInRun(row, { kind: 'waiting' }, { name: 'other' })).toMatchObject({
      name: 'other',
      state: 'not-tried',
    });
  });
});

test('counts what became of the rows, in words', () => {
  const rows = shownRows([
    batchRow(1, { state: 'created' }),
    batchRow(2, { state: 'created' }),
    batchRow(3, { state: 'not-created' }),
    batchRow(4),
    batchRow(5, { state: 'unknown' }),
  ]);
  expect(countsInWords(countRows(rows))).toBe('2 of 5 created, 1 not, 1 not known, 1 not tried');
});

test('asks for a shared key once, and says which tunnel has it already', () => {
  const rows = shownRows([
    batchRow(1, { keySource: 'generated', state: 'created' }),
    batchRow(2, { keySource: 'generated', sharesKeyWith: 1 }),
    batchRow(3, { keySource: 'own' }),
    batchRow(4, { keySource: 'own', sharesKeyWith: 3 }),
    batchRow(5),
  ]);
  const asked = missingKeys(rows, ({ row, state }) => row.keySource !== 'later' && state === 'not-tried');
  expect(asked.map(({ holder, rows, madeAs }) => [holder, rows.map(({ name }) => name), madeAs])).toEqual([
    [1, ['branch-2'], 'branch-1'],
    [3, ['branch-3', 'branch-4'], undefined],
  ]);
});

test('knows the two tunnels of one router, where both were created', () => {
  const created = (importRow: number | undefined, tunnelId: string) =>
    ({ state: 'created', importRow, tunnelId }) as const;
  const rows = shownRows([
    batchRow(1, created(5, 'a-1')),
    batchRow(2, created(2005, 'a-2')),
    batchRow(3, created(6, 'b-1')),
    batchRow(4, { importRow: 2006 }),
    batchRow(5, created(undefined, 'c')),
    batchRow(6, created(undefined, 'd')),
  ]);
  expect([...pairsAmong(rows)]).toEqual([
    ['a-2', 'a-1'],
    ['a-1', 'a-2'],
  ]);
});

test.each([
  ['branches.csv', 'branches-result.csv'],
  ['', 'batch-result.csv'],
  ['../../Büros Süd (neu).xlsx', 'Büros-Süd-neu--result.csv'],
])('names the file of a batch of %j %j', (source, name) => {
  expect(fileName(source, 'result')).toBe(name);
});

describe('a key that rows share', () => {
  const second = batchRow(2, { keySource: 'generated', sharesKeyWith: 1 });
  const lacksIt = (batchId: string, idempotencyKey: string) => {
    const first = batchRow(1, { keySource: 'generated', state: 'created', idempotencyKey });
    return lacksKey(batchId, second, holdersTriedElsewhere([first, second]));
  };

  test('and that was generated here is asked for once another browser has created one of them', () => {
    holdRowKey('generated-here', 1, { psk: 'another', source: 'generated' });
    expect(lacksIt('generated-here', 'sent elsewhere')).toBe(true);
    expect(lacksKey('generated-here', second, holdersTriedElsewhere([batchRow(1), second]))).toBe(false);
    holdRowKey('generated-here', 1, { psk: 'the original', source: 'own' });
    expect(lacksIt('generated-here', 'sent elsewhere')).toBe(false);
  });

  test('is not where this browser created it', () => {
    const key = { psk: 'the original', source: 'generated' } as const;
    holdRowKey('created-here', 1, key);
    noteSentKey('sent here', key);
    expect(lacksIt('created-here', 'sent here')).toBe(false);
  });
});

describe('a batch that is not finished', () => {
  const NONE = { created: 0, 'not-created': 0, unknown: 0, 'under-way': 0, 'not-tried': 0 };
  const now = new Date();
  const longAgo = new Date(now.getTime() - 25 * 60 * 60 * 1000);

  test.each([
    ['rows that nobody tried', { 'not-tried': 1 }, now, true],
    ['rows that were left untried for a day, on purpose', { 'not-tried': 1 }, longAgo, false],
    ['a row that nobody knows about, however long', { unknown: 1 }, longAgo, true],
    ['all rows created or not', { created: 2, 'not-created': 1 }, now, false],
  ])('with %s', (_why, counts, createdAt, expected) => {
    const batch = { id: 'b', source: { kind: 'file' as const, name: 'a.csv' }, personName: 'ada' };
    expect(isUnfinished({ ...batch, createdAt: createdAt.toISOString(), counts: { ...NONE, ...counts } })).toBe(
      expected,
    );
  });
});
