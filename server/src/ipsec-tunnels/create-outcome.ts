// GET /api/submissions/{key}: how a submission ended, for a page that did not get its response.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { effectOf } from '@tunnel-desk/shared/api/errors';
import { submissionPath } from '@tunnel-desk/shared/api/paths';
import type { SubmissionOutcome } from '@tunnel-desk/shared/api/submissions';
import { createdTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { FastifyInstance } from 'fastify';
import { identityIn } from '../api/authentication.ts';
import { inApi } from '../api/prefix.ts';
import { mayChange } from '../auth/identity.ts';
import { sendError } from '../http/errors.ts';
import type { FoundOutcome, Submissions } from '../submissions/submissions.ts';

export function registerSubmissionOutcomeRoute(app: FastifyInstance, submissions: Submissions): void {
  app.get<{ Params: { key: string } }>(inApi(submissionPath(':key')), async (request, reply) => {
    const create = await submissions.find(request.params.key.toLowerCase());
    if (create?.resourceKind !== 'ipsec-tunnel' || create.action !== 'create') {
      return sendError(reply, 'notFound', 'no create was sent under that key');
    }
    if (!mayChange(identityIn(request), create.accountId)) {
      return sendError(reply, 'notPermitted', 'the outcome of a create is for the operators of its account');
    }
    return successEnvelope(createOutcome(await create.outcome()));
  });
}

/** Reads the tunnel from the response, because a recorded one comes from the journal as JSON. */
function createOutcome(outcome: FoundOutcome): SubmissionOutcome {
  if (outcome.kind === 'open') return { kind: 'unknown', ...outcome.known };
  const { status, envelope } = outcome.response;
  const tunnel = envelope.success ? createdTunnelSchema.safeParse(envelope.result).data : undefined;
  if (tunnel !== undefined) return { kind: 'done', tunnel };
  return { kind: effectOf({ status, code: envelope.errors[0]?.code }) === 'none' ? 'not-done' : 'unknown' };
}
