// What Cloudflare measured of the health of an account's tunnels, as this desk responds with it. Whether it could be read is
// part of the result: a token without the permission for it is no reason for a page to break.
//
// Moments are ISO 8601 in UTC. Scores are averages from 0 (down) to 1 (healthy). Tunnels are told apart by their names alone,
// because Cloudflare's measurements have no IDs.

import { z } from 'zod';
import { BUCKET_MINUTES, HISTORY_RANGES } from '../health/ranges.ts';
import { HEALTH_STATES } from '../health/states.ts';

/** The permission of an API token that health needs beside Magic WAN's; the one to name to an administrator. */
export const HEALTH_PERMISSION = 'Account Analytics Read';

/**
 * How well it is known since when: to the `minute`, to the `hour`, or only that it was so at that moment and perhaps
 * earlier (`at-least`).
 */
export const SINCE_PRECISIONS = ['minute', 'hour', 'at-least'] as const;

const sinceSchema = z.object({ at: z.string(), precision: z.enum(SINCE_PRECISIONS) });
export type Since = z.infer<typeof sinceSchema>;

const tunnelHealthSchema = z.object({
  name: z.string(),
  state: z.enum(HEALTH_STATES),
  score: z.number(),
  /** No data centre had traffic for it in the last six hours: its state is what all those that probe it measured. */
  isIdle: z.literal(true).optional(),
  /** Since when it has this state; absent where it was healthy for as long as this desk has looked. */
  since: sinceSchema.optional(),
  /** How many data centres with traffic for it see it in which state; absent where that was left out. */
  locations: z.object({ down: z.int(), degraded: z.int(), healthy: z.int() }).optional(),
});
export type TunnelHealth = z.infer<typeof tunnelHealthSchema>;

const healthReadingSchema = z.object({
  /** When Cloudflare was asked. */
  checkedAt: z.string(),
  /** The minute of the newest measurement in the account; absent where there was none in the last 15 minutes. */
  measuredAt: z.string().optional(),
  /** The worst first. A tunnel that is not among them has no measurements: `unknown`. */
  tunnels: z.array(tunnelHealthSchema),
  /**
   * What is left out because Cloudflare has more than it gives in one response, or could not give all: the best tunnels,
   * which are then `unknown` too, or the best data centres.
   */
  leftOut: z.array(z.enum(['tunnels', 'locations'])),
});
export type HealthReading = z.infer<typeof healthReadingSchema>;

/** The token lacks a permission, which is named. Everything else at the desk works. */
const notPermittedSchema = z.object({
  kind: z.literal('not-permitted'),
  checkedAt: z.string(),
  permission: z.literal(HEALTH_PERMISSION),
});

/** `refused`: Cloudflare responded with an error, in its own words. */
export const HEALTH_FAILURES = [
  'refused',
  'rate-limited',
  'unreachable',
  'connection-lost',
  'timed-out',
  'unintelligible',
] as const;
export type HealthFailure = (typeof HEALTH_FAILURES)[number];

const failedSchema = z.object({
  kind: z.literal('failed'),
  checkedAt: z.string(),
  reason: z.enum(HEALTH_FAILURES),
  /** What Cloudflare said of it. */
  message: z.string().optional(),
});

/** The result of `GET …/tunnel-health`: all tunnels of an account, from one query a minute at most. */
export const accountHealthSchema = z.discriminatedUnion('kind', [
  healthReadingSchema.extend({ kind: z.literal('known') }),
  notPermittedSchema,
  failedSchema.extend({
    /** What was known before, with its own `checkedAt`. */
    lastKnown: healthReadingSchema.optional(),
  }),
]);
export type AccountHealth = z.infer<typeof accountHealthSchema>;

const locationHistorySchema = z.object({
  /** The IATA code of the data centre, such as `AMS`. */
  code: z.string(),
  city: z.string().optional(),
  /** Over all its buckets. */
  score: z.number(),
  /** One after the other from `start`; `null` where nothing was measured. */
  buckets: z.array(z.number().nullable()),
});

const bucketMinutesSchema = z.union([
  z.literal(BUCKET_MINUTES.hour),
  z.literal(BUCKET_MINUTES.day),
  z.literal(BUCKET_MINUTES.week),
]);

export const healthHistorySchema = z.object({
  checkedAt: z.string(),
  name: z.string(),
  range: z.enum(HISTORY_RANGES),
  /** Where the first bucket begins. */
  start: z.string(),
  bucketMinutes: bucketMinutesSchema,
  /** Data centres with traffic for the tunnel, the worst first; none where it is idle. */
  locations: z.array(locationHistorySchema),
  /** The buckets over all data centres that probe it, with traffic or without. */
  everywhere: z.array(z.number().nullable()),
  /** Whether the oldest buckets are left out, because Cloudflare has more than it gives in one response. */
  isCutShort: z.boolean(),
  /**
   * The first measurement under this name, where the last week has one and did not begin with it: the tunnel is new, or was
   * renamed, and what was measured before stands under its old name.
   */
  firstMeasuredAt: z.string().optional(),
});
export type HealthHistory = z.infer<typeof healthHistorySchema>;
export type LocationHistory = HealthHistory['locations'][number];

/** The result of `GET …/tunnel-health/history?name=…&range=…`: one tunnel, per data centre. */
export const tunnelHistorySchema = z.discriminatedUnion('kind', [
  healthHistorySchema.extend({ kind: z.literal('known') }),
  notPermittedSchema,
  failedSchema,
]);
export type TunnelHistory = z.infer<typeof tunnelHistorySchema>;
