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

export interface RunOptions {
  /** How long a bucket is, in milliseconds. */
  readonly bucketMs: number;
  /** How many buckets of another state on end interrupt a run: fewer pass for a flutter. */
  readonly interruptedBy: number;
}

/**
 * The run of a state that reaches up to the newest buckets, which come in any order; `undefined` where those have another
 * state. Where nothing was measured for as long as would interrupt it, nobody knows what was before.
 */
export function lastRun(
  state: HealthState,
  buckets: readonly Bucket[],
  { bucketMs, interruptedBy }: RunOptions,
): Run | undefined {
  const newestFirst = buckets.toSorted((one, other) => other.at - one.at);
  const end = (newestFirst[0]?.at ?? 0) + bucketMs;
  let from: number | undefined;
  let lastSeen = end;
  for (const { at, score } of newestFirst) {
    if (lastSeen - at > interruptedBy * bucketMs) break;
    lastSeen = at;
    if (healthStateOf(score) === state) from = at;
    else if ((from ?? end) - at >= interruptedBy * bucketMs) break;
  }
  // Even where too few of another state came before it to interrupt it, and nothing was measured before those.
  return from === undefined ? undefined : { from, isBeginningKnown: lastSeen < from };
}
