// The query about the past of one tunnel, by its name.

import type { HealthHistory, LocationHistory } from '@tunnel-desk/shared/api/health';
import { BUCKET_MINUTES, type HistoryRange, RANGE_MINUTES } from '@tunnel-desk/shared/health/ranges';
import { meanOf } from '@tunnel-desk/shared/health/strip';
import { z } from 'zod';
import type { GraphqlQuery } from '../cloudflare/graphql.ts';
import { accountDataSchema, accountQuery, type GroupsRow, MAX_ROWS, rowsSchema, toTime } from './groups.ts';

const MINUTE_MS = 60_000;
const WEEK_MINUTES = RANGE_MINUTES.week;
/** Of the first measurement that counts as the beginning of what is kept, in milliseconds. */
const BEGINNING_MS = 60 * MINUTE_MS;

const DIMENSIONS = { hour: 'datetimeMinute', day: 'datetimeFifteenMinutes', week: 'datetimeHour' } as const;

export interface HistoryRequest {
  readonly accountId: string;
  readonly name: string;
  readonly range: HistoryRange;
  /** Of Cloudflare's measurements, in milliseconds since the epoch. */
  readonly now: number;
}

export type Measured = Omit<HealthHistory, 'checkedAt'>;

export function historyQuery({ accountId, name, range, now }: HistoryRequest): GraphqlQuery<Measured> {
  const bucketMinutes = BUCKET_MINUTES[range];
  const start = startOf(now, RANGE_MINUTES[range], bucketMinutes);
  const weekStart = startOf(now, WEEK_MINUTES, BUCKET_MINUTES.week);
  const dimension = DIMENSIONS[range];
  const rows = { filter: 'tunnelName: $name, datetime_geq: $start', limit: MAX_ROWS, orderBy: `${dimension}_DESC` };
  const text = accountQuery(
    ['$name: string!', '$start: Time!', '$weekStart: Time!'],
    [
      {
        alias: 'locations',
        ...rows,
        filter: `active: 1, ${rows.filter}`,
        dimensions: ['edgeColoCode', 'edgeColoCity', dimension],
      },
      { alias: 'everywhere', ...rows, dimensions: [dimension] },
      {
        alias: 'first',
        filter: 'tunnelName: $name, datetime_geq: $weekStart',
        limit: 1,
        orderBy: 'datetimeMinute_ASC',
        dimensions: ['datetimeMinute'],
      },
    ],
  );
  return {
    text,
    variables: { accountTag: accountId, name, start: toTime(start), weekStart: toTime(weekStart) },
    data: partsSchema.transform(({ locations, everywhere, first }, context): Measured => {
      if (locations === undefined || everywhere === undefined) {
        context.addIssue('without buckets');
        return z.NEVER;
      }
      const place = { start, bucketMs: bucketMinutes * MINUTE_MS, count: RANGE_MINUTES[range] / bucketMinutes };
      const firstAt = first?.[0]?.at;
      return {
        name,
        range,
        start: new Date(start).toISOString(),
        bucketMinutes,
        locations: locationsOf(locations, place),
        everywhere: bucketsOf(everywhere, place),
        isCutShort: locations.length >= MAX_ROWS,
        ...(firstAt !== undefined &&
          firstAt >= weekStart + BEGINNING_MS && { firstMeasuredAt: new Date(firstAt).toISOString() }),
      };
    }),
  };
}

const partsSchema = accountDataSchema({ locations: rowsSchema, everywhere: rowsSchema, first: rowsSchema });

/** So that the last bucket is the one that `now` is in; never further back than the range. */
function startOf(now: number, rangeMinutes: number, bucketMinutes: number): number {
  const bucketMs = bucketMinutes * MINUTE_MS;
  return (Math.floor(now / bucketMs) + 1) * bucketMs - rangeMinutes * MINUTE_MS;
}

interface Place {
  /** In milliseconds since the epoch. */
  readonly start: number;
  readonly bucketMs: number;
  readonly count: number;
}

function bucketsOf(rows: readonly GroupsRow[], { start, bucketMs, count }: Place): (number | null)[] {
  const buckets = Array.from({ length: count }, (): number | null => null);
  for (const { at, score } of rows) {
    const index = at === undefined ? -1 : Math.floor((at - start) / bucketMs);
    if (index >= 0 && index < count) buckets[index] = score;
  }
  return buckets;
}

/** The worst first. */
function locationsOf(rows: readonly GroupsRow[], place: Place): LocationHistory[] {
  const byCode = Map.groupBy(rows, ({ edgeColoCode }) => edgeColoCode);
  return [...byCode]
    .flatMap(([code, rowsOfIt]): LocationHistory[] => {
      const buckets = bucketsOf(rowsOfIt, place);
      const score = meanOf(buckets);
      const city = rowsOfIt[0]?.edgeColoCity;
      return code === undefined || score === null
        ? []
        : [{ code, ...(city !== undefined && { city }), score, buckets }];
    })
    .sort((one, other) => one.score - other.score || one.code.localeCompare(other.code));
}
