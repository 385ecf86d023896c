// The health of one account's tunnels: asked for at most once a minute however many people look, and kept until then.

import type { AccountHealth, HealthReading, TunnelHistory } from '@tunnel-desk/shared/api/health';
import type { HistoryRange } from '@tunnel-desk/shared/health/ranges';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { GraphqlResponse } from '../cloudflare/graphql.ts';
import { outcomeOf } from './failures.ts';
import { type HistoryRequest, historyQuery } from './history.ts';
import { createObservations } from './observations.ts';
import { type Overview, overviewQuery } from './overview.ts';

const MINUTE_MS = 60_000;
/** From the start of one query to that of the next. */
const INTERVAL_MS = MINUTE_MS;
/** By how much the newest measurement may be off from where it was looked for, before it is asked for once more. */
const TOLERATED_MS = 2.5 * MINUTE_MS;
/** Beyond it, it is no clock that is wrong, but what was read. */
const MAX_LAG_MS = 24 * 60 * MINUTE_MS;
/** Of single tunnels, so that people who open many pages leave enough of Cloudflare's 300 queries in 5 minutes. */
const HISTORIES_PER_MINUTE = 30;
const TOO_MANY_HISTORIES = `This desk asks for the history of ${HISTORIES_PER_MINUTE} tunnels a minute, and no more.`;

export interface AccountHealthOptions {
  readonly accountId: string;
  readonly cloudflare: Pick<CloudflareClient, 'queryGraphql'>;
  /** In milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of every query for all tunnels. */
  readonly onRead: (health: AccountHealth, response: GraphqlResponse<unknown>) => void;
}

export interface AccountHealthReader {
  read(): Promise<AccountHealth>;
  history(name: string, range: HistoryRange): Promise<TunnelHistory>;
}

interface Kept<Result> {
  readonly startedAt: number;
  readonly result: Promise<Result>;
}

export function accountHealth({ accountId, cloudflare, now, onRead }: AccountHealthOptions): AccountHealthReader {
  const observations = createObservations();
  const histories = new Map<string, Kept<TunnelHistory>>();
  let last: Kept<AccountHealth> | undefined;
  /** For how long the last response is kept: a minute, or as long as Cloudflare asked to be left alone. */
  let keptMs = INTERVAL_MS;
  let lastKnown: HealthReading | undefined;
  /**
   * By how much Cloudflare's newest measurements are behind this server's clock, in milliseconds: they come late, and that
   * clock may be wrong. Everything that is asked for is counted from them.
   */
  let lagMs = 0;

  function read(): Promise<AccountHealth> {
    const at = now();
    if (last === undefined || !isCurrent(last, at, keptMs)) last = { startedAt: at, result: ask(at) };
    return last.result;
  }

  async function ask(at: number): Promise<AccountHealth> {
    const names = observations.namesToLookAt();
    const askedLagMs = lagMs;
    let response = await query(at, names);
    if (Math.abs(lagMs - askedLagMs) > TOLERATED_MS) response = await query(at, names);
    const health = healthIn(response, names, toIso(at));
    onRead(health, response);
    return health;
  }

  async function query(at: number, names: readonly string[]): Promise<GraphqlResponse<Overview>> {
    const response = await cloudflare.queryGraphql(overviewQuery({ accountId, now: at - lagMs, names }));
    if (response.kind === 'response' && response.data !== undefined) {
      const { newest } = response.data;
      const newestEnd = newest === undefined ? response.serverTime : newest + MINUTE_MS;
      if (newestEnd !== undefined && Math.abs(at - newestEnd) <= MAX_LAG_MS) lagMs = at - newestEnd;
    }
    keptMs = Math.max(INTERVAL_MS, holdMs(response));
    return response;
  }

  function healthIn(response: GraphqlResponse<Overview>, names: readonly string[], checkedAt: string): AccountHealth {
    const outcome = outcomeOf(response, checkedAt);
    if (outcome.kind === 'failed') return { ...outcome, ...(lastKnown && { lastKnown }) };
    if (outcome.kind === 'not-permitted') return outcome;
    const { newest, leftOut } = outcome.data;
    lastKnown = {
      checkedAt,
      ...(newest !== undefined && { measuredAt: toIso(newest) }),
      tunnels: observations.observe(outcome.data, names, checkedAt),
      leftOut: [...leftOut],
    };
    return { kind: 'known', ...lastKnown };
  }

  function history(name: string, range: HistoryRange): Promise<TunnelHistory> {
    const at = now();
    for (const [key, kept] of histories) if (!isCurrent(kept, at)) histories.delete(key);
    const key = `${range} ${name}`;
    const kept = histories.get(key);
    if (kept !== undefined) return kept.result;
    const checkedAt = toIso(at);
    if (histories.size >= HISTORIES_PER_MINUTE) {
      return Promise.resolve({ kind: 'failed', checkedAt, reason: 'rate-limited', message: TOO_MANY_HISTORIES });
    }
    const result = askHistory({ accountId, name, range, now: at - lagMs }, checkedAt);
    histories.set(key, { startedAt: at, result });
    return result;
  }

  async function askHistory(request: HistoryRequest, checkedAt: string): Promise<TunnelHistory> {
    const outcome = outcomeOf(await cloudflare.queryGraphql(historyQuery(request)), checkedAt);
    return outcome.kind === 'data' ? { kind: 'known', checkedAt, ...outcome.data } : outcome;
  }

  return { read, history };
}

/** A clock that was set back must not keep anything for longer. */
function isCurrent({ startedAt }: Kept<unknown>, at: number, keptMs = INTERVAL_MS): boolean {
  return at >= startedAt && at - startedAt < keptMs;
}

/** For how long Cloudflare asks to be left alone, where it says so in seconds. */
function holdMs(response: GraphqlResponse<unknown>): number {
  const seconds = 'retryAfter' in response ? Number(response.retryAfter) : Number.NaN;
  return Number.isNaN(seconds) ? 0 : seconds * 1000;
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
