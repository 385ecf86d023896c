// How a call to Cloudflare ended.

import type { Envelope } from '@tunnel-desk/shared/api/envelope';

/** What is kept of the head of a response, without any secret of the call. */
export interface ResponseHead {
  readonly status: number;
  readonly cfRay: string | undefined;
  readonly retryAfter: string | undefined;
  /** What its `Date` says, in milliseconds since the epoch. */
  readonly serverTime?: number | undefined;
}

/** A response in Cloudflare's envelope; a success has its result parsed beside it. */
export type EnvelopeResponse<Result> = ResponseHead & {
  readonly kind: 'response';
  /** As Cloudflare sent it, without any secret of the call. */
  readonly envelope: Envelope;
} & ({ readonly success: true; readonly result: Result } | { readonly success: false });

export type UpstreamResponse<Result = unknown> = EnvelopeResponse<Result> | NoResponse;

/** A response that is JSON, whatever it says. */
export type JsonResponse = { readonly kind: 'json'; readonly head: ResponseHead; readonly json: unknown } | NoResponse;

/** Nothing that can be read as the API's response. */
export type NoResponse =
  /** Something responded, but not as Cloudflare's API does. */
  | (ResponseHead & { readonly kind: 'unintelligible'; readonly content: UnexpectedContent })
  /** Nothing was sent. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The connection broke after the request may have been sent. */
  | { readonly kind: 'connection-lost'; readonly reason: string }
  /** No whole response within the time limit, after the request may have been sent. */
  | { readonly kind: 'timed-out' };

/** What a response had instead of what was expected, in words that quote nothing of it. */
export type UnexpectedContent =
  | 'HTML'
  | 'no content'
  | 'too much content'
  | 'compressed content'
  | 'content that is not JSON'
  | 'JSON of another form'
  | 'an unexpected result'
  | 'a tunnel of other values than were sent';

/** What a log line may say of a response. */
export function summaryOf(response: UpstreamResponse): Record<string, unknown> {
  if (response.kind === 'unintelligible') {
    const { serverTime: _, ...rest } = response;
    return rest;
  }
  if (response.kind !== 'response') return { ...response };
  const { kind, status, cfRay, envelope } = response;
  return { kind, status, cfRay, codes: envelope.errors.map(({ code }) => code) };
}
