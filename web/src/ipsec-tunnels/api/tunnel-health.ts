// What Cloudflare measured of the health of an account's tunnels, and of the past of one.

import { queryOptions } from '@tanstack/react-query';
import {
  type AccountHealth,
  accountHealthSchema,
  type HealthHistory,
  type TunnelHistory,
  tunnelHistorySchema,
} from '@tunnel-desk/shared/api/health';
import { API_PREFIX, tunnelHealthHistoryPath, tunnelHealthPath } from '@tunnel-desk/shared/api/paths';
import { BUCKET_MINUTES, type HistoryRange } from '@tunnel-desk/shared/health/ranges';
import { callApi } from '../../lib/api-client.ts';
import { readingOf } from '../health/health-by-name.ts';
import { keepUnchanged } from './keep-unchanged.ts';

const MINUTE_MS = 60_000;
/** At most, however coarse its buckets are: the newest one goes on changing. */
const HISTORY_REFRESH_MINUTES = 5;

/**
 * The health of all tunnels, read again every minute while the page is visible; a tunnel whose health is as it was before stays
 * the same object. Rejects where this desk did not tell it: what Cloudflare did not tell is in the result.
 */
export function tunnelHealthQuery(accountId: string) {
  const queryKey = ['tunnel-health', accountId];
  return queryOptions({
    queryKey,
    queryFn: async ({ client }) =>
      keepTunnels(
        client.getQueryData<AccountHealth>(queryKey),
        accountHealthSchema.parse(await read(tunnelHealthPath(accountId))),
      ),
    // It would compare row by row what is sorted by how bad it is.
    structuralSharing: false,
    refetchInterval: MINUTE_MS,
  });
}

export interface KnownHistory {
  readonly latest: TunnelHistory;
  /** The last that could be read: it stays there while a later one fails. */
  readonly known: HealthHistory | undefined;
}

/** The past of a tunnel by its name; the last buckets go on changing, so it is read again while the page is visible. */
export function tunnelHistoryQuery(accountId: string, name: string, range: HistoryRange) {
  const query = new URLSearchParams({ name, range });
  const queryKey = ['tunnel-health-history', accountId, name, range];
  return queryOptions({
    queryKey,
    queryFn: async ({ client }): Promise<KnownHistory> => {
      const latest = tunnelHistorySchema.parse(await read(`${tunnelHealthHistoryPath(accountId)}?${query}`));
      return {
        latest,
        known: latest.kind === 'known' ? latest : client.getQueryData<KnownHistory>(queryKey)?.known,
      };
    },
    refetchInterval: Math.min(BUCKET_MINUTES[range], HISTORY_REFRESH_MINUTES) * MINUTE_MS,
  });
}

async function read(path: string): Promise<unknown> {
  const response = await callApi(API_PREFIX + path);
  if (response.kind !== 'response' || !response.envelope.success) throw new Error('this desk did not tell the health');
  return response.envelope.result;
}

/** The next health, in which a tunnel whose health is equal to what it was is the same object, so that its row is not drawn again. */
export function keepTunnels(previous: AccountHealth | undefined, next: AccountHealth): AccountHealth {
  const before = previous && readingOf(previous);
  const after = readingOf(next);
  // What is said of a moment depends on which day it is: with a new one, every row is drawn anew.
  if (before === undefined || after === undefined || dayOf(before.checkedAt) !== dayOf(after.checkedAt)) return next;
  const tunnels = keepUnchanged(before.tunnels, after.tunnels, ({ name }) => name);
  switch (next.kind) {
    case 'known':
      return { ...next, tunnels };
    case 'failed':
      return { ...next, lastKnown: { ...after, tunnels } };
    case 'not-permitted':
      return next;
  }
}

function dayOf(moment: string): string {
  return new Date(moment).toDateString();
}
