// Repeating a call that changes nothing, a bounded number of times inside its time limit.

import { setTimeout as delay } from 'node:timers/promises';
import type { ExchangeFailure } from './exchange.ts';
import type { ResponseHead } from './response.ts';

const MAX_ATTEMPTS = 3;
/** Before the second and third attempt, in milliseconds, before jitter. */
const BACKOFF_MS = [200, 800];
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Calls `attempt` with the time that is left, in milliseconds, again where another try may help: nobody was reached, the
 * connection broke, or the upstream was busy or failed. Waits with full jitter, or as long as `Retry-After` asks where
 * that fits into the time. Only for validations and reads: a create is sent once.
 */
export async function withRetries<Response extends Attempted>(
  timeoutMs: number,
  attempt: (remainingMs: number) => Promise<Response>,
): Promise<Response> {
  const deadline = performance.now() + timeoutMs;
  for (let attempts = 1; ; attempts++) {
    const response = await attempt(deadline - performance.now());
    const wait = attempts < MAX_ATTEMPTS ? waitBeforeRetry(response, attempts) : undefined;
    if (wait === undefined || performance.now() + wait >= deadline) return response;
    await delay(wait);
  }
}

/** How a call ended, as far as it says whether another try may help; a page is one that began to arrive as it should. */
type Attempted =
  | ({ readonly kind: 'response' | 'unintelligible' } & Pick<ResponseHead, 'status' | 'retryAfter'>)
  | ExchangeFailure
  | { readonly kind: 'page' };

/** In milliseconds; `undefined` where another try would not help. */
function waitBeforeRetry(response: Attempted, attempts: number): number | undefined {
  const backoff = Math.random() * (BACKOFF_MS[attempts - 1] ?? 0);
  switch (response.kind) {
    case 'page':
    case 'timed-out':
      return undefined;
    case 'unreachable':
    case 'connection-lost':
      return backoff;
    case 'response':
    case 'unintelligible':
      return response.status === 429 || response.status >= 500
        ? Math.max(0, retryAfterMs(response.retryAfter) ?? backoff)
        : undefined;
  }
}

/**
 * A `Retry-After` that a person can wait for, as it is; `undefined` for one that asks for more than an hour, names a date gone
 * by, or is neither a number of seconds nor a date.
 */
export function plausibleRetryAfter(header: string | undefined): string | undefined {
  const ms = retryAfterMs(header);
  return ms !== undefined && ms >= 0 && ms <= MAX_RETRY_AFTER_MS ? header : undefined;
}

/** How long `Retry-After` asks to wait (RFC 9110 section 10.2.3): a number of seconds, or until a date, perhaps gone by. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const until = parseHttpDate(header);
  // A date has whole seconds only.
  return until === undefined ? undefined : Math.ceil((until - Date.now()) / 1000) * 1000;
}

/** A date of HTTP (RFC 9110 section 5.6.7) in milliseconds since the epoch; `undefined` for anything else. */
export function parseHttpDate(text: string | undefined): number | undefined {
  const time = text !== undefined && HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** `Date.parse` alone takes nearly anything for a date. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
