// One HTTP exchange: sent at most once, bounded in time and size, and exact about whether it was sent.

import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** How a call ended that got no whole response. */
export type ExchangeFailure =
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'connection-lost'; readonly reason: string }
  | { readonly kind: 'timed-out' };

interface ExchangeHead {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export type Exchange =
  | (ExchangeHead & {
      /** Empty where the response was too long to be kept. */
      readonly text: string;
      readonly isTooLong?: true;
    })
  | ExchangeFailure;

/** A response whose body still arrives. */
export type OpenExchange = (ExchangeHead & { readonly body: IncomingBody }) | ExchangeFailure;

export interface IncomingBody {
  /**
   * The next bytes, `undefined` behind the last ones of a whole body, or why there are no more. Read one after the other;
   * what is not read is not taken from the connection, but for a buffer or two.
   */
  read(): Promise<Buffer | ExchangeFailure | undefined>;
  /** Ends the connection, unless all has arrived; whoever still reads is told that it was lost. */
  abandon(): void;
  /** For how long the other end was waited for since the request was handed over, in milliseconds. */
  waitedMs(): number;
}

export interface ExchangeRequest {
  /** Such as `https://api.cloudflare.com`. */
  readonly origin: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** In bytes, as they come over the wire; an envelope about one tunnel is a few kilobytes. */
const MAX_RESPONSE_BYTES = 1024 * 1024;
/** How much may have arrived and wait to be read before no more is taken from the connection, in bytes. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** Whether the body of such a response is as it was, not compressed. */
export function isPlain({ 'content-encoding': encoding }: IncomingHttpHeaders): boolean {
  return encoding === undefined || encoding === 'identity';
}

/** Sends the request and reads the whole response, up to so many bytes. Never rejects. */
export async function exchange(
  pool: Pick<Dispatcher, 'dispatch'>,
  timeoutMs: number,
  request: ExchangeRequest,
  maxBytes?: number,
): Promise<Exchange> {
  return readWholly(await openExchange(pool, timeoutMs, request), maxBytes);
}

/** The rest of the response as text, unless it is too long. */
export async function readWholly(opened: OpenExchange, maxBytes = MAX_RESPONSE_BYTES): Promise<Exchange> {
  if (opened.kind !== 'response') return opened;
  const { body, ...head } = opened;
  const chunks: Buffer[] = [];
  let received = 0;
  for (let piece = await body.read(); piece !== undefined; piece = await body.read()) {
    if (!Buffer.isBuffer(piece)) return piece;
    received += piece.length;
    if (received > maxBytes) {
      body.abandon();
      // What was read could pass for the whole: an envelope, and white space up to the limit.
      return { ...head, text: '', isTooLong: true };
    }
    chunks.push(piece);
  }
  return { ...head, text: Buffer.concat(chunks).toString('utf8') };
}

/**
 * Sends the request and waits for the head of the response. Never rejects. `unreachable` says that not a byte of the request
 * left: the pool calls `onRequestStart` right before it writes, and until then nothing can have happened at the other end.
 * Only time spent waiting for the other end counts against the limit, in milliseconds, and not that between two reads.
 */
export function openExchange(
  pool: Pick<Dispatcher, 'dispatch'>,
  timeoutMs: number,
  request: ExchangeRequest,
): Promise<OpenExchange> {
  return new Promise((resolve) => {
    let wasSent = false;
    let controller: Dispatcher.DispatchController | undefined;
    const unread: Buffer[] = [];
    let unreadBytes = 0;
    let end: 'whole' | ExchangeFailure | undefined;
    let reader: ((piece: Buffer | ExchangeFailure | undefined) => void) | undefined;

    const finish = (how: 'whole' | ExchangeFailure) => {
      if (end !== undefined) return;
      end = how;
      limit.stop();
      // Of no effect where the head has come.
      if (how !== 'whole') resolve(how);
      reader?.(how === 'whole' ? undefined : how);
      reader = undefined;
    };
    const limit = timeLimit(timeoutMs, () => {
      finish(wasSent ? { kind: 'timed-out' } : { kind: 'unreachable', reason: `no connection within ${timeoutMs} ms` });
      controller?.abort(new Error('given up'));
    });

    const body: IncomingBody = {
      read() {
        const piece = unread.shift();
        if (piece !== undefined) {
          unreadBytes -= piece.length;
          if (unread.length === 0) controller?.resume();
          return Promise.resolve(piece);
        }
        if (end !== undefined) return Promise.resolve(end === 'whole' ? undefined : end);
        limit.start();
        return new Promise((resolveRead) => {
          reader = resolveRead;
        });
      },
      abandon() {
        if (end === 'whole') return;
        finish({ kind: 'connection-lost', reason: 'abandoned' });
        unread.length = 0;
        controller?.abort(new Error('abandoned'));
      },
      waitedMs: limit.usedMs,
    };

    limit.start();
    pool.dispatch(request, {
      onRequestStart(started) {
        // When the time ran out while the request waited for a connection, it must not be sent any more; nor may it be sent
        // a second time, however the first one ended.
        if (end !== undefined || wasSent) {
          started.abort(new Error('given up'));
          return;
        }
        controller = started;
        wasSent = true;
      },
      onResponseStart(_controller, status, headers) {
        // Interim responses (1xx) come this way too.
        if (status < 200) return;
        limit.stop();
        resolve({ kind: 'response', status, headers, body });
      },
      onResponseData(_controller, piece) {
        if (end !== undefined) return;
        limit.stop();
        if (reader !== undefined) {
          reader(piece);
          reader = undefined;
          return;
        }
        unread.push(piece);
        unreadBytes += piece.length;
        if (unreadBytes > MAX_UNREAD_BYTES) controller?.pause();
      },
      onResponseEnd: () => finish('whole'),
      onResponseError(_controller, error) {
        const reason = reasonOf(error);
        finish(wasSent ? { kind: 'connection-lost', reason } : { kind: 'unreachable', reason });
      },
    });
  });
}

/** A time limit that counts only while it runs. */
function timeLimit(limitMs: number, onReached: () => void) {
  let leftMs = limitMs;
  let running: { readonly timer: NodeJS.Timeout; readonly since: number } | undefined;
  return {
    start() {
      running ??= { timer: setTimeout(onReached, Math.max(0, leftMs)), since: performance.now() };
    },
    stop() {
      if (running === undefined) return;
      clearTimeout(running.timer);
      leftMs -= performance.now() - running.since;
      running = undefined;
    },
    usedMs: () => limitMs - leftMs + (running === undefined ? 0 : performance.now() - running.since),
  };
}

/** A code or a few words, without anything the other end wrote. */
function reasonOf(error: Error): string {
  // undici reports a proxy that refuses in these words alone.
  const [, proxyStatus] = /^Proxy response \((\d+)\)/.exec(error.message) ?? [];
  if (proxyStatus !== undefined) return `the proxy responded with ${proxyStatus}`;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
