// This server's own errors, 90000 to 90999, in the one place that lists them: what each means for a change, and what a
// person is told of it.

import { CHANGES, type ChangeAction } from './changes.ts';

/** What a submission that ended in an error has done: nothing, something, or nobody knows which. */
export type Effect = 'none' | 'done' | 'unknown';

interface DeskError {
  readonly code: number;
  /** The HTTP status of the response. */
  readonly status: number;
  /** What a change that ended this way has done; nothing when absent. */
  readonly effect?: Exclude<Effect, 'none'>;
  /** What happened, as a sentence; when absent, the server's own message says it. */
  readonly title?: string;
  /** What to do now; when absent, try again or check first. */
  readonly whatNow?: string;
}

export const ERRORS = {
  internal: {
    code: 90000,
    status: 500,
    effect: 'unknown',
    title: 'This desk failed.',
    whatNow: 'Give your administrator the request ID. {retry}',
  },
  invalidBody: { code: 90001, status: 400 },
  malformedJson: { code: 90002, status: 400 },
  invalidQuery: { code: 90003, status: 400 },
  invalidHeader: { code: 90004, status: 400 },
  invalidAccountId: { code: 90005, status: 400 },
  badRequest: { code: 90006, status: 400 },
  invalidTunnelId: { code: 90007, status: 400 },
  invalidBatchId: { code: 90008, status: 400 },
  accountNotAllowed: {
    code: 90010,
    status: 403,
    title: 'This desk may not use that account.',
    whatNow: 'Choose another account, or ask your administrator to add it to CLOUDFLARE_ACCOUNTS.',
  },
  notFound: { code: 90011, status: 404 },
  bodyTooLarge: { code: 90012, status: 413 },
  notJson: { code: 90013, status: 415 },
  /** The host name is not this desk's: a page whose name was rebound to its address. */
  foreignHost: { code: 90014, status: 421 },
  /** Another site's page asked for a change. */
  foreignOrigin: { code: 90015, status: 403 },
  /** What this server never does to a resource, whoever asks. */
  methodNotAllowed: { code: 90016, status: 405 },
  /** Cloudflare could not be reached: nothing was sent. */
  upstreamUnreachable: {
    code: 90020,
    status: 502,
    title: "Cloudflare can't be reached.",
    whatNow: 'Nothing was sent. Your entries are kept: try again in a moment.',
  },
  /** The connection broke after the request may have been sent. */
  upstreamConnectionLost: {
    code: 90021,
    status: 502,
    effect: 'unknown',
    title: 'The connection to Cloudflare broke off.',
  },
  /** Something responded, but not in Cloudflare's envelope: HTML, cut short, another shape. */
  upstreamUnintelligible: {
    code: 90022,
    status: 502,
    effect: 'unknown',
    title: "Something responded, but not as Cloudflare's API does.",
  },
  /** No whole response within the time limit. */
  upstreamTimedOut: { code: 90023, status: 504, effect: 'unknown', title: 'Cloudflare did not respond in time.' },
  /** A 429 that is not in the envelope; one that is keeps Cloudflare's own code. */
  upstreamRateLimited: { code: 90024, status: 429 },
  /** The outcome of a change was not known; it was looked for until it was certain that nothing was done. */
  notDone: { code: 90025, status: 502, title: '{notDone}', whatNow: 'It is safe to {again}.' },
  /** The outcome of a change is not known yet, and is looked for; the error behind it says why. */
  outcomeUnknown: { code: 90026, status: 502, effect: 'unknown' },
  /** The server was stopped while a change was under way; the error before it says what that means. */
  interrupted: {
    code: 90027,
    status: 502,
    effect: 'unknown',
    title: 'This desk was stopped while the tunnel was being {participle}.',
  },
  /** The idempotency key was used for another submission: nothing was sent. */
  idempotencyKeyReused: {
    code: 90028,
    status: 422,
    title: 'The outcome of an earlier submission from this form is still open, so this one was not sent.',
    whatNow: 'Check the earlier one first, then send this one.',
  },
  /** Beside Cloudflare's refusal: an earlier create of the same tunnel, whose outcome was not known, made it or may have. */
  earlierCreate: { code: 90029, status: 400 },
  /** Nobody is signed in, or not any more: nothing was sent. */
  notSignedIn: {
    code: 90030,
    status: 401,
    title: 'Your sign-in has ended.',
    whatNow: 'Sign in again: your entries are kept. Only a pre-shared key must be entered once more.',
  },
  /** The person's role does not allow it: nothing was sent. */
  notPermitted: {
    code: 90031,
    status: 403,
    title: 'Your role does not allow this in that account.',
    whatNow: 'Choose another account, or ask your administrator for the role.',
  },
  /** Who the person is cannot be checked just now: nothing was sent. */
  identityUnavailable: { code: 90032, status: 503, title: "This desk can't check who you are just now." },
  /** The person, or an unauthenticated client's address, asked for more than this server takes in a minute: nothing was sent. */
  rateLimited: {
    code: 90033,
    status: 429,
    title: 'This desk itself asked you to wait {wait}.',
    whatNow: 'It was asked for too much in one minute, and passed nothing on. Your entries are kept.',
  },
  /** As many exports of the audit trail are under way as this server sends at once. */
  tooManyExports: {
    code: 90034,
    status: 429,
    title: 'This desk is sending as many exports as it can at once.',
    whatNow: 'Try again when one of them has ended.',
  },
  /** The tunnel is not as it was when its form was opened; the result has both versions. Nothing was sent. */
  changedSince: {
    code: 90035,
    status: 412,
    title: 'The tunnel was changed since you opened this form.',
    whatNow: 'Choose which values to keep, then save it.',
  },
  /** A key was generated, and the one response that had it was lost, or was sent already. */
  keyNotShown: {
    code: 90036,
    status: 502,
    effect: 'done',
    title: 'A new key was generated, and nobody can see it any more: its response was lost.',
    whatNow: 'Generate another one, and put it on the router.',
  },
  /** A change begins with reading what is there, and that failed: nothing was sent. */
  notRead: {
    code: 90037,
    status: 502,
    title: 'Cloudflare could not be asked how the tunnel is now, so nothing was sent.',
  },
  /** A batch of that ID was begun with other rows: nothing was kept. */
  batchExists: {
    code: 90038,
    status: 409,
    title: 'Another batch was begun under this ID.',
    whatNow: 'Nothing was created. Your entries are kept: begin it again as a new batch.',
  },
  /** The row of a batch was tried under another idempotency key, and that try made its tunnel or may have: nothing was sent. */
  rowTried: {
    code: 90039,
    status: 409,
    title: 'This row was sent before, perhaps from another browser, and its tunnel was or may have been created.',
    whatNow: 'Nothing was sent this time. Reload the batch to see what became of the row.',
  },
  /** The submission journal cannot be written: nothing was sent. */
  auditUnavailable: {
    code: 90040,
    status: 503,
    title: 'This desk cannot record what it does, so it sends nothing.',
    whatNow: 'Your administrator must check its disk. Your entries are kept.',
  },
  /** What was to be accepted is not what is there, or known, any more: nothing was accepted. */
  driftChanged: {
    code: 90041,
    status: 412,
    title: 'The tunnel was changed, accepted or restored since you looked at it.',
    whatNow: 'Nothing was accepted. Look at what it is now, then decide again.',
  },
  /** The server is stopping: nothing was sent. */
  stopping: { code: 90060, status: 503, title: 'This desk is restarting.' },
  /** A check of readiness fails. */
  notReady: { code: 90061, status: 503 },
} as const satisfies Record<string, DeskError>;

export type ErrorName = keyof typeof ERRORS;

/** The code of a message, not an error: the change's own response was no success, and that it was done was found by looking. */
export const RECONCILED_CODE = 90100;

/** Cloudflare's codes that say more than the message beside them; `{code}` stands for the code. */
const CLOUDFLARE_ERRORS: ReadonlyMap<number, Explanation> = new Map([
  ...[10000, 9109].map((code): [number, Explanation] => [
    code,
    {
      title: "Cloudflare refused this server's token ({code}).",
      whatNow: 'Your administrator must renew it; it needs the permission Magic WAN Write.',
    },
  ]),
  [
    1012,
    {
      title: 'Cloudflare says this account is not onboarded to Magic WAN ({code}).',
      whatNow: 'Choose another account, or have it onboarded first.',
    },
  ],
]);

const DESK_ERRORS: ReadonlyMap<number, DeskError> = new Map(Object.values(ERRORS).map((error) => [error.code, error]));

/** An error as a response carries it. */
export interface ResponseError {
  /** The HTTP status. */
  readonly status: number;
  /** The code of the envelope's first error. */
  readonly code: number | undefined;
}

/** What a person is told of an error. */
export interface Explanation {
  /** What happened. */
  readonly title: string;
  /** What to do now. */
  readonly whatNow: string;
}

/** Whether the code says something of the token or the account: every other change there would end in it too. */
export function isAboutAccount(code: number | undefined): boolean {
  return code !== undefined && (CLOUDFLARE_ERRORS.has(code) || code === ERRORS.notPermitted.code);
}

/** Whether the code is one of this server's own. */
export function isDeskCode(code: number | undefined): boolean {
  return code !== undefined && code >= 90000 && code <= 90999;
}

/**
 * What a change that failed this way has done. A 5xx of Cloudflare's own leaves it open too: the request had reached it.
 * A call with `validate_only=true` never does anything, however it ends.
 */
export function effectOf({ status, code }: ResponseError): Effect {
  if (code !== undefined && isDeskCode(code)) return DESK_ERRORS.get(code)?.effect ?? 'none';
  return status >= 500 ? 'unknown' : 'none';
}

/** What the words about an error depend on beside it. */
export interface ErrorContext {
  /** What was to be done, or validated. */
  readonly action: ChangeAction;
  /** What it has done. */
  readonly effect: Effect;
  /** How long to wait, in seconds. */
  readonly retryAfterS?: number | undefined;
}

/** What a person is told of an error: its own words where it has some, else what its status says. */
export function explainError({ status, code }: ResponseError, context: ErrorContext): Explanation {
  const known = code === undefined ? undefined : (DESK_ERRORS.get(code) ?? CLOUDFLARE_ERRORS.get(code));
  const fallback = explainStatus({ status, code }, context);
  const { notDone, again, participle } = CHANGES[context.action];
  const fill = (text: string) =>
    text
      .replace('{code}', String(code))
      .replace('{wait}', `${context.retryAfterS} s`)
      .replace('{retry}', retryAdvice(context))
      .replace('{notDone}', notDone)
      .replace('{again}', again)
      .replace('{participle}', participle);
  return {
    title: fill(known?.title ?? fallback.title),
    whatNow: fill(known?.whatNow ?? (known?.title === undefined ? fallback.whatNow : '{retry}')),
  };
}

/** Whether to try again or to check first. */
export function retryAdvice({ action, effect }: Pick<ErrorContext, 'action' | 'effect'>): string {
  return effect === 'unknown'
    ? `${CHANGES[action].maybe}: check before retrying.`
    : 'Your entries are kept: try again in a moment.';
}

function explainStatus({ status, code }: ResponseError, context: ErrorContext): Explanation {
  if (status === 429) return { title: 'Cloudflare asked us to wait {wait}.', whatNow: 'Your entries are kept.' };
  if (status >= 500) return { title: `Cloudflare failed (status ${status}).`, whatNow: retryAdvice(context) };
  return {
    title: isDeskCode(code) ? 'This desk refused the request ({code}).' : 'Cloudflare refused this tunnel.',
    whatNow: 'Fix what is listed, then try again.',
  };
}
