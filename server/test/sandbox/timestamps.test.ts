// Cloudflare's timestamps.

import { expect, it } from 'vitest';
import { formatTimestamp, timestamps } from '../../src/sandbox/timestamps.ts';

const NOW = Date.parse('2025-03-13T14:28:47.054Z');

it('are RFC 3339 in UTC, with nanoseconds', () => {
  expect(formatTimestamp(NOW, 317_925)).toBe('2025-03-13T14:28:47.054317925Z');
  expect(formatTimestamp(NOW, 7)).toBe('2025-03-13T14:28:47.054000007Z');
});

it('follow the clock', () => {
  expect(timestamps(() => NOW)()).toMatch(/^2025-03-13T14:28:47\.054\d{6}Z$/);
});

it.each([
  ['stands', 0],
  ['goes back', -5],
])('only ever grow, even while the clock %s', (_what, step) => {
  let now = NOW;
  const tell = timestamps(() => now);
  const told = Array.from({ length: 1000 }, () => {
    now += step;
    return tell();
  });
  expect(new Set(told).size).toBe(1000);
  expect(told.toSorted()).toEqual(told);
});
