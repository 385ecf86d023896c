// What happened to a tunnel: how its state turned, and what was done to it, on one axis of time.

import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import type { HealthHistory } from '@tunnel-desk/shared/api/health';
import { type CellState, meanOf, placeOn, type Strip, stripsOf } from '@tunnel-desk/shared/health/strip';
import { whatWasDone } from '../../../audit/words.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The strip over all data centres with traffic, as Cloudflare averages them; over all that probe it where it is idle. */
export function overallStrip(history: HealthHistory): Strip | undefined {
  const { locations, everywhere } = history;
  const mean = everywhere.map((_, index) => meanOf(locations.map(({ buckets }) => buckets[index] ?? null)));
  return stripsOf({ ...history, locations: [], everywhere: locations.length === 0 ? everywhere : mean })[0];
}

/** What was done to the tunnel, or may have been. */
export interface Change {
  /** When it was done, in milliseconds since the epoch. */
  readonly at: number;
  readonly entry: AuditEntry;
}

const NOT_CHANGES = new Set(['validated', 'not-validated', 'refused']);

/** The oldest first; what changed nothing is not among them. */
export function changesOf(entries: readonly AuditEntry[], from: number): Change[] {
  return entries
    .filter(({ action, outcome }) => {
      if (action.startsWith('validate')) return false;
      return outcome === null || !(NOT_CHANGES.has(outcome.result) || outcome.result.startsWith('not-'));
    })
    .map((entry) => ({ at: Date.parse(entry.outcome?.at ?? entry.at), entry }))
    .filter(({ at }) => at >= from)
    .sort((one, other) => one.at - other.at);
}

/** What somebody did, after their name: "generated a key for it", "gave it a new key". */
export function changeWords({ action, request, outcome }: Change['entry']): string {
  const isNewKey = action === 'update' && outcome?.result === 'updated' && request['psk'] !== undefined;
  return isNewKey ? 'gave it a new key' : `${whatWasDone({ action, outcome })} it`;
}

/** Changes that stand so close together that they share a mark. */
export interface Mark {
  /** From 0 to 1. */
  readonly place: number;
  /** "A", or "A–C". */
  readonly label: string;
}

/** In the share of the axis: labels that are closer would overlap. */
const MARK_DISTANCE = 0.05;

/** The marks of changes on the axis; one that is younger than the newest measurement stands at its end. */
export function marksOf(changes: readonly Change[], axis: { readonly from: number; readonly until: number }): Mark[] {
  const groups: { place: number; first: number; last: number }[] = [];
  for (const [index, { at }] of changes.entries()) {
    const place = placeOn(axis, Math.min(at, axis.until)) ?? 0;
    const group = groups.at(-1);
    if (group !== undefined && place - group.place < MARK_DISTANCE) group.last = index;
    else groups.push({ place, first: index, last: index });
  }
  return groups.map(({ place, first, last }) => ({
    place,
    label: first === last ? letterOf(first) : `${letterOf(first)}–${letterOf(last)}`,
  }));
}

/** A to Z, then AA to AZ and on. */
export function letterOf(index: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (index % 26));
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter;
}

/** The state turned in the bucket from `at` until `until`. */
export interface Turn {
  readonly at: number;
  readonly until: number;
  readonly from: CellState;
  readonly to: CellState;
}

/** A gap of so few buckets is none: the newest are yet to come, and a measurement may be missing. */
const GAP_BUCKETS = 2;

export function turnsOf({ spans }: Strip, bucketMs: number): Turn[] {
  const measured = spans.filter(({ state, length }) => state !== 'no-data' || length > GAP_BUCKETS);
  return measured.flatMap((span, index) => {
    const before = measured[index - 1];
    if (before === undefined || before.state === span.state) return [];
    return [{ at: span.from, until: span.from + bucketMs, from: before.state, to: span.state }];
  });
}

export function turnWords({ from, to }: Turn): string {
  if (to === 'no-data') return 'Was not measured any more';
  if (from === 'no-data') return `Was measured: ${to}`;
  switch (to) {
    case 'down':
      return 'Went down';
    case 'degraded':
      return from === 'down' ? 'Came up, degraded' : 'Became degraded';
    case 'healthy':
      return 'Became healthy';
  }
}

export type HealthEvent =
  | { readonly kind: 'turn'; readonly turn: Turn }
  | { readonly kind: 'change'; readonly change: Change; readonly letter: string };

/** The newest first. Of what falls into the bucket of a turn nobody knows which was first: a change is told as its cause. */
export function eventsOf(turns: readonly Turn[], changes: readonly Change[]): HealthEvent[] {
  const events = [
    ...turns.map((turn) => ({ at: turn.until, event: { kind: 'turn', turn } as const })),
    ...changes.map((change, index) => ({
      at: change.at,
      event: { kind: 'change', change, letter: letterOf(index) } as const,
    })),
  ];
  return events.sort((one, other) => other.at - one.at).map(({ event }) => event);
}

/** Why there is nothing before the first measurement under the tunnel's name. */
export type Beginning =
  | { readonly kind: 'renamed'; readonly formerName: string }
  | { readonly kind: 'created' }
  | { readonly kind: 'not-known' };

export function beginningOf(
  firstMeasuredAt: number,
  createdOn: string | undefined,
  entries: readonly AuditEntry[],
): Beginning {
  const isThen = (moment: number) => Math.abs(moment - firstMeasuredAt) < HOUR_MS;
  for (const { at, entry } of changesOf(entries, firstMeasuredAt - HOUR_MS)) {
    const formerName = entry.before?.['name'];
    const { name } = entry.request;
    if (typeof formerName === 'string' && typeof name === 'string' && formerName !== name && isThen(at)) {
      return { kind: 'renamed', formerName };
    }
  }
  return createdOn !== undefined && isThen(Date.parse(createdOn)) ? { kind: 'created' } : { kind: 'not-known' };
}
