// The one node of Cloudflare's analytics that the sandbox has: measurements of tunnels' health, filtered, grouped and ordered.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredTunnel } from '../tunnel-store.ts';
import { MINUTE_MS, type Probe, probesOf, seriesOf } from './measurements.ts';
import type { Field } from './query.ts';
import { type RequestedGroups, requestedGroups } from './requested-groups.ts';

/** How long the process is kept from anything else at a time, in milliseconds. */
const SLICE_MS = 4;

interface Group {
  readonly place: readonly (string | number)[];
  /** When its bucket begins, in minutes since the epoch. */
  readonly at: number;
  count: number;
  sum: number;
}

/** The rows for the field, as it asks for them; `now` in milliseconds since the epoch. Throws a `QueryError`. */
export async function groupsOf(field: Field, tunnels: readonly StoredTunnel[], now: number): Promise<unknown[]> {
  const requested = requestedGroups(field, now);
  /** By place, and those by their bucket. */
  const groups = new Map<string, Map<number, Group>>();
  let sliceEnd = performance.now() + SLICE_MS;
  for (const tunnel of tunnels) {
    if (hasOneOf(tunnel, requested.names)) addTo(groups, tunnel, requested, now);
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + SLICE_MS;
  }
  await nextTurn();
  const sorted = [...groups.values()].flatMap((ofPlace) => [...ofPlace.values()]).sort(comparator(requested));
  return sorted.slice(0, requested.limit).map((group) => written(group, field, requested));
}

function hasOneOf({ settings, formerNames = [] }: StoredTunnel, names: RequestedGroups['names']): boolean {
  return names === undefined || names.has(settings.name) || formerNames.some(({ name }) => names.has(name));
}

function addTo(
  groups: Map<string, Map<number, Group>>,
  tunnel: StoredTunnel,
  { names, isActive, places, bucketMinutes = Number.POSITIVE_INFINITY, ...range }: RequestedGroups,
  now: number,
): void {
  for (const series of seriesOf(tunnel, now)) {
    const from = Math.max(series.from, range.from);
    const until = Math.min(series.until, range.until);
    if (from >= until || names?.has(series.name) === false) continue;
    for (const probe of probesOf(tunnel, from, until)) {
      if (isActive !== undefined && isActive !== probe.isActive) continue;
      const place = places.map(({ read }) => read(series, probe));
      const key = place.join('\n');
      const ofPlace = groups.get(key) ?? new Map<number, Group>();
      groups.set(key, ofPlace);
      for (let minute = from; minute < until; ) {
        const at = minute - (minute % bucketMinutes);
        const end = Math.min(until, at + bucketMinutes);
        // All is in one bucket where there is none to group by.
        let group = ofPlace.get(at);
        if (group === undefined) {
          group = { place, at, count: 0, sum: 0 };
          ofPlace.set(at, group);
        }
        group.count += end - minute;
        group.sum += sumOf(probe, minute, end);
        minute = end;
      }
    }
  }
}

function sumOf({ steadyScore, scoreAt }: Probe, from: number, until: number): number {
  if (steadyScore !== undefined) return steadyScore * (until - from);
  let sum = 0;
  for (let minute = from; minute < until; minute++) sum += scoreAt(minute);
  return sum;
}

function comparator({ places, orders, bucketMinutes }: RequestedGroups) {
  const keys = orders.map(({ by, isDescending }) => {
    const index = places.findIndex(({ name }) => name === by);
    const isBucket = bucketMinutes !== undefined && by.startsWith('datetime');
    const keyOf = ({ place, at, sum, count }: Group) => place[index] ?? (isBucket ? at : sum / count);
    return { keyOf, sign: isDescending ? -1 : 1 };
  });
  return (one: Group, other: Group): number => {
    for (const { keyOf, sign } of keys) {
      const [left, right] = [keyOf(one), keyOf(other)];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  };
}

function written({ place, at, count, sum }: Group, { fields }: Field, { places }: RequestedGroups): unknown {
  const dimension = (name: string) => {
    const index = places.findIndex((each) => each.name === name);
    return place[index] ?? `${new Date(at * MINUTE_MS).toISOString().slice(0, 19)}Z`;
  };
  const presented = ({ name, fields: inner }: Field): unknown => {
    if (name === 'count') return count;
    const entries = inner.map((each) => [each.alias, name === 'avg' ? sum / count : dimension(each.name)]);
    return Object.fromEntries(entries);
  };
  return Object.fromEntries(fields.map((each) => [each.alias, presented(each)]));
}
