// This server's own failures, 90000 to 90999, in the one place that lists them.

/**
 * What a failure means for the tunnel a create asked for.
 * `no`: it was not created. `unknown`: the request was on its way, and no answer says how it ended.
 */
export type Created = 'no' | 'unknown';

export const ERRORS = {
  internal: { code: 90000, status: 500 },
  invalidBody: { code: 90001, status: 400 },
  malformedJson: { code: 90002, status: 400 },
  invalidQuery: { code: 90003, status: 400 },
  invalidHeader: { code: 90004, status: 400 },
  invalidAccountId: { code: 90005, status: 400 },
  badRequest: { code: 90006, status: 400 },
  accountNotAllowed: { code: 90010, status: 403 },
  notFound: { code: 90011, status: 404 },
  bodyTooLarge: { code: 90012, status: 413 },
  notJson: { code: 90013, status: 415 },
  /** The host name is not this desk's: a page whose name was rebound to its address. */
  foreignHost: { code: 90014, status: 421 },
  /** Another site's page asked for a change. */
  foreignOrigin: { code: 90015, status: 403 },
  /** Cloudflare could not be reached: nothing was sent. */
  upstreamUnreachable: { code: 90020, status: 502 },
  /** The connection broke after the request may have been sent. */
  upstreamConnectionLost: { code: 90021, status: 502 },
  /** Something answered, but not in Cloudflare's envelope: HTML, cut short, another shape. */
  upstreamUnintelligible: { code: 90022, status: 502 },
  /** No whole answer within the time limit. */
  upstreamTimedOut: { code: 90023, status: 504 },
  /** A 429 that is not in the envelope; one that is keeps Cloudflare's own code. */
  upstreamRateLimited: { code: 90024, status: 429 },
  /** The outcome of a create was not known; it was looked for, and the tunnel does not exist. */
  notCreated: { code: 90025, status: 502 },
  /** The outcome of a create is not known, and could not be looked for; the error behind it says why. */
  outcomeUnknown: { code: 90026, status: 502 },
  /** The server was stopped while a create was on its way; the error before it says what that means. */
  interrupted: { code: 90027, status: 502 },
  /** The idempotency key was used for another create: nothing was sent. */
  idempotencyKeyReused: { code: 90028, status: 422 },
  /** Nobody is signed in, or not any more: nothing was sent. */
  notSignedIn: { code: 90030, status: 401 },
  /** The person's role does not allow it: nothing was sent. */
  notPermitted: { code: 90031, status: 403 },
  /** Who the person is cannot be checked just now: nothing was sent. */
  identityUnavailable: { code: 90032, status: 503 },
  /** The person, or a stranger's address, asked for more than this server takes in a minute: nothing was sent. */
  rateLimited: { code: 90033, status: 429 },
  /** The audit trail cannot be written: nothing was sent. */
  auditUnavailable: { code: 90040, status: 503 },
  /** The server is on its way out: nothing was sent. */
  stopping: { code: 90060, status: 503 },
  /** A check of readiness fails. */
  notReady: { code: 90061, status: 503 },
} as const;

export type ErrorName = keyof typeof ERRORS;

/** The code of a message, not an error: the create was not answered, and its tunnel was found by looking. */
export const RECONCILED_CODE = 90100;

const OUTCOME_UNKNOWN = new Set<number>([
  ERRORS.internal.code,
  ERRORS.upstreamConnectionLost.code,
  ERRORS.upstreamUnintelligible.code,
  ERRORS.upstreamTimedOut.code,
  ERRORS.outcomeUnknown.code,
  ERRORS.interrupted.code,
]);

/**
 * Whether a create that failed this way may have created the tunnel. A 5xx of Cloudflare's own leaves it open too:
 * the request had reached it. A call with `validate_only=true` never creates anything, however it ends.
 */
export function mayHaveCreated(failure: { readonly status: number; readonly code: number | undefined }): Created {
  const { status, code } = failure;
  if (code !== undefined && code >= 90000 && code <= 90999) return OUTCOME_UNKNOWN.has(code) ? 'unknown' : 'no';
  return status >= 500 ? 'unknown' : 'no';
}
