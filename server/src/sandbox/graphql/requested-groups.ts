// What a field of a query asks of the sandbox's measurements: which of them, grouped by what, and in which order.

import { MINUTE_MS, type Probe, type Series } from './measurements.ts';
import { type Field, type Input, isInput, QueryError, type Value } from './query.ts';

const MAX_ROWS = 10_000;
const MAX_RANGE_MS = 7 * 24 * 60 * MINUTE_MS;

/** In minutes. */
const BUCKETS: ReadonlyMap<string, number> = new Map([
  ['datetimeMinute', 1],
  ['datetimeFiveMinutes', 5],
  ['datetimeFifteenMinutes', 15],
  ['datetimeHalfOfHour', 30],
  ['datetimeHour', 60],
]);

type PlaceOf = (series: Series, probe: Probe) => string | number;

const PLACES: ReadonlyMap<string, PlaceOf> = new Map<string, PlaceOf>([
  ['tunnelName', ({ name }) => name],
  ['active', (_, { isActive }) => (isActive ? 1 : 0)],
  ['edgeColoCode', (_, { location }) => location.code],
  ['edgeColoCity', (_, { location }) => location.city],
]);

/** The averages there are. */
const SCORE = 'avg_tunnelState';

export interface RequestedGroups {
  /** In minutes since the epoch. */
  readonly from: number;
  readonly until: number;
  /** Those of any name when absent. */
  readonly names: ReadonlySet<Value> | undefined;
  /** Those of any data centre when absent. */
  readonly isActive: boolean | undefined;
  /** What the rows are grouped by, beside their bucket. */
  readonly places: readonly { readonly name: string; readonly read: PlaceOf }[];
  /** In minutes; all is in one when absent. */
  readonly bucketMinutes: number | undefined;
  /** A place, a bucket or {@link SCORE}, first the most important. */
  readonly orders: readonly { readonly by: string; readonly isDescending: boolean }[];
  readonly limit: number;
}

/** `now` is in milliseconds since the epoch. Throws a {@link QueryError} about what the sandbox does not know. */
export function requestedGroups({ arguments: given, fields }: Field, now: number): RequestedGroups {
  const { filter, limit, orderBy = [], ...unknown } = given;
  refuseUnknown('argument', Object.keys(unknown), []);
  if (!isInput(filter)) throw new QueryError('filter is required');
  if (typeof limit !== 'number' || limit < 1 || limit > MAX_ROWS) {
    throw new QueryError(`limit must be positive number and not greater than ${MAX_ROWS}`);
  }
  const namesIn = (parts: readonly Field[]) => parts.map(({ name }) => name);
  refuseUnknown('field', namesIn(fields), ['count', 'avg', 'dimensions']);
  const subfields = (parent: string) =>
    fields.flatMap(({ name, fields: inner }) => (name === parent ? namesIn(inner) : []));
  refuseUnknown('field', subfields('avg'), ['tunnelState']);
  const dimensions = subfields('dimensions');
  refuseUnknown('field', dimensions, [...PLACES.keys(), ...BUCKETS.keys()]);
  const [bucketMinutes, ...others] = dimensions.flatMap((name) => BUCKETS.get(name) ?? []);
  if (others.length > 0) throw new QueryError('the sandbox groups by one time only');
  const orders = Array.isArray(orderBy) ? orderBy : [orderBy];
  return {
    ...filterIn(filter, now),
    places: [...PLACES].flatMap(([name, read]) => (dimensions.includes(name) ? { name, read } : [])),
    bucketMinutes,
    orders: orders.map((order) => orderIn(order, [SCORE, ...dimensions])),
    limit,
  };
}

function filterIn(filter: Input, now: number) {
  const {
    datetime_geq: since,
    datetime_lt: until,
    tunnelName: name,
    tunnelName_in: names,
    active,
    ...unknown
  } = filter;
  refuseUnknown('filter', Object.keys(unknown), []);
  const fromMs = Date.parse(String(since));
  const untilMs = until === undefined ? now : Date.parse(String(until));
  if (Number.isNaN(fromMs) || Number.isNaN(untilMs)) throw new QueryError('the filter needs a datetime_geq');
  if (untilMs - fromMs > MAX_RANGE_MS) {
    const seconds = Math.round((untilMs - fromMs) / 1000);
    throw new QueryError(
      `query time range is too large. Time range can't be wider than ${MAX_RANGE_MS / 1000}s, but it's ${seconds}s`,
    );
  }
  const named = name === undefined ? names : [name];
  return {
    from: Math.ceil(fromMs / MINUTE_MS),
    until: Math.ceil(untilMs / MINUTE_MS),
    names: Array.isArray(named) ? new Set(named) : undefined,
    isActive: active === undefined ? undefined : active === 1,
  };
}

/** Such as `avg_tunnelState_ASC`. */
function orderIn(order: Value, known: readonly string[]) {
  const [, by = '', direction] = /^(\w+)_(ASC|DESC)$/.exec(String(order)) ?? [];
  refuseUnknown('orderBy', [by], known);
  return { by, isDescending: direction === 'DESC' };
}

function refuseUnknown(kind: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new QueryError(`unknown ${kind} "${unknown}"`);
}
