// What the caller is told of a call to Cloudflare: pure, from how the call ended to the response of this server.

import { type EnvelopeMessage, failureEnvelope, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, isDeskCode, RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
import type { OpenOutcome } from '@tunnel-desk/shared/api/submissions';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { TunnelList } from '../cloudflare/tunnel-list.ts';
import { type ApiResponse, failure } from '../http/response.ts';
import type { EarlierChange } from '../submissions/change.ts';

/** What looking for the tunnel of a create has found out so far. */
export type Reconciliation =
  | { readonly kind: 'created'; readonly tunnel: IpsecTunnel }
  /** It was looked for until it was certain that it is not there. */
  | { readonly kind: 'not-created' }
  /** Not known yet. */
  | ({ readonly kind: 'unknown' } & OpenOutcome);

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

/** A list that is not whole is not passed on: what it lacks would pass for what does not exist. */
export function responseToList(upstream: UpstreamResponse<TunnelList>): ApiResponse {
  if (upstream.kind !== 'response' || !upstream.success || upstream.result.isComplete) return responseTo(upstream);
  const { status, cfRay, retryAfter } = upstream;
  return responseTo({ kind: 'unintelligible', status, cfRay, retryAfter, content: 'an unexpected result' });
}

/**
 * What was found out about a create whose own response, `open`, left it open. Says in words what that response was and
 * what looking for the tunnel found; behind an error stand the errors of `open`.
 */
export function responseToReconciled(found: Reconciliation, open: ApiResponse): ApiResponse {
  const { cfRay } = open;
  const causes = causesIn(open);
  const whatCame = describe(causes, open.status);
  switch (found.kind) {
    case 'created': {
      const message = capitalized(`${whatCame}; the tunnel was found by looking for it.`);
      return { status: 200, envelope: successEnvelope(found.tunnel, [{ code: RECONCILED_CODE, message }]), cfRay };
    }
    case 'not-created': {
      const message = `${whatCame}; the tunnel was looked for and does not exist, so it is safe to try again`;
      return { ...failure('notDone', message, causes), cfRay };
    }
    case 'unknown': {
      const message = `${whatCame}; ${describeOpen(found)}`;
      return { ...failure('outcomeUnknown', message, causes), status: open.status === 504 ? 504 : 502, cfRay };
    }
  }
}

/** What is known so far, and until when this desk keeps looking. */
function describeOpen({ lookedAt, until, found }: OpenOutcome): string {
  const goesOn = until === undefined ? 'this desk keeps looking' : `this desk keeps looking until ${until}`;
  if (found !== undefined) return `whether the tunnel was created is not known yet, ${goesOn}. ${found}`;
  if (lookedAt !== undefined) return `the tunnel was not there as of ${lookedAt}, and ${goesOn}`;
  return `whether the tunnel was created is not known yet: it could not be looked for so far, and ${goesOn}`;
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

/** What stands for the response to a create that was under way when this server was last stopped. */
export const INTERRUPTED: ApiResponse = failure(
  'interrupted',
  'this server was stopped while the tunnel was being created',
);

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
