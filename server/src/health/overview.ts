// The one query about all tunnels of an account. It is bounded whatever the account has: of tunnels and of data centres the
// worst come first, and what does not fit is the best.

import type { TunnelHealth } from '@tunnel-desk/shared/api/health';
import type { Bucket } from '@tunnel-desk/shared/health/since';
import { healthStateOf } from '@tunnel-desk/shared/health/states';
import { z } from 'zod';
import type { GraphqlQuery } from '../cloudflare/graphql.ts';
import {
  accountDataSchema,
  accountQuery,
  type GroupsPart,
  type GroupsRow,
  MAX_ROWS,
  rowsSchema,
  toTime,
} from './groups.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What a tunnel's state is averaged over. */
const WINDOW_MS = 5 * MINUTE_MS;
/** How far back the newest measurement is looked for. */
const NEWEST_WITHIN_MS = 15 * MINUTE_MS;
/** Of the data centres: enough for those that are not well, which is what they are for. */
const MAX_LOCATION_ROWS = 5_000;

/** What is looked at of the past of some tunnels, to know since when: so many that it fits into the rows of a part each. */
export const MAX_NAMES = 25;
const MINUTES_BACK = 180;
/** A week, which is all that Cloudflare gives in one query. */
const HOURS_BACK = 7 * 24;

export interface OverviewRequest {
  readonly accountId: string;
  /** Of Cloudflare's measurements, in milliseconds since the epoch: the newest there are. */
  readonly now: number;
  /** At most {@link MAX_NAMES} whose past is to be looked at. */
  readonly names: readonly string[];
}

/** What was measured of tunnels before, by their names. */
export interface Past {
  readonly minutes: ReadonlyMap<string, readonly Bucket[]>;
  readonly hours: ReadonlyMap<string, readonly Bucket[]>;
}

export interface Overview {
  /** The minute of the newest measurement, in milliseconds since the epoch. */
  readonly newest: number | undefined;
  /** The worst first. */
  readonly tunnels: readonly Omit<TunnelHealth, 'since'>[];
  readonly leftOut: readonly ('tunnels' | 'locations')[];
  /** Of the names that were asked for; absent where it did not come. */
  readonly past: Past | undefined;
}

export function overviewQuery({ accountId, now, names }: OverviewRequest): GraphqlQuery<Overview> {
  const looksBack = names.length > 0;
  const minutesStart = (Math.ceil(now / MINUTE_MS) - MINUTES_BACK) * MINUTE_MS;
  const hoursEnd = Math.ceil(now / HOUR_MS) * HOUR_MS;
  const hoursStart = hoursEnd - HOURS_BACK * HOUR_MS;
  return {
    text: accountQuery(
      ['$newestStart: Time!', '$start: Time!', ...(looksBack ? PAST_VARIABLES : [])],
      [...PRESENT_PARTS, ...(looksBack ? PAST_PARTS : [])],
    ),
    variables: {
      accountTag: accountId,
      newestStart: toTime(now - NEWEST_WITHIN_MS),
      start: toTime(now - WINDOW_MS),
      ...(looksBack && {
        names,
        minutesStart: toTime(minutesStart),
        hoursStart: toTime(hoursStart),
        hoursEnd: toTime(hoursEnd),
      }),
    },
    data: overviewSchema,
  };
}

const TUNNEL = { limit: MAX_ROWS, orderBy: 'avg_tunnelState_ASC', dimensions: ['tunnelName'] } as const;

const PRESENT_PARTS: readonly GroupsPart[] = [
  {
    alias: 'newest',
    filter: 'datetime_geq: $newestStart',
    limit: 1,
    orderBy: 'datetimeMinute_DESC',
    dimensions: ['datetimeMinute'],
  },
  // What counts is what data centres with traffic for the tunnel see; where there is none, what the others see.
  { alias: 'tunnels', filter: 'active: 1, datetime_geq: $start', ...TUNNEL },
  { alias: 'idle', filter: 'active: 0, datetime_geq: $start', ...TUNNEL },
  {
    alias: 'locations',
    filter: 'active: 1, datetime_geq: $start',
    ...TUNNEL,
    limit: MAX_LOCATION_ROWS,
    dimensions: ['tunnelName', 'edgeColoCode'],
  },
];

const PAST_VARIABLES = ['$names: [string!]!', '$minutesStart: Time!', '$hoursStart: Time!', '$hoursEnd: Time!'];

const PAST_PARTS: readonly GroupsPart[] = [
  {
    alias: 'minutes',
    filter: 'tunnelName_in: $names, datetime_geq: $minutesStart',
    limit: MAX_ROWS,
    orderBy: 'datetimeMinute_DESC',
    dimensions: ['tunnelName', 'active', 'datetimeMinute'],
  },
  {
    alias: 'hours',
    filter: 'tunnelName_in: $names, datetime_geq: $hoursStart, datetime_lt: $hoursEnd',
    limit: MAX_ROWS,
    orderBy: 'datetimeHour_DESC',
    dimensions: ['tunnelName', 'active', 'datetimeHour'],
  },
];

const overviewSchema = accountDataSchema({
  newest: rowsSchema,
  tunnels: rowsSchema,
  idle: rowsSchema,
  locations: rowsSchema,
  minutes: rowsSchema,
  hours: rowsSchema,
}).transform(overviewOf);

type Parts = Readonly<
  Record<'newest' | 'tunnels' | 'idle' | 'locations' | 'minutes' | 'hours', GroupsRow[] | undefined>
>;

/** Without the tunnels themselves it is none; any other part may be missing. */
function overviewOf({ newest, tunnels, idle, locations, minutes, hours }: Parts, context: z.RefinementCtx): Overview {
  if (tunnels === undefined) {
    context.addIssue('without tunnels');
    return z.NEVER;
  }
  const idleRows = idle ?? [];
  const isCut = [tunnels, idleRows].some(({ length }) => length >= MAX_ROWS);
  const leftOut = [
    ...(idle === undefined || isCut ? (['tunnels'] as const) : []),
    ...(locations === undefined || locations.length >= MAX_LOCATION_ROWS ? (['locations'] as const) : []),
  ];
  return {
    newest: newest?.[0]?.at,
    tunnels: tunnelsOf(tunnels, idleRows, locations ?? []),
    leftOut,
    past: minutes && hours && { minutes: bucketsByName(minutes), hours: bucketsByName(hours) },
  };
}

function tunnelsOf(active: readonly GroupsRow[], idle: readonly GroupsRow[], locations: readonly GroupsRow[]) {
  const counts = new Map<string, { down: number; degraded: number; healthy: number }>();
  for (const { tunnelName, score } of locations) {
    if (tunnelName === undefined) continue;
    const count = counts.get(tunnelName) ?? { down: 0, degraded: 0, healthy: 0 };
    count[healthStateOf(score)]++;
    counts.set(tunnelName, count);
  }
  const scores = new Map<string, Omit<TunnelHealth, 'since'>>();
  for (const [rows, isIdle] of [
    [active, false],
    [idle, true],
  ] as const) {
    for (const { tunnelName: name, score } of rows) {
      if (name === undefined || scores.has(name)) continue;
      const locationsOfIt = counts.get(name);
      scores.set(name, {
        name,
        state: healthStateOf(score),
        score,
        ...(isIdle && { isIdle }),
        ...(locationsOfIt && { locations: locationsOfIt }),
      });
    }
  }
  return [...scores.values()].sort((one, other) => one.score - other.score);
}

/** Where a data centre had traffic in a bucket, only those that had count. */
function bucketsByName(rows: readonly GroupsRow[]): Past['hours'] {
  const byName = new Map<string, Map<number, Bucket>>();
  // The active ones last, so that they replace the others.
  for (const { tunnelName: name, at, score } of rows.toSorted(byActivity)) {
    if (name === undefined || at === undefined) continue;
    const buckets = byName.get(name) ?? new Map<number, Bucket>();
    byName.set(name, buckets.set(at, { at, score }));
  }
  return new Map([...byName].map(([name, buckets]) => [name, [...buckets.values()]]));
}

function byActivity({ active: one = 0 }: GroupsRow, { active: other = 0 }: GroupsRow): number {
  return one - other;
}
