// What became of a submission, in three parts: what happened, was anything created, what now.

import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, explainError, isDeskCode, mayHaveCreated, retryAdvice } from '@tunnel-desk/shared/api/errors';
import type { ApiResponse, CallReference } from '../lib/api-client.ts';

export type Action = 'validate' | 'create';

export type Outcome<Resource> =
  | { readonly kind: 'validated'; readonly messages: readonly string[]; readonly cfRay: string | undefined }
  | { readonly kind: 'created'; readonly resource: Resource; readonly messages: readonly string[] }
  | Failure;

export interface Failure {
  readonly kind: 'failed';
  /** What happened. */
  readonly title: string;
  /** Whether the resource may exist now. */
  readonly mayExist: boolean;
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
  readonly reference?: CallReference | undefined;
}

/** An error of a response that is about one field of the form. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** How responses about one kind of resource are read. */
export interface ResponseReader<Resource> {
  /** The resource in the result of a create; `undefined` where there is none. */
  resourceIn(result: unknown): Resource | undefined;
  /** The field of the form that an error is about, if it is about one. */
  fieldOf(error: EnvelopeMessage): string | undefined;
}

const UNAUTHORIZED = 401;
/** What Cloudflare documents for its limit of 1,200 requests in 5 minutes, when it names no time. */
const DEFAULT_WAIT_S = 60;

/** Reads the response to a submission. Throws nothing: a response that makes no sense is a failure too. */
export function outcomeOf<Resource>(
  action: Action,
  response: ApiResponse,
  reader: ResponseReader<Resource>,
): Outcome<Resource> {
  // A validation never creates anything, however it ends.
  const isCreate = action === 'create';
  if (response.kind === 'no-response') {
    return failure({
      title: "This page can't reach its server. Your entries are kept.",
      mayExist: isCreate,
      whatNow: `Check that the desk is running and that you are on its network. ${retryAdvice(isCreate)}`,
    });
  }
  const { status, reference } = response;
  // A proxy in front that wants a sign-in says so in its own words, and lets nothing through.
  if (response.kind === 'unintelligible' && status === UNAUTHORIZED) {
    const signInEnded = { status, code: ERRORS.notSignedIn.code };
    return failure({ ...errorParts(signInEnded, { mayExist: false }), needsSignIn: true, reference });
  }
  if (response.kind === 'unintelligible') {
    return failure({
      title: `Something between this page and its server responded instead (status ${status}).`,
      mayExist: isCreate,
      whatNow: `Sign in again or ask your administrator. ${retryAdvice(isCreate)}`,
      reference,
    });
  }
  const { envelope } = response;
  const messages = envelope.messages.map(({ message }) => message);
  if (envelope.success && action === 'validate') return { kind: 'validated', messages, cfRay: reference.cfRay };
  if (envelope.success) {
    const resource = reader.resourceIn(envelope.result);
    if (resource !== undefined) return { kind: 'created', resource, messages };
    return failure({
      title: 'The response does not say what was created.',
      mayExist: true,
      whatNow: retryAdvice(true),
      reference,
    });
  }
  return failure({
    ...errorOutcome(isCreate, response),
    ...sortErrors(envelope.errors, reader),
    reference,
  });
}

type ErrorResponse = Extract<ApiResponse, { readonly kind: 'response' }>;

/** The codes behind which an error says what the outcome came from. */
const OUTCOME_CODES = new Set<number | undefined>([ERRORS.outcomeUnknown.code, ERRORS.notCreated.code]);

function errorOutcome(isCreate: boolean, { status, envelope, retryAfterS }: ErrorResponse) {
  const [error, cause] = envelope.errors;
  const code = error?.code;
  // The create under this form's key is another one, whose outcome the page has not learned; this one was not sent.
  const isEarlierOpen = code === ERRORS.idempotencyKeyReused.code;
  const common = {
    mayExist: isCreate && (isEarlierOpen || mayHaveCreated({ status, code })),
    retryAfterS: status === 429 ? (retryAfterS ?? DEFAULT_WAIT_S) : undefined,
  };
  const parts = {
    ...common,
    needsSignIn: code === ERRORS.notSignedIn.code,
    ...errorParts({ status, code }, common),
  };
  if (cause === undefined || !OUTCOME_CODES.has(code)) return parts;
  // What it came from is said first, then what looking for the resource found.
  const cameFrom = errorParts({ status: cause.status ?? status, code: cause.code }, common);
  return { ...parts, title: `${cameFrom.title}${code === ERRORS.notCreated.code ? ` ${parts.title}` : ''}` };
}

function errorParts(
  error: { readonly status: number; readonly code: number | undefined },
  { mayExist, retryAfterS }: { readonly mayExist: boolean; readonly retryAfterS?: number | undefined },
) {
  return { mayExist, ...explainError(error, { mayExist, retryAfterS }) };
}

/** A create that was under way when its page was left. */
export const INTERRUPTED: Failure = failure({
  title: 'This page was left while the create was under way.',
  mayExist: true,
  whatNow: 'A key that it was sent with is not kept here.',
});

function failure(parts: Pick<Failure, 'title' | 'mayExist' | 'whatNow'> & Partial<Failure>): Failure {
  return { kind: 'failed', fieldErrors: [], details: [], ...parts };
}

/** Sorts errors into those of a field and the rest. */
function sortErrors<Resource>(
  errors: readonly EnvelopeMessage[],
  { fieldOf }: ResponseReader<Resource>,
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
