// What became of a submission, in three parts: what happened, was anything created, what now.

import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import { type Created, ERRORS, mayHaveCreated } from '@tunnel-desk/shared/api/errors';
import { createdTunnelSchema, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { fromPointer } from '@tunnel-desk/shared/issues';
import type { ApiAnswer, CallReference } from '../../lib/api-client.ts';
import type { FieldRefusal } from './judgement.ts';
import { FIELD_LABELS, type FieldName, fieldOfPath, isFieldName } from './tunnel-form.ts';

export type Action = 'validate' | 'create';

export type Outcome =
  | { readonly kind: 'validated'; readonly messages: readonly string[]; readonly cfRay: string | undefined }
  | { readonly kind: 'created'; readonly tunnel: IpsecTunnel; readonly messages: readonly string[] }
  | Failure;

export interface Failure {
  readonly kind: 'failed';
  /** What happened. */
  readonly title: string;
  readonly created: Created;
  /** What to do now. */
  readonly whatNow: string;
  /** What was said of single fields. */
  readonly refusals: readonly FieldRefusal[];
  /** What else was said. */
  readonly notes: readonly string[];
  /** Before which another try is pointless, in seconds. */
  readonly retryAfterS?: number | undefined;
  /** Whether signing in again is what to do now. */
  readonly needsSignIn?: boolean;
  readonly reference?: CallReference | undefined;
}

const AUTHENTICATION_ERROR = 10000;
const INVALID_TOKEN = 9109;
const NOT_ONBOARDED = 1012;
const UNAUTHORIZED = 401;

const SIGN_IN_ENDED = {
  title: 'Your sign-in has ended.',
  whatNow: 'Sign in again: your entries are kept. Only a pre-shared key must be entered once more.',
};

/** Reads an answer to a submission. Throws nothing: an answer that makes no sense is a failure too. */
export function outcomeOf(action: Action, answer: ApiAnswer): Outcome {
  const created = (failure: Created): Created => (action === 'validate' ? 'no' : failure);
  if (answer.kind === 'no-answer') {
    return failure({
      title: "This page can't reach its server. Your entries are kept.",
      created: created('unknown'),
      whatNow: `Check that the desk is running and that you are on its network. ${retryAdvice(created('unknown'))}`,
    });
  }
  const { status, reference } = answer;
  // A proxy in front that wants a sign-in says so in its own words, and lets nothing through.
  if (answer.kind === 'unintelligible' && status === UNAUTHORIZED) {
    return failure({ ...SIGN_IN_ENDED, created: 'no', needsSignIn: true, reference });
  }
  if (answer.kind === 'unintelligible') {
    return failure({
      title: `Something between this page and its server answered instead (status ${status}).`,
      created: created('unknown'),
      whatNow: `Sign in again or ask whoever runs this desk. ${retryAdvice(created('unknown'))}`,
      reference,
    });
  }
  const { envelope } = answer;
  const messages = envelope.messages.map(({ message }) => message);
  if (envelope.success && action === 'validate') return { kind: 'validated', messages, cfRay: reference.cfRay };
  if (envelope.success) {
    const tunnel = createdTunnelSchema.safeParse(envelope.result);
    if (tunnel.success) return { kind: 'created', tunnel: tunnel.data, messages };
    return failure({
      title: 'The answer has no tunnel in it.',
      created: 'unknown',
      whatNow: retryAdvice('unknown'),
      reference,
    });
  }
  const [error, cause] = envelope.errors;
  const code = error?.code;
  const common = {
    created: created(mayHaveCreated({ status, code })),
    reference,
    needsSignIn: code === ERRORS.notSignedIn.code,
    retryAfterS: status === 429 ? (answer.retryAfterS ?? DEFAULT_WAIT_S) : undefined,
    ...refusalsOf(envelope.errors),
  };
  if (code === ERRORS.idempotencyKeyReused.code)
    return failure({ ...common, ...EARLIER_IS_OPEN, created: created('unknown') });
  // That nobody knows is said above all; these words say what it came from.
  const told = code === ERRORS.outcomeUnknown.code ? cause?.code : code;
  return failure({ ...common, ...wordsFor(status, told, common.created, common.retryAfterS) });
}

/** The create under this form's key is another one, whose outcome the page has not learned; this one was not sent. */
const EARLIER_IS_OPEN = {
  title: 'What became of an earlier create from this form is still open, so this one was not sent.',
  whatNow: 'Check the earlier one first, then create this one.',
};

/** A create that was on its way when its page was left. */
export const INTERRUPTED: Failure = failure({
  title: 'This page was left while the tunnel was being created.',
  created: 'unknown',
  whatNow: 'Its pre-shared key, if it had one, is not kept here.',
});

/** What Cloudflare documents for its limit of 1,200 requests in 5 minutes, when it names no time. */
const DEFAULT_WAIT_S = 60;

function failure(parts: Pick<Failure, 'title' | 'created' | 'whatNow'> & Partial<Failure>): Failure {
  return { kind: 'failed', refusals: [], notes: [], ...parts };
}

function wordsFor(
  status: number,
  code: number | undefined,
  created: Created,
  retryAfterS: number | undefined,
): Pick<Failure, 'title' | 'whatNow'> {
  switch (code) {
    case AUTHENTICATION_ERROR:
    case INVALID_TOKEN:
      return {
        title: `Cloudflare refused this server's token (${code}).`,
        whatNow: 'Whoever runs this desk must renew it; it needs the permission Magic WAN Write.',
      };
    case NOT_ONBOARDED:
      return {
        title: `Cloudflare says this account is not onboarded to Magic WAN (${code}).`,
        whatNow: 'Choose another account, or have it onboarded first.',
      };
    case ERRORS.accountNotAllowed.code:
      return {
        title: 'This desk may not use that account.',
        whatNow: 'Choose another account, or ask whoever runs this desk to add it to CLOUDFLARE_ACCOUNTS.',
      };
    case ERRORS.notSignedIn.code:
      return SIGN_IN_ENDED;
    case ERRORS.notPermitted.code:
      return {
        title: 'Your role does not allow this in that account.',
        whatNow: 'Choose another account, or ask whoever runs this desk for the role.',
      };
    case ERRORS.identityUnavailable.code:
      return { title: "This desk can't check who you are just now.", whatNow: retryAdvice('no') };
    case ERRORS.rateLimited.code:
      return {
        title: `This desk itself asked you to wait ${retryAfterS} s.`,
        whatNow: 'It was asked for too much in one minute, and passed nothing on. Your entries are kept.',
      };
    case ERRORS.upstreamUnreachable.code:
      return { title: "Cloudflare can't be reached.", whatNow: `Nothing was sent. ${retryAdvice('no')}` };
    case ERRORS.notCreated.code:
      return {
        title: "Cloudflare's answer was lost. The desk looked for the tunnel, and it does not exist.",
        whatNow: 'It is safe to create it again.',
      };
    case ERRORS.upstreamTimedOut.code:
      return { title: 'Cloudflare did not answer in time.', whatNow: retryAdvice(created) };
    case ERRORS.upstreamConnectionLost.code:
      return { title: 'The connection to Cloudflare broke off.', whatNow: retryAdvice(created) };
    case ERRORS.upstreamUnintelligible.code:
      return { title: "Something answered, but not as Cloudflare's API does.", whatNow: retryAdvice(created) };
    case ERRORS.interrupted.code:
      return { title: 'This desk was stopped while the tunnel was being created.', whatNow: retryAdvice(created) };
    case ERRORS.auditUnavailable.code:
      return {
        title: 'This desk cannot record what it does, so it sends nothing.',
        whatNow: 'Whoever runs it must see to its disk. Your entries are kept.',
      };
    case ERRORS.internal.code:
      return { title: 'This desk failed.', whatNow: `Give whoever runs it the request ID. ${retryAdvice(created)}` };
    default:
      break;
  }
  if (status === 429) {
    return { title: `Cloudflare asked us to wait ${retryAfterS} s.`, whatNow: 'Your entries are kept.' };
  }
  if (status >= 500) return { title: `Cloudflare failed (status ${status}).`, whatNow: retryAdvice(created) };
  return {
    title: isOwn(code) ? `This desk refused the request (${code}).` : 'Cloudflare refused this tunnel.',
    whatNow: 'Mend what is listed, then try again.',
  };
}

/** Whether the code is one of this server's own. */
function isOwn(code: number | undefined): boolean {
  return code !== undefined && code >= 90000;
}

function retryAdvice(created: Created): string {
  return created === 'unknown'
    ? 'The tunnel may exist: check before retrying.'
    : 'Your entries are kept: try again in a moment.';
}

/** Sorts Cloudflare's errors into those of a field and the rest. */
function refusalsOf(errors: readonly EnvelopeMessage[]): Pick<Failure, 'refusals' | 'notes'> {
  const refusals: FieldRefusal[] = [];
  const notes: string[] = [];
  for (const error of errors) {
    const field = fieldOf(error);
    if (field !== undefined) refusals.push({ field, message: error.message });
    // Of this server's own failures the title says it all.
    else if (!isOwn(error.code)) notes.push(`${error.message} (${error.code})`);
  }
  return { refusals, notes };
}

/** The field an error speaks of: by its pointer, else by the request's own name for a field in its free text. */
function fieldOf({ source, message }: EnvelopeMessage): FieldName | undefined {
  if (source?.pointer !== undefined) return fieldOfPath(fromPointer(source.pointer));
  return FIELD_WORDS.find(([word]) => word.test(message))?.[1];
}

/** Each field's last key as a word; names with an underscore first, because they are never ordinary words. */
const FIELD_WORDS: readonly (readonly [word: RegExp, field: FieldName])[] = Object.keys(FIELD_LABELS)
  .filter(isFieldName)
  .map((field) => ({ field, word: field.split('.').at(-1) ?? field }))
  .filter(({ word }) => word.includes('_') || word === 'name' || word === 'psk')
  .sort((a, b) => Number(b.word.includes('_')) - Number(a.word.includes('_')))
  .map(({ field, word }) => [new RegExp(`(?<![\\w])${word}(?![\\w])`), field]);
