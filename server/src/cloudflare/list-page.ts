// One page of the list of tunnels, read entry by entry while it arrives.

import { type IpsecTunnel, readIpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import { turns } from '../turns.ts';
import { splitArray } from './array-splitter.ts';
import { type Exchange, isPlain, type OpenExchange, readWholly } from './exchange.ts';
import type { EnvelopeResponse, ResponseHead, UnexpectedContent, UpstreamResponse } from './response.ts';
import { cleanJson, type Sought } from './without-secrets.ts';

/**
 * In bytes: 20,000 tunnels with every field are 27 MB, and Cloudflare is documented to send them all in one response.
 */
export const MAX_LIST_BYTES = 32 * 1024 * 1024;

/** What a page has beside its entries. */
export const pageRestSchema = z.looseObject({ ipsec_tunnels: z.array(z.unknown()).length(0) });
export type PageRest = z.infer<typeof pageRestSchema>;

/** How a page ended: a success only where all of it has arrived and is a list. */
export type PageEnd = UpstreamResponse<PageRest>;

export type WholePage = EnvelopeResponse<PageRest> & { readonly success: true };

/** The entries that can be read, and how many there are with those that cannot. */
export interface PageEntries<Entry> {
  readonly entries: readonly Entry[];
  readonly count: number;
}

/** A page that has begun as a list does. */
export interface OpenPage<Entry> extends ResponseHead {
  readonly kind: 'page';
  /** The next entries, or how the page ended. */
  read(): Promise<PageEntries<Entry> | PageEnd>;
  /** Ends the connection where the page still arrives. */
  abandon(): void;
}

export interface PageOptions<Entry> {
  /** What is kept of an entry, with the JSON of it, which has no secret in it. */
  readonly toEntry: (tunnel: IpsecTunnel, json: Buffer) => Entry;
  /** So many bytes of entries have arrived before the page counts as open; before, it fails as a whole. */
  readonly aheadBytes: number;
  readonly secrets: readonly Sought[];
  readonly headOf: (response: ExchangedResponse) => ResponseHead;
  /** Reads a response that is there as a whole. */
  readonly readResponse: (exchanged: Exchange) => PageEnd;
  /** Told once how the page ended. */
  readonly onEnd: (end: PageEnd | 'abandoned') => void;
}

type ExchangedResponse = Extract<OpenExchange, { kind: 'response' }>;

/** Waits until the page has begun as a list does, or has ended. */
export async function openPage<Entry>(
  exchanged: OpenExchange,
  options: PageOptions<Entry>,
): Promise<OpenPage<Entry> | PageEnd> {
  const { aheadBytes, headOf, readResponse, onEnd } = options;
  if (
    exchanged.kind !== 'response' ||
    !isPlain(exchanged.headers) ||
    exchanged.status < 200 ||
    exchanged.status > 299
  ) {
    const end = readResponse(await readWholly(exchanged));
    onEnd(end);
    return end;
  }
  const { body } = exchanged;
  const reader = readEntries(exchanged, options);
  const ahead: PageEntries<Entry>[] = [];
  let end: PageEnd | undefined;
  let isEnded = false;
  const noteEnd = (how: PageEnd | 'abandoned') => {
    if (!isEnded) onEnd(how);
    isEnded = true;
  };
  const giveTurn = turns();
  while (end === undefined && reader.bytes() < aheadBytes) {
    await giveTurn();
    const next = await reader.read();
    if ('entries' in next) ahead.push(next);
    else end = next;
  }
  if (end === undefined && !reader.mayBeSuccess()) end = reader.refuse('an unexpected result');
  if (end !== undefined) noteEnd(end);
  if (end !== undefined && !isWholePage(end)) return end;
  return {
    kind: 'page',
    ...headOf(exchanged),
    async read() {
      const next = ahead.shift() ?? end ?? (await reader.read());
      if (!('entries' in next)) noteEnd(next);
      return next;
    },
    abandon() {
      noteEnd('abandoned');
      body.abandon();
    },
  };
}

/** Splits the entries off the body; what is left of it at the end is the response without them. */
function readEntries<Entry>(
  exchanged: ExchangedResponse,
  { toEntry, secrets, headOf, readResponse }: PageOptions<Entry>,
) {
  const { status, headers, body } = exchanged;
  const splitter = splitArray(['result', 'ipsec_tunnels']);
  let received = 0;
  let bytes = 0;

  const refuse = (content: UnexpectedContent): PageEnd => {
    body.abandon();
    return { kind: 'unintelligible', ...headOf(exchanged), content };
  };
  const read = async (): Promise<PageEntries<Entry> | PageEnd> => {
    if (Number(headers['content-length']) > MAX_LIST_BYTES) return refuse('too much content');
    const piece = await body.read();
    if (piece === undefined) return readResponse({ kind: 'response', status, headers, text: splitter.rest() });
    if (!Buffer.isBuffer(piece)) return piece;
    received += piece.length;
    const elements = received > MAX_LIST_BYTES ? 'too long' : splitter.push(piece);
    if (elements === 'too long') return refuse('too much content');
    if (elements === 'ambiguous') return refuse('an unexpected result');
    const entries: Entry[] = [];
    for (const element of elements) {
      const json = cleanJson(element.toString('utf8'), secrets);
      if (json === undefined) return refuse('content that is not JSON');
      bytes += element.length;
      const tunnel = readIpsecTunnel(json.value);
      if (tunnel === undefined) continue;
      entries.push(toEntry(tunnel, json.isClean ? element : Buffer.from(JSON.stringify(json.value))));
    }
    return { entries, count: elements.length };
  };
  /** As far as it has arrived. */
  const mayBeSuccess = (): boolean => {
    if (!splitter.isInside()) return true;
    try {
      const soFar: unknown = JSON.parse(`${splitter.rest()}]}}`);
      return !(typeof soFar === 'object' && soFar !== null && 'success' in soFar && soFar.success !== true);
    } catch {
      return false;
    }
  };
  return { read, refuse, mayBeSuccess, bytes: () => bytes };
}

/** Whether a page ended as a list that is there as a whole. */
export function isWholePage(end: PageEnd): end is WholePage {
  return end.kind === 'response' && end.success;
}
