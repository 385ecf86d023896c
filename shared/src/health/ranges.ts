// For how long a tunnel's history is looked at, and how finely.

export const HISTORY_RANGES = ['hour', 'day', 'week'] as const;
export type HistoryRange = (typeof HISTORY_RANGES)[number];

/** In minutes. Cloudflare gives no more than a week in one query (its guide "Query tunnel health checks"). */
export const RANGE_MINUTES = { hour: 60, day: 24 * 60, week: 7 * 24 * 60 } as const satisfies Record<
  HistoryRange,
  number
>;

/** In minutes, as Cloudflare can group them. */
export const BUCKET_MINUTES = { hour: 1, day: 15, week: 60 } as const satisfies Record<HistoryRange, number>;
