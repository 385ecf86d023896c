// A tunnel's history as a strip per data centre: the same for the eye, as cells, and for the ear, as spans in a table.

import type { HealthHistory } from '../api/health.ts';
import { RANGE_MINUTES } from './ranges.ts';
import { type HealthState, healthStateOf } from './states.ts';

export type CellState = HealthState | 'no-data';

/** Cells of one state on end. */
export interface StripSpan {
  readonly state: CellState;
  /** In milliseconds since the epoch. */
  readonly from: number;
  /** Where it ends, or has got to. */
  readonly until: number;
  /** How many cells it has. */
  readonly length: number;
}

export interface Strip {
  /** The IATA code of the data centre. */
  readonly code: string;
  readonly city: string | undefined;
  /** Over the whole strip. */
  readonly state: HealthState;
  readonly score: number;
  /** From left to right; to be drawn as one rectangle each. */
  readonly spans: readonly StripSpan[];
}

const MINUTE_MS = 60_000;

/** The strips of a history, in its order: the worst data centre first. */
export function stripsOf({ start, bucketMinutes, locations }: HealthHistory): Strip[] {
  const startMs = Date.parse(start);
  const bucketMs = bucketMinutes * MINUTE_MS;
  return locations.map(({ code, city, score, buckets }) => ({
    code,
    city,
    state: healthStateOf(score),
    score,
    spans: spansOf(buckets.map(cellState), startMs, bucketMs),
  }));
}

/** Where a history begins and ends, in milliseconds since the epoch; what is behind now has no buckets yet. */
export function axisOf({ start, range }: Pick<HealthHistory, 'start' | 'range'>): { from: number; until: number } {
  const from = Date.parse(start);
  return { from, until: from + RANGE_MINUTES[range] * MINUTE_MS };
}

/** Where a moment stands on the axis, from 0 to 1; `undefined` for one beside it. */
export function placeOn({ from, until }: { from: number; until: number }, moment: number): number | undefined {
  return moment < from || moment > until ? undefined : (moment - from) / (until - from);
}

function cellState(score: number | null): CellState {
  return score === null ? 'no-data' : healthStateOf(score);
}

function spansOf(cells: readonly CellState[], startMs: number, cellMs: number): StripSpan[] {
  const spans: StripSpan[] = [];
  for (const [index, state] of cells.entries()) {
    const last = spans.at(-1);
    const until = startMs + (index + 1) * cellMs;
    if (last?.state === state) spans[spans.length - 1] = { ...last, until, length: last.length + 1 };
    else spans.push({ state, from: until - cellMs, until, length: 1 });
  }
  return spans;
}
