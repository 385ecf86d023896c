// The list of an account's tunnels, read through all its pages, and whether it is the whole of it.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import { turns } from '../turns.ts';
import { isWholePage, MAX_LIST_BYTES, type OpenPage, type PageEnd, type WholePage } from './list-page.ts';
import type { EnvelopeResponse, ResponseHead, UpstreamResponse } from './response.ts';

export interface TunnelList {
  readonly tunnels: readonly IpsecTunnel[];
  /** Whether what is not in it does not exist: false where a page is missing or an entry cannot be read. */
  readonly isComplete: boolean;
  /** What the first page's `Date` says, in milliseconds since the epoch. */
  readonly serverTime: number | undefined;
  /** When the first page had arrived, by the clock of `performance.now()`. */
  readonly receivedAt: number;
}

/** A whole list, so far, whose JSON still arrives. */
export interface ArrivingList extends ResponseHead {
  readonly kind: 'arriving';
  /**
   * The envelope in pieces, without any secret. Returns how the list ended; what was read of it is worth nothing
   * unless that is a success.
   */
  readonly json: AsyncGenerator<Buffer, UpstreamResponse>;
  /** Stops reading it, where nobody waits for it any more. */
  abandon(): void;
}

/** One entry of the list, as it is passed on. */
export interface EntryJson {
  readonly id: string;
  readonly json: Buffer;
}

/** Asks for a page with the query, within the time, in milliseconds. */
export type RequestPage<Entry> = (query: string, limitMs: number) => Promise<OpenPage<Entry> | PageEnd>;

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
 * So many bytes of a list are held back: one that turns out not to be whole before it is longer gets an error as its
 * response. Of a longer one, a part may have been sent when that turns out.
 */
export const HELD_BACK_BYTES = 1024 * 1024;

/**
 * Reads page after page within the time limit, in milliseconds. The response is that of the first page, with the entries of
 * all that could be read.
 */
export async function listWholly(
  limitMs: number,
  requestPage: RequestPage<IpsecTunnel>,
): Promise<UpstreamResponse<TunnelList>> {
  const { entries } = readPages(limitMs, requestPage);
  const tunnels: IpsecTunnel[] = [];
  const giveTurn = turns();
  for (;;) {
    const step = await entries.next();
    if (!step.done) {
      for (const tunnel of step.value.entries) tunnels.push(tunnel);
      await giveTurn();
      continue;
    }
    const { first, isWhole, receivedAt } = step.value;
    if (!isWholePage(first)) return first;
    return { ...first, result: { tunnels, isComplete: isWhole, serverTime: first.serverTime, receivedAt } };
  }
}

/**
 * The list as it arrives, through all its pages, within the time limit, in milliseconds, of which only the time spent waiting
 * for Cloudflare counts. One that turns out not to be whole is no success, if need be in the middle.
 */
export async function listAsJson(
  limitMs: number,
  requestPage: RequestPage<EntryJson>,
): Promise<ArrivingList | UpstreamResponse> {
  const pages = readPages(limitMs, requestPage);
  const json = jsonOf(pages);
  const held: Buffer[] = [];
  let heldBytes = 0;
  while (heldBytes < HELD_BACK_BYTES) {
    const step = await json.next();
    if (step.done) return isSuccess(step.value) ? arriving(step.value, ended(held, step.value)) : step.value;
    held.push(step.value);
    heldBytes += step.value.length;
  }
  return arriving(pages.head(), behind(held, json), pages.abandon);
}

function arriving(
  { status, cfRay, retryAfter }: ResponseHead,
  json: ArrivingList['json'],
  abandon = () => {},
): ArrivingList {
  return { kind: 'arriving', status, cfRay, retryAfter, json, abandon };
}

async function* ended(held: readonly Buffer[], end: UpstreamResponse): ArrivingList['json'] {
  yield* held;
  return end;
}

async function* behind(held: Buffer[], json: ArrivingList['json']): ArrivingList['json'] {
  yield* held.splice(0);
  return yield* json;
}

/** The pieces of the envelope; ends at once where the list turns out not to be whole. */
async function* jsonOf({ entries, head, abandon }: Pages<EntryJson>): ArrivingList['json'] {
  let isBegun = false;
  let bytes = 0;
  for (;;) {
    const step = await entries.next();
    if (step.done) {
      const { first, last, isWhole } = step.value;
      if (!isWholePage(first) || !isWholePage(last)) return last;
      if (!isWhole) return unexpected(first);
      yield Buffer.from((isBegun ? '' : OPENING) + closing(first, first === last));
      return first;
    }
    const pieces = step.value.entries.map(({ json }, index) =>
      isBegun || index > 0 ? behindComma(json) : Buffer.concat([Buffer.from(OPENING), json]),
    );
    bytes += pieces.reduce((sum, { length }) => sum + length, 0);
    if (!step.value.isWholeSoFar || bytes > MAX_LIST_BYTES) {
      abandon();
      return unexpected(head());
    }
    isBegun ||= pieces.length > 0;
    yield* joinNeighbours(pieces);
  }
}

const OPENING = '{"result":{"ipsec_tunnels":[';
const COMMA = Buffer.from(',');

/** Mostly the comma stands there already, and nothing has to be copied. */
function behindComma(json: Buffer): Buffer {
  const { buffer, byteOffset, length } = json;
  const isThere = byteOffset > 0 && new Uint8Array(buffer, byteOffset - 1, 1)[0] === COMMA[0];
  return isThere ? Buffer.from(buffer, byteOffset - 1, length + 1) : Buffer.concat([COMMA, json]);
}

/** The same bytes in as few pieces as can be without copying them. */
function joinNeighbours(pieces: readonly Buffer[]): Buffer[] {
  const joined: Buffer[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && last.buffer === piece.buffer && last.byteOffset + last.length === piece.byteOffset) {
      joined[joined.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + piece.length);
    } else joined.push(piece);
  }
  return joined;
}

/** What stands behind the entries: the rest of the first page. */
function closing({ envelope, result }: WholePage, isOnlyPage: boolean): string {
  const { ipsec_tunnels: _entries, ...besideEntries } = result;
  const { result: _result, result_info, ...besideResult } = envelope;
  // A list of several pages is one page now.
  const pages = isOnlyPage && result_info !== undefined ? { result_info } : {};
  return `]${membersBehind(besideEntries)}}${membersBehind({ ...besideResult, ...pages })}}`;
}

/** An object's members as JSON, to stand behind those of another one. */
function membersBehind(object: object): string {
  const members = JSON.stringify(object).slice(1, -1);
  return members === '' ? '' : `,${members}`;
}

function isSuccess(end: UpstreamResponse): end is EnvelopeResponse<unknown> {
  return end.kind === 'response' && end.success;
}

function unexpected({ status, cfRay, retryAfter }: ResponseHead): UpstreamResponse {
  return { kind: 'unintelligible', status, cfRay, retryAfter, content: 'an unexpected result' };
}

interface Pages<Entry> {
  /** Those of all pages, each ID once, and whether so far every entry could be read and has an ID of its own. */
  readonly entries: AsyncGenerator<{ readonly entries: readonly Entry[]; readonly isWholeSoFar: boolean }, PagesEnd>;
  /** That of the first page, which must have come. */
  head(): ResponseHead;
  /** Ends what is under way; no page is requested any more. */
  abandon(): void;
}

interface PagesEnd {
  readonly first: PageEnd;
  /** Of the last page that was read, or could not be read. */
  readonly last: PageEnd;
  readonly isWhole: boolean;
  /** When the first page had arrived, by the clock of `performance.now()`. */
  readonly receivedAt: number;
}

function readPages<Entry extends { readonly id: string }>(
  limitMs: number,
  requestPage: RequestPage<Entry>,
): Pages<Entry> {
  let firstPage: OpenPage<Entry> | undefined;
  let current: OpenPage<Entry> | undefined;
  let isAbandoned = false;
  let leftMs = limitMs;
  /** What is waited for, at the cost of the time limit. */
  const withinLimit = async <Result>(result: Promise<Result>): Promise<Result> => {
    const since = performance.now();
    const awaited = await result;
    leftMs -= performance.now() - since;
    return awaited;
  };

  async function* entries(): Pages<Entry>['entries'] {
    const infos: (ResultInfo | null | undefined)[] = [];
    const ids = new Set<string>();
    let count = 0;
    let first: WholePage | undefined;
    let receivedAt = 0;
    const end = (last: PageEnd, isWhole = false): PagesEnd => ({ first: first ?? last, last, isWhole, receivedAt });
    for (let query: string | undefined = ''; ; ) {
      if (isAbandoned) return end({ kind: 'connection-lost', reason: 'abandoned' });
      if (leftMs <= 0) return end({ kind: 'timed-out' });
      const page = await withinLimit(requestPage(query, leftMs));
      if (page.kind !== 'page') return end(page);
      firstPage ??= page;
      current = page;
      if (isAbandoned) page.abandon();
      const countBefore = count;
      let next = await withinLimit(page.read());
      for (; 'entries' in next; next = await withinLimit(page.read())) {
        count += next.count;
        const fresh = next.entries.filter(({ id }) => !ids.has(id) && ids.add(id));
        yield { entries: fresh, isWholeSoFar: ids.size === count };
      }
      if (!isWholePage(next)) return end(next);
      if (first === undefined) receivedAt = performance.now();
      first ??= next;
      const info = readResultInfo(next);
      infos.push(info);
      query = nextQuery(info, count);
      if (query === undefined) return end(next, ids.size === count && agree(infos, count));
      // A page that was not asked for is the first one again, where the upstream does not know the parameter.
      const isAnother = info?.page !== undefined && info.page !== null && info.page !== infos.length;
      if (isAnother || count === countBefore || infos.length === MAX_PAGES) return end(next);
    }
  }

  return {
    entries: entries(),
    head() {
      if (firstPage === undefined) throw new Error('no page has come');
      return firstPage;
    },
    abandon() {
      isAbandoned = true;
      current?.abandon();
    },
  };
}

/** `undefined` where there is none, `null` where it cannot be read. */
function readResultInfo({ envelope }: WholePage): ResultInfo | null | undefined {
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

/** Whether every page could be understood and says, if anything, that there are as many tunnels as were read. */
function agree(infos: readonly (ResultInfo | null | undefined)[], count: number): boolean {
  return (
    infos.every((info) => info !== null && (info?.total_count ?? count) === count) &&
    (infos.length === 1 || infos.every((info) => info !== undefined))
  );
}
