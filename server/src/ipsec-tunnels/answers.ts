// How a call to Cloudflare that ended somehow is answered: pure, from what the upstream did to what the caller reads.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
import type { UpstreamAnswer } from '../cloudflare/answer.ts';
import type { Reconciliation } from '../cloudflare/reconcile.ts';
import { type Answer, failure } from '../http/answer.ts';

/** What the upstream said, or what became of the call. */
export function answerTo(upstream: UpstreamAnswer): Answer {
  switch (upstream.kind) {
    case 'answered': {
      const { status, envelope, cfRay, retryAfter } = upstream;
      return { status, envelope, cfRay, retryAfter };
    }
    case 'unreachable':
      return failure('upstreamUnreachable', `Cloudflare could not be reached (${upstream.reason}); nothing was sent`);
    case 'connection-lost':
      return failure('upstreamConnectionLost', `the connection to Cloudflare broke off (${upstream.reason})`);
    case 'timed-out':
      return failure('upstreamTimedOut', 'Cloudflare did not answer in time');
    case 'unintelligible': {
      const { status, cfRay, retryAfter } = upstream;
      const own =
        status === 429
          ? failure('upstreamRateLimited', 'Cloudflare asked this server to slow down')
          : failure(
              'upstreamUnintelligible',
              `something answered with status ${status}, but not as Cloudflare's API does`,
            );
      return { ...own, cfRay, retryAfter };
    }
  }
}

/** What was found out about a create whose own answer, `lost`, left it open. */
export function answerToReconciled(found: Reconciliation, lost: Answer): Answer {
  const { cfRay } = lost;
  switch (found.kind) {
    case 'created':
      return {
        status: 200,
        envelope: successEnvelope(found.tunnel, [
          { code: RECONCILED_CODE, message: "Cloudflare's answer was lost; the tunnel was found by looking." },
        ]),
        cfRay,
      };
    case 'not-created':
      return {
        ...failure(
          'notCreated',
          "Cloudflare's answer was lost; the tunnel was looked for and does not exist, so it is safe to try again",
        ),
        cfRay,
      };
    case 'unknown': {
      const message = 'whether the tunnel was created is not known, and it could not be looked for';
      return { ...failure('outcomeUnknown', message, lost.envelope.errors), status: lost.status, cfRay };
    }
  }
}

/** What stands for the answer of a create that the last stop of this server left without one. */
export const INTERRUPTED: Answer = failure('interrupted', 'this server was stopped while the tunnel was being created');
