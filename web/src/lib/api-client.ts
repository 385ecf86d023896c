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
    }
  /** No response at all: the server is down, or the connection broke on the way there or back. */
  | { readonly kind: 'no-response' }
  /** Something between the page and its server responded instead. */
  | { readonly kind: 'unintelligible'; readonly status: number; readonly reference: CallReference };

/** Calls a path of this server, with `body` as JSON where there is one. Never rejects, and never retries. */
export async function callApi(
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiResponse> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(
      path,
      body === undefined ? { headers: { ...FROM_SCRIPT, ...headers } } : jsonPost(body, headers),
    );
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
  };
}

/** Has a proxy in front respond with 401 when a sign-in has ended, not redirect a script to a sign-in page it cannot show. */
const FROM_SCRIPT = { accept: 'application/json', 'x-requested-with': 'XMLHttpRequest' };

function jsonPost(body: unknown, headers: Readonly<Record<string, string>>): RequestInit {
  return {
    method: 'POST',
    headers: { ...FROM_SCRIPT, ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
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
