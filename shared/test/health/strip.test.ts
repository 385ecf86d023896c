import { expect, it } from 'vitest';
import type { HealthHistory } from '../../src/api/health.ts';
import { axisOf, placeOn, stripsOf } from '../../src/health/strip.ts';

const START = Date.parse('2026-11-30T02:00:00Z');
const HOUR_MS = 3_600_000;

const HISTORY: HealthHistory = {
  checkedAt: '2026-11-30T06:00:00.000Z',
  name: 'branch-1',
  range: 'week',
  start: '2026-11-30T02:00:00.000Z',
  bucketMinutes: 60,
  locations: [
    { code: 'AMS', city: 'Amsterdam', score: 0.25, buckets: [1, 0, 0, null] },
    { code: 'FRA', score: 1, buckets: [1, 1, 1, 1] },
  ],
  everywhere: [1, 0.5, 0.5, 1],
  isCutShort: false,
};

it('makes a strip of every data centre, with cells of one state on end as one span', () => {
  expect(stripsOf(HISTORY)).toEqual([
    {
      code: 'AMS',
      city: 'Amsterdam',
      state: 'down',
      spans: [
        { state: 'healthy', from: START, until: START + HOUR_MS, length: 1 },
        { state: 'down', from: START + HOUR_MS, until: START + 3 * HOUR_MS, length: 2 },
        { state: 'no-data', from: START + 3 * HOUR_MS, until: START + 4 * HOUR_MS, length: 1 },
      ],
    },
    {
      code: 'FRA',
      city: undefined,
      state: 'healthy',
      spans: [{ state: 'healthy', from: START, until: START + 4 * HOUR_MS, length: 4 }],
    },
  ]);
});

it('makes one strip over all data centres where none had traffic', () => {
  const idle = { ...HISTORY, locations: [], everywhere: [null, 0, 0, 0] };
  expect(stripsOf(idle)).toEqual([
    {
      code: undefined,
      city: undefined,
      state: 'down',
      spans: [
        { state: 'no-data', from: START, until: START + HOUR_MS, length: 1 },
        { state: 'down', from: START + HOUR_MS, until: START + 4 * HOUR_MS, length: 3 },
      ],
    },
  ]);
  expect(stripsOf({ ...idle, everywhere: [null] })).toMatchObject([{ state: 'no-data' }]);
});

it('places what happened to the tunnel on the same axis', () => {
  const axis = axisOf(HISTORY);
  const day = 24 * HOUR_MS;
  expect(axis).toEqual({ from: START, until: START + 7 * day });
  expect(placeOn(axis, START + 3.5 * day)).toBe(0.5);
  expect(placeOn(axis, START - 1)).toBeUndefined();
  expect(placeOn(axis, START + 7 * day + 1)).toBeUndefined();
});
