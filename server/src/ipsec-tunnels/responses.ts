// What the caller is told of a call to Cloudflare: pure, from how the call ended to the response of this server.

import { type EnvelopeMessage, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, isDeskCode, RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
import type { Reconciliation } from '../cloudflare/reconcile.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import { type ApiResponse, failure } from '../http/response.ts';

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
      return { ...failure('notCreated', message, causes), cfRay };
    }
    case 'unknown': {
      const message = `${whatCame}; whether the tunnel was created is not known, and it could not be looked for`;
      return { ...failure('outcomeUnknown', message, causes), status: open.status, cfRay };
    }
  }
}

/** What stands for the response to a create that was under way when this server was last stopped. */
export const INTERRUPTED: ApiResponse = failure(
  'interrupted',
  'this server was stopped while the tunnel was being created',
);

/** The errors of the response, without the one by which this server says that the outcome is unknown. */
function causesIn({ status, envelope }: ApiResponse): readonly EnvelopeMessage[] {
  const causes = envelope.errors.filter(({ code }) => code !== ERRORS.outcomeUnknown.code);
  if (causes.length > 0) return causes.map((cause) => (isDeskCode(cause.code) ? cause : { ...cause, status }));
  return [{ code: ERRORS.upstreamUnintelligible.code, message: `status ${status} without an error` }];
}

function describe(causes: readonly EnvelopeMessage[], status: number): string {
  const [first] = causes;
  if (first !== undefined && isDeskCode(first.code)) return first.message;
  const errors = causes.map(({ code, message }) => `${message} (${code})`).join(', ');
  return `Cloudflare responded with status ${status}: ${errors}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
