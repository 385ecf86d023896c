// One HTTP exchange: sent at most once, bounded in time and size, and exact about whether it was sent.

import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

export type Exchange =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      /** Empty where the response was too long to be kept. */
      readonly text: string;
      readonly isTooLong?: true;
    }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'connection-lost'; readonly reason: string }
  | { readonly kind: 'timed-out' };

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

/**
 * Sends the request and reads the whole response. Never rejects. `unreachable` says that not a byte of the request left:
 * the pool calls `onRequestStart` right before it writes, and until then nothing can have happened at the other end.
 */
export function exchange(
  pool: Pick<Dispatcher, 'dispatch'>,
  timeoutMs: number,
  request: ExchangeRequest,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let isSettled = false;
    let wasSent = false;
    let abort: (() => void) | undefined;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let received = 0;
    const chunks: Buffer[] = [];

    const settle = (outcome: Exchange) => {
      isSettled = true;
      clearTimeout(timer);
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      settle(wasSent ? { kind: 'timed-out' } : { kind: 'unreachable', reason: `no connection within ${timeoutMs} ms` });
      abort?.();
    }, timeoutMs);

    pool.dispatch(request, {
      onRequestStart(controller) {
        abort = () => controller.abort(new Error('given up'));
        // When the time ran out while the request waited for a connection, it must not be sent any more; nor may it be sent
        // a second time, however the first one ended.
        if (isSettled || wasSent) abort();
        else wasSent = true;
      },
      // Interim responses (1xx) come this way too; the last one counts.
      onResponseStart(_controller, responseStatus, responseHeaders) {
        status = responseStatus;
        headers = responseHeaders;
      },
      onResponseData(controller, chunk) {
        received += chunk.length;
        if (received <= MAX_RESPONSE_BYTES) {
          chunks.push(chunk);
          return;
        }
        // What was read could pass for the whole: an envelope, and white space up to the limit.
        settle({ kind: 'response', status, headers, text: '', isTooLong: true });
        controller.abort(new Error(`the response is longer than ${MAX_RESPONSE_BYTES} bytes`));
      },
      onResponseEnd() {
        settle({ kind: 'response', status, headers, text: Buffer.concat(chunks).toString('utf8') });
      },
      onResponseError(_controller, error) {
        if (isSettled) return;
        const reason = reasonOf(error);
        settle(wasSent ? { kind: 'connection-lost', reason } : { kind: 'unreachable', reason });
      },
    });
  });
}

/** A code or a few words, without anything the other end wrote. */
function reasonOf(error: Error): string {
  // undici reports a proxy that refuses in these words alone.
  const [, proxyStatus] = /^Proxy response \((\d+)\)/.exec(error.message) ?? [];
  if (proxyStatus !== undefined) return `the proxy responded with ${proxyStatus}`;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
