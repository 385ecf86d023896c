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
  /** The IATA code of the data centre; absent for all of them together. */
  readonly code: string | undefined;
  readonly city: string | undefined;
  /** Over the whole strip; `no-data` where nothing was measured. */
  readonly state: CellState;
  /** From left to right; to be drawn as one rectangle each. */
  readonly spans: readonly StripSpan[];
}

const MINUTE_MS = 60_000;

/** The strips of a history, the worst data centre first; of an idle tunnel the one over all data centres. */
export function stripsOf({ start, bucketMinutes, locations, everywhere }: HealthHistory): Strip[] {
  const spans = (buckets: readonly (number | null)[]) =>
    spansOf(buckets.map(cellState), Date.parse(start), bucketMinutes * MINUTE_MS);
  if (locations.length === 0) {
    return [{ code: undefined, city: undefined, state: cellState(meanOf(everywhere)), spans: spans(everywhere) }];
  }
  return locations.map(({ code, city, score, buckets }) => ({
    code,
    city,
    state: healthStateOf(score),
    spans: spans(buckets),
  }));
}

/** The mean of those that are there; `null` where none is. */
export function meanOf(buckets: readonly (number | null)[]): number | null {
  const scores = buckets.filter((score) => score !== null);
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
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
