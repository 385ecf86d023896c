// The list of an account's tunnels, read through all its pages, and whether it is the whole of it.

import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import type { EnvelopeResponse, UpstreamResponse } from './response.ts';

export interface TunnelList {
  readonly tunnels: readonly IpsecTunnel[];
  /** Whether what is not in it does not exist: false where a page is missing or an entry cannot be read. */
  readonly isComplete: boolean;
  /** What the first page's `Date` says, in milliseconds since the epoch. */
  readonly serverTime: number | undefined;
  /** When the first page had arrived, by the clock of `performance.now()`. */
  readonly receivedAt: number;
}

/** One page: its entries as they came. */
export const pageSchema = z
  .object({ ipsec_tunnels: z.array(z.unknown()) })
  .transform(({ ipsec_tunnels }) => ipsec_tunnels);

type Page = readonly unknown[];
export type PageResponse = UpstreamResponse<Page>;

/** Of Cloudflare's other lists: this one is documented to come in one piece. */
const resultInfoSchema = z.looseObject({
  page: z.int().nullish(),
  per_page: z.int().nullish(),
  total_count: z.int().nullish(),
  total_pages: z.int().nullish(),
  cursor: z.string().nullish(),
  cursors: z.looseObject({ after: z.string().nullish() }).nullish(),
});
type ResultInfo = z.infer<typeof resultInfoSchema>;

const MAX_PAGES = 500;

/**
 * Reads page after page within the time limit, in milliseconds. The response is that of the first page, with the entries of
 * all that could be read.
 */
export async function listWholly(
  limitMs: number,
  requestPage: (query: string, remainingMs: number) => Promise<PageResponse>,
): Promise<UpstreamResponse<TunnelList>> {
  const deadline = performance.now() + limitMs;
  const first = await requestPage('', limitMs);
  if (first.kind !== 'response' || !first.success) return first;
  const receivedAt = performance.now();
  const entries = [...first.result];
  const infos = [readResultInfo(first)];
  let query = nextQuery(infos[0], entries.length);
  while (query !== undefined && infos.length < MAX_PAGES) {
    const remainingMs = deadline - performance.now();
    const page = remainingMs > 0 ? await requestPage(query, remainingMs) : undefined;
    if (page?.kind !== 'response' || !page.success) break;
    const info = readResultInfo(page);
    // A page that was not asked for is the first one again, where the upstream does not know the parameter.
    if (info?.page !== undefined && info.page !== null && info.page !== infos.length + 1) break;
    entries.push(...page.result);
    infos.push(info);
    query = nextQuery(info, entries.length);
    if (page.result.length === 0) break;
  }
  const tunnels = entries.flatMap((entry) => ipsecTunnelSchema.safeParse(entry).data ?? []);
  const isComplete = query === undefined && tunnels.length === entries.length && agree(infos, tunnels);
  return {
    ...first,
    envelope: infos.length === 1 ? first.envelope : wholeEnvelope(first, entries),
    result: { tunnels, isComplete, serverTime: first.serverTime, receivedAt },
  };
}

/** `undefined` where there is none, `null` where it cannot be read. */
function readResultInfo({ envelope }: EnvelopeResponse<Page>): ResultInfo | null | undefined {
  const info: unknown = envelope['result_info'];
  if (info === undefined || info === null) return undefined;
  return resultInfoSchema.safeParse(info).data ?? null;
}

function nextQuery(info: ResultInfo | null | undefined, count: number): string | undefined {
  if (info === undefined || info === null) return undefined;
  const cursor = info.cursors?.after || info.cursor;
  if (cursor) return `?${new URLSearchParams({ cursor })}`;
  const page = info.page ?? 1;
  const hasMore = (info.total_pages ?? 0) > page || (info.total_count ?? 0) > count;
  if (!hasMore) return undefined;
  const query = new URLSearchParams({ page: String(page + 1) });
  if (info.per_page) query.set('per_page', String(info.per_page));
  return `?${query}`;
}

/** Whether every page could be understood and says how many tunnels there are: as many as were read, each once. */
function agree(infos: readonly (ResultInfo | null | undefined)[], tunnels: readonly IpsecTunnel[]): boolean {
  const count = new Set(tunnels.map(({ id }) => id)).size;
  return (
    count === tunnels.length &&
    infos.every((info) => info !== null && (info?.total_count ?? count) === count) &&
    (infos.length === 1 || infos.every((info) => info !== undefined))
  );
}

function wholeEnvelope({ envelope }: EnvelopeResponse<Page>, entries: Page) {
  const { result_info: _, ...rest } = envelope;
  return { ...rest, result: { ipsec_tunnels: entries } };
}
