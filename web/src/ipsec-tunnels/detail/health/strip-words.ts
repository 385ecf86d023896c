// What is said of a strip and of the moments on it, in the person's own time.

import type { HistoryRange } from '@tunnel-desk/shared/health/ranges';
import type { CellState, Strip } from '@tunnel-desk/shared/health/strip';

export const RANGE_WORDS: Readonly<Record<HistoryRange, string>> = {
  hour: 'Last hour',
  day: 'Last day',
  week: 'Last week',
};

/** "AMS Amsterdam"; a strip without a code is that of all data centres. */
export function nameOf({ code, city }: Pick<Strip, 'code' | 'city'>): string {
  if (code === undefined) return 'All data centres';
  return city === undefined ? code : `${code} ${city}`;
}

export function stateAt({ spans }: Strip, at: number): CellState {
  return spans.find(({ from, until }) => at >= from && at < until)?.state ?? 'no-data';
}

/** The state that it has got to: of the newest bucket, or of the one before while that is not measured yet. */
export function lastState({ spans }: Strip): CellState {
  const last = spans.at(-1);
  const isYetToCome = last?.state === 'no-data' && last.length <= 2;
  return (isYetToCome ? spans.at(-2)?.state : last?.state) ?? 'no-data';
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' });

/** A moment on the axis of a range. */
export function formatTick(range: HistoryRange, at: number): string {
  return (range === 'week' ? DAY : CLOCK).format(at);
}

/** A moment within a range: with its day where there is more than one. */
export function formatMoment(range: HistoryRange, at: number): string {
  return range === 'hour' ? CLOCK.format(at) : `${DAY.format(at)}, ${CLOCK.format(at)}`;
}

/** A bucket: its minute, or from when to when it is. */
export function formatBucket(range: HistoryRange, from: number, until: number): string {
  return range === 'hour' ? formatMoment(range, from) : `${formatMoment(range, from)} to ${CLOCK.format(until)}`;
}

/** The zone that the times are in, as "GMT+1". */
export function zoneName(at: number): string {
  return ZONE.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

const ZONE = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' });
