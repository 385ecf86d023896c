// Calls to this desk's own server. Every ending is a value: a caller decides what it means for the person.

import { type Envelope, envelopeSchema } from '@tunnel-desk/shared/api/envelope';

/** What identifies a call to your administrator (request ID) and to Cloudflare's support (ray). */
export interface CallReference {
  readonly requestId: string | undefined;
  readonly cfRay: string | undefined;
}

export type ApiResponse =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly envelope: Envelope;
      readonly reference: CallReference;
      /** How long the response asks to wait before the next call, in seconds. */
      readonly retryAfterS: number | undefined;
      /** The tag of the version that the response shows, for `If-Match`. */
      readonly etag?: string | undefined;
    }
  /** No response at all: the server is down, or the connection broke on the way there or back. */
  | { readonly kind: 'no-response' }
  /** Something between the page and its server responded instead. */
  | { readonly kind: 'unintelligible'; readonly status: number; readonly reference: CallReference };

type Headers = Readonly<Record<string, string>>;

export interface ApiRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Headers;
  /** Sent as JSON; nothing is sent where it is absent. */
  readonly body?: unknown;
}

/** Reads a path of this server or, with a `body`, posts it there as JSON. Never rejects, and never retries. */
export function callApi(path: string, body?: unknown, headers: Headers = {}): Promise<ApiResponse> {
  return body === undefined ? call(path, { headers }) : sendToApi(path, { method: 'POST', body, headers });
}

/** Has a path of this server do something. Never rejects, and never retries. */
export function sendToApi(path: string, { method, headers, body }: ApiRequest): Promise<ApiResponse> {
  if (body === undefined) return call(path, { method, headers: { ...headers } });
  return call(path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Has a proxy in front respond with 401 when a sign-in has ended, not redirect a script to a sign-in page it cannot show. */
const FROM_SCRIPT = { accept: 'application/json', 'x-requested-with': 'XMLHttpRequest' };

async function call(path: string, init: RequestInit & { readonly headers: Headers }): Promise<ApiResponse> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, { ...init, headers: { ...FROM_SCRIPT, ...init.headers } });
    text = await response.text();
  } catch {
    return { kind: 'no-response' };
  }
  const { status, headers: received } = response;
  const reference = {
    requestId: received.get('x-request-id') ?? undefined,
    cfRay: received.get('cf-ray') ?? undefined,
  };
  const envelope = envelopeSchema.safeParse(parseJson(text));
  if (!envelope.success) return { kind: 'unintelligible', status, reference };
  return {
    kind: 'response',
    status,
    envelope: envelope.data,
    reference,
    retryAfterS: secondsUntilRetry(received.get('retry-after')),
    etag: received.get('etag') ?? undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After` (RFC 9110 section 10.2.3) is a number of seconds or a date. */
function secondsUntilRetry(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
