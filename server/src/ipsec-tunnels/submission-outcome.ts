// GET /api/submissions/{key}: how a submission ended, for a page that did not get its response.

import type { ChangeAction } from '@tunnel-desk/shared/api/changes';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { effectOf } from '@tunnel-desk/shared/api/errors';
import { submissionPath } from '@tunnel-desk/shared/api/paths';
import type { SubmissionOutcome } from '@tunnel-desk/shared/api/submissions';
import { createdTunnelSchema, type IpsecTunnel, modifiedTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { FastifyInstance } from 'fastify';
import { identityIn } from '../api/authentication.ts';
import { inApi } from '../api/prefix.ts';
import { mayChange } from '../auth/identity.ts';
import { sendError } from '../http/errors.ts';
import type { FoundOutcome, Submissions } from '../submissions/submissions.ts';

export function registerSubmissionOutcomeRoute(app: FastifyInstance, submissions: Submissions): void {
  app.get<{ Params: { key: string } }>(inApi(submissionPath(':key')), async (request, reply) => {
    const found = await submissions.find(request.params.key.toLowerCase());
    if (found === undefined) return sendError(reply, 'notFound', 'nothing was sent under that key');
    if (!mayChange(identityIn(request), found.accountId)) {
      return sendError(reply, 'notPermitted', 'the outcome of a submission is for the operators of its account');
    }
    return successEnvelope(toSubmissionOutcome(found.action, await found.outcome()));
  });
}

/** Reads the tunnel from the response, because a recorded one comes from the journal as JSON. */
function toSubmissionOutcome(action: ChangeAction, outcome: FoundOutcome): SubmissionOutcome {
  if (outcome.kind === 'open') return { kind: 'unknown', ...outcome.known };
  const { status, envelope } = outcome.response;
  if (envelope.success) return { kind: 'done', tunnel: tunnelIn(action, envelope.result) };
  const effect = effectOf({ status, code: envelope.errors[0]?.code });
  if (effect === 'done') return { kind: 'done' };
  return { kind: effect === 'none' ? 'not-done' : 'unknown' };
}

function tunnelIn(action: ChangeAction, result: unknown): IpsecTunnel | undefined {
  if (action === 'create') return createdTunnelSchema.safeParse(result).data;
  return action === 'update' ? modifiedTunnelSchema.safeParse(result).data?.modified_ipsec_tunnel : undefined;
}
