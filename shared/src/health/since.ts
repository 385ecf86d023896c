// Since when a tunnel has the state it has, from its measurements in buckets.

import { type HealthState, healthStateOf } from './states.ts';

export interface Bucket {
  /** When it begins, in milliseconds since the epoch. */
  readonly at: number;
  readonly score: number;
}

export interface Run {
  /** When its first bucket begins, in milliseconds since the epoch. */
  readonly from: number;
  /** Whether the buckets show what was before, so that it is known to have begun there. */
  readonly isBeginningKnown: boolean;
}

/** How many buckets of another state on end interrupt a run: fewer pass for a flutter. */
const INTERRUPTING_BUCKETS = 5;

/**
 * The run of a state that reaches up to the newest buckets, which come in any order; `undefined` where those have another
 * state. Where nothing was measured for as long as would interrupt it, nobody knows what was before.
 */
export function lastRun(state: HealthState, buckets: readonly Bucket[], bucketMs: number): Run | undefined {
  const newestFirst = buckets.toSorted((one, other) => other.at - one.at);
  const newest = newestFirst[0]?.at;
  if (newest === undefined) return undefined;
  const interruption = INTERRUPTING_BUCKETS * bucketMs;
  let from: number | undefined;
  let lastSeen = newest + bucketMs;
  for (const { at, score } of newestFirst) {
    const isUnmeasured = lastSeen - at > interruption;
    if (isUnmeasured) return from === undefined ? undefined : { from, isBeginningKnown: false };
    lastSeen = at;
    if (healthStateOf(score) === state) from = at;
    else if ((from ?? newest + bucketMs) - at >= interruption) {
      return from === undefined ? undefined : { from, isBeginningKnown: true };
    }
  }
  if (from === undefined) return undefined;
  // Buckets of another state before it, too few to interrupt it, are the oldest there are: they show the beginning all the same.
  return { from, isBeginningKnown: from !== lastSeen };
}
