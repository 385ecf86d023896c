// What became of a submission, in three parts: what happened, was anything created, what now.

import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, explainError, isDeskCode, mayHaveCreated, retryAdvice } from '@tunnel-desk/shared/api/errors';
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
  /** Whether the tunnel may exist now. */
  readonly mayExist: boolean;
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

const UNAUTHORIZED = 401;

/** Reads an answer to a submission. Throws nothing: an answer that makes no sense is a failure too. */
export function outcomeOf(action: Action, answer: ApiAnswer): Outcome {
  // A validation never creates anything, however it ends.
  const isCreate = action === 'create';
  if (answer.kind === 'no-answer') {
    return failure({
      title: "This page can't reach its server. Your entries are kept.",
      mayExist: isCreate,
      whatNow: `Check that the desk is running and that you are on its network. ${retryAdvice(isCreate)}`,
    });
  }
  const { status, reference } = answer;
  // A proxy in front that wants a sign-in says so in its own words, and lets nothing through.
  if (answer.kind === 'unintelligible' && status === UNAUTHORIZED) {
    return failure({
      ...explainError({ status, code: ERRORS.notSignedIn.code }, { mayExist: false, retryAfterS: undefined }),
      mayExist: false,
      needsSignIn: true,
      reference,
    });
  }
  if (answer.kind === 'unintelligible') {
    return failure({
      title: `Something between this page and its server answered instead (status ${status}).`,
      mayExist: isCreate,
      whatNow: `Sign in again or ask your administrator. ${retryAdvice(isCreate)}`,
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
      mayExist: true,
      whatNow: retryAdvice(true),
      reference,
    });
  }
  const [error, cause] = envelope.errors;
  const code = error?.code;
  const common = {
    mayExist: isCreate && mayHaveCreated({ status, code }),
    reference,
    needsSignIn: code === ERRORS.notSignedIn.code,
    retryAfterS: status === 429 ? (answer.retryAfterS ?? DEFAULT_WAIT_S) : undefined,
    ...refusalsOf(envelope.errors),
  };
  // The create under this form's key is another one, whose outcome the page has not learned; this one was not sent.
  if (code === ERRORS.idempotencyKeyReused.code) common.mayExist = isCreate;
  // That nobody knows is said above all; these words say what it came from.
  const told = code === ERRORS.outcomeUnknown.code ? cause?.code : code;
  return failure({ ...common, ...explainError({ status, code: told }, common) });
}

/** A create that was on its way when its page was left. */
export const INTERRUPTED: Failure = failure({
  title: 'This page was left while the tunnel was being created.',
  mayExist: true,
  whatNow: 'Its pre-shared key, if it had one, is not kept here.',
});

/** What Cloudflare documents for its limit of 1,200 requests in 5 minutes, when it names no time. */
const DEFAULT_WAIT_S = 60;

function failure(parts: Pick<Failure, 'title' | 'mayExist' | 'whatNow'> & Partial<Failure>): Failure {
  return { kind: 'failed', refusals: [], notes: [], ...parts };
}

/** Sorts Cloudflare's errors into those of a field and the rest. */
function refusalsOf(errors: readonly EnvelopeMessage[]): Pick<Failure, 'refusals' | 'notes'> {
  const refusals: FieldRefusal[] = [];
  const notes: string[] = [];
  for (const error of errors) {
    const field = fieldOf(error);
    if (field !== undefined) refusals.push({ field, message: error.message });
    // Of this server's own failures the title says it all.
    else if (!isDeskCode(error.code)) notes.push(`${error.message} (${error.code})`);
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
