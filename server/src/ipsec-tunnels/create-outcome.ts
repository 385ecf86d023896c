// GET /api/creates/{key}: how a create ended, for a page that did not get its response.

import type { CreateOutcome } from '@tunnel-desk/shared/api/creates';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { mayHaveCreated } from '@tunnel-desk/shared/api/errors';
import { createOutcomePath } from '@tunnel-desk/shared/api/paths';
import { createdTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { FastifyInstance } from 'fastify';
import { identityIn } from '../api/authentication.ts';
import { inApi } from '../api/prefix.ts';
import { mayCreate } from '../auth/identity.ts';
import { sendError } from '../http/errors.ts';
import type { FoundOutcome, Submissions } from '../submissions/submissions.ts';

export function registerCreateOutcomeRoute(app: FastifyInstance, submissions: Submissions): void {
  app.get<{ Params: { key: string } }>(inApi(createOutcomePath(':key')), async (request, reply) => {
    const create = await submissions.find(request.params.key.toLowerCase());
    if (create?.resourceKind !== 'ipsec-tunnel' || create.action !== 'create') {
      return sendError(reply, 'notFound', 'no create was sent under that key');
    }
    if (!mayCreate(identityIn(request), create.accountId)) {
      return sendError(reply, 'notPermitted', 'the outcome of a create is for the operators of its account');
    }
    return successEnvelope(createOutcome(await create.outcome()));
  });
}

/** Reads the tunnel from the response, because a recorded one comes from the journal as JSON. */
function createOutcome(outcome: FoundOutcome): CreateOutcome {
  if (outcome.kind === 'open') return { kind: 'unknown', ...outcome.known };
  const { status, envelope } = outcome.response;
  const tunnel = envelope.success ? createdTunnelSchema.safeParse(envelope.result).data : undefined;
  if (tunnel !== undefined) return { kind: 'created', tunnel };
  return { kind: mayHaveCreated({ status, code: envelope.errors[0]?.code }) ? 'unknown' : 'not-created' };
}
