// What the caller is told of a call to Cloudflare: pure, from how the call ended to the response of this server.

import { CHANGES, type ChangeAction } from '@tunnel-desk/shared/api/changes';
import { type EnvelopeMessage, failureEnvelope, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, isDeskCode, RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
import type { OpenOutcome } from '@tunnel-desk/shared/api/submissions';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import { type ApiResponse, failure } from '../http/response.ts';
import type { EarlierChange, RecordedChange } from '../submissions/change.ts';

/** What looking has found out so far about a change whose own response left it open. */
export type Reconciliation =
  /** It was done, with what stands for the result that was lost. */
  | { readonly kind: 'done'; readonly result: unknown }
  /** It was looked for until it was certain that nothing was done. */
  | { readonly kind: 'not-done' }
  /** Not known yet. */
  | ({ readonly kind: 'unknown' } & OpenOutcome);

interface LookWords {
  readonly done: string;
  readonly notDone: string;
  readonly notSoFar: string;
}

/** What a look saw, in the middle of a sentence. */
const LOOKS: Readonly<Record<ChangeAction, LookWords>> = {
  create: {
    done: 'the tunnel was found by looking for it',
    notDone: 'the tunnel was looked for and does not exist',
    notSoFar: 'the tunnel was not there',
  },
  update: {
    done: 'the tunnel was looked at and has the new values',
    notDone: 'the tunnel was looked at and was not changed',
    notSoFar: 'the tunnel was not changed',
  },
  delete: {
    done: 'the tunnel was looked for and is gone',
    notDone: 'the tunnel was looked for and still exists',
    notSoFar: 'the tunnel was still there',
  },
  'generate-psk': {
    done: 'the tunnel was looked at and has a new key',
    notDone: 'the tunnel was looked at and its key was not changed',
    notSoFar: 'its key was not changed',
  },
};

/** What Cloudflare sent, or why there is nothing of it. */
export function responseTo(upstream: UpstreamResponse): ApiResponse {
  switch (upstream.kind) {
    case 'response': {
      const { status, envelope, cfRay, retryAfter } = upstream;
      return { status, envelope, cfRay, retryAfter };
    }
    case 'unreachable':
      return failure('upstreamUnreachable', `Cloudflare could not be reached (${upstream.reason}); nothing was sent`);
    case 'connection-lost':
      return failure('upstreamConnectionLost', `the connection to Cloudflare broke off (${upstream.reason})`);
    case 'timed-out':
      return failure('upstreamTimedOut', 'Cloudflare did not respond in time');
    case 'unintelligible': {
      const { status, content, cfRay, retryAfter } = upstream;
      const own =
        status === 429
          ? failure('upstreamRateLimited', 'Cloudflare asked this server to slow down')
          : failure('upstreamUnintelligible', `status ${status} with ${content}, not from Cloudflare's API`);
      return { ...own, cfRay, retryAfter };
    }
  }
}

/**
 * What the caller of a change is told where the tunnel could not be read right before it: Cloudflare's own refusal, such as
 * that there is no such tunnel, or that nothing was sent, with the reason behind it.
 */
export function responseToNotRead(upstream: UpstreamResponse): ApiResponse {
  const response = responseTo(upstream);
  if (response.status < 500) return response;
  const { status, cfRay, retryAfter } = response;
  const message = 'the tunnel could not be read from Cloudflare right before the change, so nothing was sent';
  return { ...failure('notRead', message, causesIn(response)), status: status === 504 ? 504 : 502, cfRay, retryAfter };
}

/**
 * What was found out about a change whose own response, `open`, left it open. Says in words what that response was and
 * what looking has found; behind an error stand the errors of `open`.
 */
export function responseToReconciled(action: ChangeAction, found: Reconciliation, open: ApiResponse): ApiResponse {
  const { cfRay } = open;
  const causes = causesIn(open);
  const whatCame = describe(causes, open.status);
  switch (found.kind) {
    case 'done': {
      const message = capitalized(`${whatCame}; ${LOOKS[action].done}.`);
      return { status: 200, envelope: successEnvelope(found.result, [{ code: RECONCILED_CODE, message }]), cfRay };
    }
    case 'not-done': {
      const message = `${whatCame}; ${LOOKS[action].notDone}, so it is safe to try again`;
      return { ...failure('notDone', message, causes), cfRay };
    }
    case 'unknown': {
      const message = `${whatCame}; ${describeOpen(action, found)}`;
      return { ...failure('outcomeUnknown', message, causes), status: open.status === 504 ? 504 : 502, cfRay };
    }
  }
}

/** A key that was generated, and whose response was lost, so that nobody has it. */
export function responseToLostKey(open: ApiResponse): ApiResponse {
  const causes = causesIn(open);
  const message = `${describe(causes, open.status)}; ${LOOKS['generate-psk'].done}, which nobody can see any more: generate another one`;
  return { ...failure('keyNotShown', message, causes), cfRay: open.cfRay };
}

/** What is known so far, and until when this desk keeps looking. */
function describeOpen(action: ChangeAction, { lookedAt, until, found }: OpenOutcome): string {
  const whether = `whether the tunnel was ${CHANGES[action].participle} is not known yet`;
  const goesOn = until === undefined ? 'this desk keeps looking' : `this desk keeps looking until ${until}`;
  if (found !== undefined) return `${whether}, ${goesOn}. ${found}`;
  if (lookedAt !== undefined) return `${LOOKS[action].notSoFar} as of ${lookedAt}, and ${goesOn}`;
  return `${whether}: it could not be looked for so far, and ${goesOn}`;
}

/** A refusal of a create that asks for the same as an earlier one, whose outcome was not known when it was refused. */
export function responseAfterEarlier(refused: ApiResponse, { at, resourceId }: EarlierChange): ApiResponse {
  const earlier = `an earlier create of the same tunnel, sent at ${at.toISOString()},`;
  const message =
    resourceId === undefined
      ? `${earlier} may have made it: its outcome is not known yet`
      : `${earlier} has made it: its ID is ${resourceId}`;
  const errors = [...refused.envelope.errors, { code: ERRORS.earlierCreate.code, message }];
  return { ...refused, envelope: failureEnvelope(errors) };
}

/** What every change tells its caller, in the words of its own. */
export function responsesOf(
  action: ChangeAction,
): Pick<RecordedChange, 'action' | 'respond' | 'respondNotDone' | 'respondOpen' | 'interrupted'> {
  return {
    action,
    respond: responseTo,
    respondNotDone: (open) => responseToReconciled(action, { kind: 'not-done' }, open),
    respondOpen: (open, known) => responseToReconciled(action, { kind: 'unknown', ...known }, open),
    interrupted: responseToInterrupted(action),
  };
}

/** What stands for the response to a change that was under way when this server was last stopped. */
export function responseToInterrupted(action: ChangeAction): ApiResponse {
  return failure('interrupted', `this server was stopped while the tunnel was being ${CHANGES[action].participle}`);
}

/** The errors of the response, without the one by which this server says that the outcome is unknown. */
function causesIn({ status, envelope }: ApiResponse): readonly EnvelopeMessage[] {
  const causes = envelope.errors.filter(({ code }) => code !== ERRORS.outcomeUnknown.code);
  if (causes.length > 0) return causes.map((cause) => (isDeskCode(cause.code) ? cause : { status, ...cause }));
  return [{ code: ERRORS.upstreamUnintelligible.code, message: `status ${status} without an error` }];
}

function describe(causes: readonly EnvelopeMessage[], status: number): string {
  const [first] = causes;
  if (first !== undefined && isDeskCode(first.code)) return first.message;
  const errors = causes.map(({ code, message }) => `${message} (${code})`).join(', ');
  return `Cloudflare responded with status ${first?.status ?? status}: ${errors}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
