// The query about the past of one tunnel, by its name.

import type { HealthHistory, LocationHistory } from '@tunnel-desk/shared/api/health';
import { BUCKET_MINUTES, type HistoryRange, RANGE_MINUTES } from '@tunnel-desk/shared/health/ranges';
import { meanOf } from '@tunnel-desk/shared/health/strip';
import { z } from 'zod';
import type { GraphqlQuery } from '../cloudflare/graphql.ts';
import { accountDataSchema, accountQuery, type GroupsRow, MAX_ROWS, rowsSchema, toTime } from './groups.ts';

const MINUTE_MS = 60_000;
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
  const { start, end } = spanOf(now, range);
  const week = spanOf(now, 'week');
  const dimension = DIMENSIONS[range];
  const rows = {
    filter: 'tunnelName: $name, datetime_geq: $start, datetime_lt: $end',
    limit: MAX_ROWS,
    orderBy: `${dimension}_DESC`,
  };
  const text = accountQuery(
    ['$name: string!', '$start: Time!', '$end: Time!', '$weekStart: Time!', '$weekEnd: Time!'],
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
        filter: 'tunnelName: $name, datetime_geq: $weekStart, datetime_lt: $weekEnd',
        limit: 1,
        orderBy: 'datetimeMinute_ASC',
        dimensions: ['datetimeMinute'],
      },
    ],
  );
  return {
    text,
    variables: {
      accountTag: accountId,
      name,
      start: toTime(start),
      end: toTime(end),
      weekStart: toTime(week.start),
      weekEnd: toTime(week.end),
    },
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
          firstAt >= week.start + BEGINNING_MS && { firstMeasuredAt: new Date(firstAt).toISOString() }),
      };
    }),
  };
}

const partsSchema = accountDataSchema({ locations: rowsSchema, everywhere: rowsSchema, first: rowsSchema });

/**
 * The last bucket is that of the newest measurement. With an end of its own it is never longer than the range: counted from
 * its start, Cloudflare's clock may already be further.
 */
function spanOf(now: number, range: HistoryRange): { start: number; end: number } {
  const bucketMs = BUCKET_MINUTES[range] * MINUTE_MS;
  const end = Math.ceil(now / bucketMs) * bucketMs;
  return { start: end - RANGE_MINUTES[range] * MINUTE_MS, end };
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
