// The drift of all accounts, each read on its own: from one list of Cloudflare's at most every 30 s, however many people ask.

import type { DriftedTunnel, DriftHead, DriftKind } from '@tunnel-desk/shared/api/drift';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import { type Comparison, compareTunnels } from './compare.ts';
import type { KnownTunnels, TouchedTunnels } from './known-tunnels.ts';

/** From the start of one list to that of the next, in milliseconds. */
const INTERVAL_MS = 30_000;

export type DriftReading =
  | {
      readonly kind: 'compared';
      readonly head: DriftHead;
      readonly tunnels: readonly DriftedTunnel[];
      /** Those of them that there are, by their IDs. */
      readonly found: Comparison['found'];
      /** Of which tunnels nothing is told, because they are being changed here, or were since the list was read. */
      readonly touched: TouchedTunnels;
    }
  /** The list could not be read. */
  | { readonly kind: 'failed'; readonly upstream: UpstreamResponse };

/** How many tunnels of an account are not as the desk knew them, by what was done to them. */
export type DriftCounts = Readonly<Record<DriftKind, number>>;

export interface DriftReader {
  /** Rejects where the database cannot be read. */
  read(accountId: string): Promise<DriftReading>;
  /** Has the next one read the list again: somebody has seen that it is not current. */
  expire(accountId: string): void;
}

export interface DriftReaderOptions {
  readonly cloudflare: Pick<CloudflareClient, 'listIpsecTunnels'>;
  readonly knownTunnels: KnownTunnels;
  /** For how long a submission without an outcome may still take effect, in milliseconds from when it was begun. */
  readonly openMs: number;
  /** Told of every comparison. */
  readonly observe?: ((accountId: string, counts: DriftCounts) => void) | undefined;
}

type Compared =
  | (Comparison & { readonly kind: 'compared'; readonly askedAt: Date; readonly isComplete: boolean })
  | Extract<DriftReading, { kind: 'failed' }>;

interface Kept {
  /** By the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly compared: Promise<Compared>;
}

export function createDriftReader({ cloudflare, knownTunnels, openMs, observe }: DriftReaderOptions): DriftReader {
  const last = new Map<string, Kept>();

  async function compare(accountId: string): Promise<Compared> {
    const askedAt = new Date();
    const upstream = await cloudflare.listIpsecTunnels(accountId, { healthCheckTarget: 'object' });
    if (upstream.kind !== 'response' || !upstream.success) return { kind: 'failed', upstream };
    const { isComplete } = upstream.result;
    const comparison = await compareTunnels(knownTunnels, accountId, upstream.result);
    return { kind: 'compared', askedAt, isComplete, ...comparison };
  }

  function recent(accountId: string): Promise<Compared> {
    const kept = last.get(accountId);
    const now = performance.now();
    if (kept !== undefined && now - kept.startedAt < INTERVAL_MS) return kept.compared;
    const compared = compare(accountId);
    last.set(accountId, { startedAt: now, compared });
    // A database that failed is asked again at once.
    compared.catch(() => last.get(accountId)?.compared === compared && last.delete(accountId));
    return compared;
  }

  return {
    async read(accountId) {
      const compared = await recent(accountId);
      if (compared.kind === 'failed') return compared;
      const { askedAt, isComplete, comparingSince, found } = compared;
      const openSince = new Date(askedAt.getTime() - openMs);
      const touched = await knownTunnels.touchedSince(accountId, askedAt, { openSince });
      const tunnels = compared.tunnels.filter(({ tunnelId, name }) => !isTouched(touched, tunnelId, name));
      observe?.(accountId, countsOf(tunnels));
      const head = { comparedAt: askedAt.toISOString(), isComplete, ...(comparingSince && { comparingSince }) };
      return { kind: 'compared', head, tunnels, found, touched };
    },
    expire: (accountId) => void last.delete(accountId),
  };
}

/** Whether the tunnel is being changed here, or was. */
export function isTouched({ ids, names }: TouchedTunnels, tunnelId: string, name: string): boolean {
  return ids.has(tunnelId) || names.has(name.trim());
}

function countsOf(tunnels: readonly DriftedTunnel[]): DriftCounts {
  const count = (kind: DriftKind) => tunnels.filter((tunnel) => tunnel.kind === kind).length;
  return { changed: count('changed'), deleted: count('deleted'), made: count('made') };
}
