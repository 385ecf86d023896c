// The history of one tunnel, from what Cloudflare responds to the strips a page draws.

import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID } from '../support/samples.ts';
import { bucketRows, HOUR_MS, known, MINUTE_MS, type Parts, row, START, startReader } from './support.ts';

const NAME = 'branch-1';

const minutesAt = (edgeColoCode: string, scores: readonly number[], edgeColoCity?: string) =>
  bucketRows(
    scores,
    { end: START, ms: MINUTE_MS, dimension: 'datetimeMinute' },
    { edgeColoCode, ...(edgeColoCity !== undefined && { edgeColoCity }) },
  );

const NOTHING: Parts = { locations: [], everywhere: [], first: [] };

it('has the buckets of each data centre with traffic, the worst first, and of all together', async () => {
  const { reader } = await startReader(() => ({
    parts: {
      locations: [...minutesAt('FRA', [1, 1, 1], 'Frankfurt'), ...minutesAt('AMS', [1, 0])],
      everywhere: minutesAt('', [1, 1, 0.5]),
      first: [row(1, { datetimeMinute: '2026-11-23T02:00:00Z' })],
    },
  }));
  const history = known(await reader.history(ACCOUNT_ID, NAME, 'hour'));
  expect(history).toMatchObject({ name: NAME, range: 'hour', start: '2026-11-30T01:20:00.000Z', bucketMinutes: 1 });
  expect(history.locations.map(({ code, city, score }) => ({ code, city, score }))).toEqual([
    { code: 'AMS', city: undefined, score: 0.5 },
    { code: 'FRA', city: 'Frankfurt', score: 1 },
  ]);
  expect(history.locations[0]?.buckets).toHaveLength(60);
  expect(history.locations[0]?.buckets.slice(-3)).toEqual([null, 1, 0]);
  expect(history.everywhere.slice(-4)).toEqual([null, 1, 1, 0.5]);
  expect(history).toMatchObject({ isCutShort: false });
  expect(history).not.toHaveProperty('firstMeasuredAt');
});

it.each([
  ['hour', 'datetimeMinute', '2026-11-30T01:20:00Z', '2026-11-30T02:20:00Z', 60],
  ['day', 'datetimeFifteenMinutes', '2026-11-29T02:30:00Z', '2026-11-30T02:30:00Z', 96],
  ['week', 'datetimeHour', '2026-11-23T03:00:00Z', '2026-11-30T03:00:00Z', 168],
] as const)(
  'asks for a %s in buckets of %s, of one name and no more than a week',
  async (range, dimension, start, end, count) => {
    const { reader, questions } = await startReader(() => ({ parts: NOTHING }));
    const history = known(await reader.history(ACCOUNT_ID, NAME, range));
    expect(history.everywhere).toEqual(Array(count).fill(null));
    const [question] = questions;
    expect(question?.query).toContain('$name: string!');
    expect(question?.query).toContain(`dimensions { edgeColoCode edgeColoCity ${dimension} }`);
    expect(question?.query).toContain('active: 1, tunnelName: $name, datetime_geq: $start, datetime_lt: $end');
    expect(question?.variables).toEqual({
      accountTag: ACCOUNT_ID,
      ...{ name: NAME, start, end },
      weekStart: '2026-11-23T03:00:00Z',
      weekEnd: '2026-11-30T03:00:00Z',
    });
  },
);

it('says since when there is data under the name, where that is no week: a new tunnel, or a new name', async () => {
  const first = [row(1, { datetimeMinute: '2026-11-29T14:05:00Z' })];
  const { reader } = await startReader(() => ({ parts: { ...NOTHING, first } }));
  expect(await reader.history(ACCOUNT_ID, NAME, 'hour')).toMatchObject({ firstMeasuredAt: '2026-11-29T14:05:00.000Z' });
});

it('says that the oldest buckets are left out where there are too many', async () => {
  const locations = Array.from({ length: 10_000 }, (_, index) =>
    row(1, {
      edgeColoCode: `C${index % 200}`,
      datetimeMinute: new Date(START - Math.floor(index / 200) * MINUTE_MS).toISOString(),
    }),
  );
  const { reader } = await startReader(() => ({ parts: { ...NOTHING, locations } }));
  expect(await reader.history(ACCOUNT_ID, NAME, 'hour')).toMatchObject({ isCutShort: true });
});

it('ignores buckets from before its start and from the future', async () => {
  const at = (ms: number) => row(0, { datetimeMinute: new Date(START + ms).toISOString() });
  const { reader } = await startReader(() => ({
    parts: {
      ...NOTHING,
      everywhere: [at(-2 * HOUR_MS), at(5 * MINUTE_MS), row(0, {}), row(0, { datetimeMinute: 'late' })],
    },
  }));
  expect(known(await reader.history(ACCOUNT_ID, NAME, 'hour')).everywhere).toEqual(Array(60).fill(null));
});

it('is asked for once a minute by all who look at the same', async () => {
  const { reader, questions, clock } = await startReader(() => ({ parts: NOTHING }));
  const ask = () => reader.history(ACCOUNT_ID, NAME, 'hour');
  await Promise.all(Array.from({ length: 50 }, ask));
  expect(questions).toHaveLength(1);
  await reader.history(ACCOUNT_ID, NAME, 'day');
  await reader.history(ACCOUNT_ID, 'branch-2', 'day');
  expect(questions).toHaveLength(3);
  clock.now += MINUTE_MS;
  await ask();
  expect(questions).toHaveLength(4);
});

it('leaves enough of what Cloudflare allows in a minute', async () => {
  const { reader, questions, clock } = await startReader(() => ({ parts: NOTHING }));
  const askForMany = () =>
    Promise.all(Array.from({ length: 40 }, (_, index) => reader.history(ACCOUNT_ID, `branch-${index}`, 'hour')));
  const kinds = (await askForMany()).map(({ kind }) => kind);
  expect(kinds).toEqual([...Array(30).fill('known'), ...Array(10).fill('failed')]);
  expect(questions).toHaveLength(30);
  clock.now += MINUTE_MS;
  expect((await reader.history(ACCOUNT_ID, 'branch-39', 'hour')).kind).toBe('known');
});

describe('when it cannot be read', () => {
  it('names the permission that is missing', async () => {
    const { reader } = await startReader(() => ({ status: 403, body: { data: null, errors: [{ message: 'no' }] } }));
    expect(await reader.history(ACCOUNT_ID, NAME, 'hour')).toMatchObject({
      kind: 'not-permitted',
      permission: 'Account Analytics Read',
    });
  });

  it('says why', async () => {
    const message = 'query time range is too large';
    const { reader } = await startReader(() => ({ body: { data: null, errors: [{ message }] } }));
    expect(await reader.history(ACCOUNT_ID, NAME, 'week')).toMatchObject({
      kind: 'failed',
      reason: 'refused',
      message,
    });
  });

  it('takes a part that is missing for no history', async () => {
    const { reader } = await startReader(() => ({
      parts: { ...NOTHING, everywhere: null },
      errors: [{ message: 'timeout' }],
    }));
    expect(await reader.history(ACCOUNT_ID, NAME, 'hour')).toMatchObject({ kind: 'failed', message: 'timeout' });
  });
});
