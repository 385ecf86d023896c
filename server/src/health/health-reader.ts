// The health of the tunnels of all accounts, each read on its own.

import type { AccountHealth, TunnelHistory } from '@tunnel-desk/shared/api/health';
import type { HistoryRange } from '@tunnel-desk/shared/health/ranges';
import type { HealthState } from '@tunnel-desk/shared/health/states';
import type { FastifyBaseLogger } from 'fastify';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { GraphqlResponse } from '../cloudflare/graphql.ts';
import { type AccountHealthReader, accountHealth } from './account-health.ts';

/** How many tunnels are in which state. */
export type HealthCounts = Readonly<Record<HealthState, number>>;

export interface HealthReaderOptions {
  readonly cloudflare: Pick<CloudflareClient, 'queryGraphql'>;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  /** In milliseconds since the epoch; the clock when absent. */
  readonly now?: () => number;
  /** Told of every reading that succeeds; `checkedAt` in milliseconds since the epoch. */
  readonly observe?: ((accountId: string, counts: HealthCounts, checkedAt: number) => void) | undefined;
}

export interface HealthReader {
  /** From at most a minute ago. Neither rejects because of anything at Cloudflare: what failed is in the result. */
  read(accountId: string): Promise<AccountHealth>;
  history(accountId: string, name: string, range: HistoryRange): Promise<TunnelHistory>;
}

export function createHealthReader({ cloudflare, log, now = Date.now, observe }: HealthReaderOptions): HealthReader {
  const accounts = new Map<string, AccountHealthReader>();

  function readerOf(accountId: string): AccountHealthReader {
    const existing = accounts.get(accountId);
    if (existing !== undefined) return existing;
    const logChange = changeLog(accountId, log);
    const onRead = (health: AccountHealth, response: GraphqlResponse<unknown>) => {
      logChange(health, response);
      if (health.kind === 'known') observe?.(accountId, countsOf(health.tunnels), Date.parse(health.checkedAt));
    };
    const reader = accountHealth({ accountId, cloudflare, now, onRead });
    accounts.set(accountId, reader);
    return reader;
  }

  return {
    read: (accountId) => readerOf(accountId).read(),
    history: (accountId, name, range) => readerOf(accountId).history(name, range),
  };
}

/** Says once that health cannot be read, or can again, and not every minute. */
function changeLog(accountId: string, log: HealthReaderOptions['log']) {
  let before = 'known';
  return (health: AccountHealth, response: GraphqlResponse<unknown>) => {
    const state = health.kind === 'failed' ? health.reason : health.kind;
    if (state === before) return;
    before = state;
    if (health.kind === 'known') log.info({ accountId }, 'The health of the tunnels can be read again');
    else log.warn({ accountId, upstream: summaryOf(response) }, `The health of the tunnels cannot be read: ${state}`);
  };
}

/** Without anything that Cloudflare wrote, apart from codes. */
function summaryOf(response: GraphqlResponse<unknown>) {
  if (response.kind !== 'response') return response;
  const { kind, status, cfRay, errors } = response;
  return { kind, status, cfRay, codes: errors.map(({ code }) => code) };
}

function countsOf(tunnels: readonly { readonly state: HealthState }[]): HealthCounts {
  const counts = { down: 0, degraded: 0, healthy: 0 };
  for (const { state } of tunnels) counts[state]++;
  return counts;
}
