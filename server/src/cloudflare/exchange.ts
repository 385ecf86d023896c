// One HTTP exchange over a pool: sent at most once, bounded in time and size, and exact about whether it was sent.

import type { IncomingHttpHeaders } from 'node:http';
import type { Pool } from 'undici';

export type Exchange =
  | { readonly kind: 'response'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'connection-lost'; readonly reason: string }
  | { readonly kind: 'timed-out' };

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** In bytes; an envelope about one tunnel is a few kilobytes. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

/**
 * Sends the request and reads the whole response. Never rejects. `unreachable` says that not a byte of the request left:
 * the pool calls `onRequestStart` right before it writes, and until then nothing can have happened at the other end.
 */
export function exchange(pool: Pool, timeoutMs: number, request: ExchangeRequest): Promise<Exchange> {
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
    const settleWithResponse = () => {
      settle({ kind: 'response', status, headers, text: Buffer.concat(chunks).toString('utf8') });
    };
    const timer = setTimeout(() => {
      settle(wasSent ? { kind: 'timed-out' } : { kind: 'unreachable', reason: `no connection within ${timeoutMs} ms` });
      abort?.();
    }, timeoutMs);

    pool.dispatch(request, {
      onRequestStart(controller) {
        abort = () => controller.abort(new Error('the time is up'));
        // When the time ran out while the request waited for a connection, it must not be sent any more.
        if (isSettled) abort();
        else wasSent = true;
      },
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
        // What was read of it is cut short, so nobody can take it for a whole envelope.
        settleWithResponse();
        controller.abort(new Error(`the response is longer than ${MAX_RESPONSE_BYTES} bytes`));
      },
      onResponseEnd() {
        settleWithResponse();
      },
      onResponseError(_controller, error) {
        if (isSettled) return;
        const reason = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
        settle(wasSent ? { kind: 'connection-lost', reason } : { kind: 'unreachable', reason });
      },
    });
  });
}
