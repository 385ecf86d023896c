import { expect, it } from 'vitest';
import { type Bucket, lastRun } from '../../src/health/since.ts';

const MINUTE_MS = 60_000;
const BY_MINUTES = { bucketMs: MINUTE_MS, interruptedBy: 5 };

/** A bucket a minute, from minute 0, written as scores: `h`, `g` for degraded, `d`, and a blank for none. */
function minutes(written: string): Bucket[] {
  const scores: Record<string, number> = { h: 1, g: 0.5, d: 0 };
  return [...written].flatMap((letter, index) => {
    const score = scores[letter];
    return score === undefined ? [] : [{ at: index * MINUTE_MS, score }];
  });
}

it.each([
  ['hhhhhhdd', 6, true, 'it was healthy right before'],
  ['hhhhhhddhdd', 6, true, 'one good minute between is a flutter'],
  ['hhhhhhdddhh', 6, true, 'so are two at the end, where the average is still down'],
  ['gggggggdd', 7, true, 'degraded before is another state'],
  ['ddhhhhhd', 7, true, 'five good minutes interrupt it'],
  ['ddddd', 0, false, 'all there is is down: it may have begun earlier'],
  ['hddddd', 1, true, 'the only minute before shows the beginning'],
  ['dd     dd', 7, false, 'nothing was measured for five minutes before'],
  ['dd  dd', 0, false, 'two minutes without measurements do not end it'],
] as const)('finds the beginning in %j at minute %d, known %s: %s', (written, minute, isBeginningKnown, _why) => {
  expect(lastRun('down', minutes(written), BY_MINUTES)).toEqual({ from: minute * MINUTE_MS, isBeginningKnown });
});

it('lets a single bucket interrupt a run where it is to', () => {
  const byEach = { ...BY_MINUTES, interruptedBy: 1 };
  expect(lastRun('down', minutes('dddhdd'), byEach)).toEqual({ from: 4 * MINUTE_MS, isBeginningKnown: true });
  expect(lastRun('down', minutes('ddd dd'), byEach)).toEqual({ from: 4 * MINUTE_MS, isBeginningKnown: false });
});

it('takes the buckets in any order', () => {
  expect(lastRun('down', minutes('hhhhhhdd').toReversed(), BY_MINUTES)).toEqual({
    from: 6 * MINUTE_MS,
    isBeginningKnown: true,
  });
});

it.each([
  ['', 'there are none'],
  ['hhhhhhhh', 'none is down'],
  ['dddhhhhh', 'it was over five minutes ago'],
])('knows of none in %j: %s', (written) => {
  expect(lastRun('down', minutes(written), BY_MINUTES)).toBeUndefined();
});
