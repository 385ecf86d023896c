// The GraphQL node that has the health of tunnels: how a part of a query about it is written, and how its rows are read.
//
// Names and scalars as in Cloudflare's schema: the scalars are lower case, apart from `Time`.

import { z } from 'zod';

const NODE = 'magicTransitTunnelHealthChecksAdaptiveGroups';
/** The most rows that one node gives. */
export const MAX_ROWS = 10_000;

/** The buckets that rows are grouped by; a part has one of them, or none. */
const TIMES = ['datetimeMinute', 'datetimeFifteenMinutes', 'datetimeHour'] as const;
type TimeDimension = (typeof TIMES)[number];

export interface GroupsPart {
  readonly alias: string;
  readonly filter: string;
  readonly limit: number;
  readonly orderBy: string;
  /** What the rows are grouped by. */
  readonly dimensions: readonly (TimeDimension | 'tunnelName' | 'active' | 'edgeColoCode' | 'edgeColoCity')[];
}

/** A query about one account. Its parts may use `$accountTag` and what is declared, such as `$start: Time!`. */
export function accountQuery(declared: readonly string[], parts: readonly GroupsPart[]): string {
  return `query TunnelHealth(${['$accountTag: string!', ...declared].join(', ')}) {
  viewer {
    accounts(filter: { accountTag: $accountTag }) {
${parts.map(writePart).join('\n')}
    }
  }
}`;
}

function writePart({ alias, filter, limit, orderBy, dimensions }: GroupsPart): string {
  return `      ${alias}: ${NODE}(filter: { ${filter} }, limit: ${limit}, orderBy: [${orderBy}]) {
        avg { tunnelState }
        dimensions { ${dimensions.join(' ')} }
      }`;
}

/** To whole seconds. */
export function toTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A score and what it was grouped by. */
export interface GroupsRow {
  readonly score: number;
  readonly tunnelName: string | undefined;
  readonly active: number | undefined;
  readonly edgeColoCode: string | undefined;
  readonly edgeColoCity: string | undefined;
  /** When its bucket begins, in milliseconds since the epoch. */
  readonly at: number | undefined;
}

/** The rows that can be read; absent where an error stands for the part. By hand: a schema takes ten times as long. */
export const rowsSchema = z
  .unknown()
  .optional()
  .transform((rows) => (Array.isArray(rows) ? rows.flatMap((row: unknown) => rowIn(row) ?? []) : undefined));

function rowIn(row: unknown): GroupsRow | undefined {
  const score = property(property(row, 'avg'), 'tunnelState');
  const dimensions = property(row, 'dimensions');
  if (typeof score !== 'number') return undefined;
  const active = property(dimensions, 'active');
  return {
    score,
    tunnelName: textIn(dimensions, 'tunnelName'),
    active: typeof active === 'number' ? active : undefined,
    edgeColoCode: textIn(dimensions, 'edgeColoCode'),
    edgeColoCity: textIn(dimensions, 'edgeColoCity'),
    at: timeIn(dimensions),
  };
}

function timeIn(dimensions: unknown): number | undefined {
  for (const name of TIMES) {
    const time = Date.parse(textIn(dimensions, name) ?? '');
    if (!Number.isNaN(time)) return time;
  }
  return undefined;
}

function textIn(value: unknown, name: string): string | undefined {
  const text = property(value, name);
  return typeof text === 'string' ? text : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The data of a query about one account, whose parts are these. */
export function accountDataSchema<Shape extends z.core.$ZodShape>(parts: Shape) {
  return z
    .object({ viewer: z.object({ accounts: z.tuple([z.object(parts)]) }) })
    .transform(({ viewer }) => viewer.accounts[0]);
}
