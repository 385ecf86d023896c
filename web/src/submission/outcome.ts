// What became of a submission, in three parts: what happened, was anything done, what now.

import { CHANGES, type ChangeAction } from '@tunnel-desk/shared/api/changes';
import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import {
  type Effect,
  ERRORS,
  type ErrorContext,
  effectOf,
  explainError,
  isAboutAccount,
  isDeskCode,
  type ResponseError,
  retryAdvice,
} from '@tunnel-desk/shared/api/errors';
import type { ApiResponse, CallReference } from '../lib/api-client.ts';

/** To have a change validated, or to have it done. */
export type Action = 'validate' | 'send';

export type Outcome<Result> =
  | { readonly kind: 'validated'; readonly messages: readonly string[]; readonly cfRay: string | undefined }
  | { readonly kind: 'done'; readonly result: Result; readonly messages: readonly string[] }
  | Failure;

export interface Failure {
  readonly kind: 'failed';
  /** The code of the first error, where there is one. */
  readonly code?: number | undefined;
  /** Of the response, where there was one in the envelope. */
  readonly status?: number;
  /** What happened. */
  readonly title: string;
  /** What it has done. */
  readonly effect: Effect;
  /** What to do now. */
  readonly whatNow: string;
  /** What was said of single fields. */
  readonly fieldErrors: readonly FieldError[];
  /** What else was said, as sentences. */
  readonly details: readonly string[];
  /** Before which another try is pointless, in seconds. */
  readonly retryAfterS?: number | undefined;
  /** Whether signing in again is what to do now. */
  readonly needsSignIn?: boolean;
  /** Whether nothing else would get through either: the desk or Cloudflare can't be reached, or the token or role is refused. */
  readonly isAboutAll?: boolean;
  readonly reference?: CallReference | undefined;
}

/** An error of a response that is about one field of the form. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** How the responses to one change are read. */
export interface ResponseReader<Result> {
  readonly change: ChangeAction;
  /** What the result of a success says; `undefined` where it is not what it should be. */
  read(result: unknown): Result | undefined;
  /** The field of the form that an error is about, if it is about one. */
  fieldOf(error: EnvelopeMessage): string | undefined;
}

const UNAUTHORIZED = 401;
/** What Cloudflare documents for its limit of 1,200 requests in 5 minutes, when it names no time. */
const DEFAULT_WAIT_S = 60;

/** Reads the response to a submission. Throws nothing: a response that makes no sense is a failure too. */
export function outcomeOf<Result>(
  action: Action,
  response: ApiResponse,
  reader: ResponseReader<Result>,
): Outcome<Result> {
  const { change } = reader;
  // A validation never does anything, however it ends.
  const effect = action === 'send' ? 'unknown' : 'none';
  const advice = retryAdvice({ action: change, effect });
  if (response.kind === 'no-response') {
    return failure({
      title: "This page can't reach its server. Your entries are kept.",
      effect,
      whatNow: `Check that the desk is running and that you are on its network. ${advice}`,
      isAboutAll: true,
    });
  }
  const { status, reference } = response;
  // A proxy in front that wants a sign-in says so in its own words, and lets nothing through.
  if (response.kind === 'unintelligible' && status === UNAUTHORIZED) {
    const signInEnded = { status, code: ERRORS.notSignedIn.code };
    return failure({ ...errorParts(signInEnded, { action: change, effect: 'none' }), needsSignIn: true, reference });
  }
  if (response.kind === 'unintelligible') {
    return failure({
      title: `Something between this page and its server responded instead (status ${status}).`,
      effect,
      whatNow: `Sign in again or ask your administrator. ${advice}`,
      reference,
    });
  }
  const { envelope } = response;
  const messages = envelope.messages.map(({ message }) => message);
  if (envelope.success && action === 'validate') return { kind: 'validated', messages, cfRay: reference.cfRay };
  if (envelope.success) {
    const result = reader.read(envelope.result);
    if (result !== undefined) return { kind: 'done', result, messages };
    return failure({
      title: `The response does not say what was ${CHANGES[change].participle}.`,
      effect,
      whatNow: advice,
      reference,
    });
  }
  return failure({
    ...errorOutcome(change, action, response),
    ...sortErrors(envelope.errors, reader),
    reference,
  });
}

/** Of the desk's errors after which nothing was sent, those that the next submission would end in too. */
const ABOUT_ALL = new Set<number | undefined>([
  ERRORS.upstreamUnreachable.code,
  ERRORS.identityUnavailable.code,
  ERRORS.auditUnavailable.code,
  ERRORS.stopping.code,
]);

type ErrorResponse = Extract<ApiResponse, { readonly kind: 'response' }>;

/** The codes behind which an error says what the outcome came from. */
const OUTCOME_CODES = new Set<number | undefined>([ERRORS.outcomeUnknown.code, ERRORS.notDone.code]);

function errorOutcome(change: ChangeAction, action: Action, { status, envelope, retryAfterS }: ErrorResponse) {
  const [error, cause] = envelope.errors;
  const code = error?.code;
  // The submission under this form's key is another one, whose outcome the page has not learned; this one was not sent.
  const isEarlierOpen = code === ERRORS.idempotencyKeyReused.code;
  const effect: Effect = isEarlierOpen ? 'unknown' : effectOf({ status, code });
  const common = {
    action: change,
    effect: action === 'send' ? effect : 'none',
    retryAfterS: status === 429 ? (retryAfterS ?? DEFAULT_WAIT_S) : undefined,
  };
  const parts = {
    ...common,
    code,
    status,
    isAboutAll: ABOUT_ALL.has(code) || isAboutAccount(code),
    needsSignIn: code === ERRORS.notSignedIn.code,
    ...errorParts({ status, code }, common),
  };
  if (cause === undefined || !OUTCOME_CODES.has(code)) return parts;
  // What it came from is said first, then what looking for the resource found.
  const cameFrom = errorParts({ status: cause.status ?? status, code: cause.code }, common);
  return { ...parts, title: `${cameFrom.title}${code === ERRORS.notDone.code ? ` ${parts.title}` : ''}` };
}

function errorParts(error: ResponseError, context: ErrorContext) {
  return { effect: context.effect, ...explainError(error, context) };
}

/** A submission that was under way when its page was left. */
export const INTERRUPTED: Failure = failure({
  title: 'This page was left before the response came.',
  effect: 'unknown',
  whatNow: 'A key that it was sent with is not kept here.',
});

function failure(parts: Pick<Failure, 'title' | 'effect' | 'whatNow'> & Partial<Failure>): Failure {
  return { kind: 'failed', fieldErrors: [], details: [], ...parts };
}

/** Sorts errors into those of a field and the rest. */
function sortErrors(
  errors: readonly EnvelopeMessage[],
  { fieldOf }: Pick<ResponseReader<unknown>, 'fieldOf'>,
): Pick<Failure, 'fieldErrors' | 'details'> {
  const fieldErrors: FieldError[] = [];
  const details: string[] = [];
  for (const error of errors) {
    const field = fieldOf(error);
    if (field !== undefined) fieldErrors.push({ field, message: error.message });
    else if (!isSaidByTitle(error.code)) details.push(`${error.message} (${error.code})`);
  }
  return { fieldErrors, details };
}

/** This server's own errors of which the title does not say it all. */
const DETAILED_CODES = new Set<number>([
  ERRORS.upstreamUnintelligible.code,
  ERRORS.invalidBody.code,
  ERRORS.earlierCreate.code,
]);

function isSaidByTitle(code: number): boolean {
  return isDeskCode(code) && !DETAILED_CODES.has(code);
}
