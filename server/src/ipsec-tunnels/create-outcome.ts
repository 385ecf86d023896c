// GET /api/creates/{key}: what became of a create, for a page that has lost its answer.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { createOutcomePath } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance } from 'fastify';
import { identityIn } from '../auth/authentication.ts';
import { mayCreate } from '../auth/identity.ts';
import { sendError } from '../http/errors.ts';
import type { Submissions } from './submissions.ts';

export function registerCreateOutcomeRoute(app: FastifyInstance, submissions: Submissions): void {
  app.get<{ Params: { key: string } }>(createOutcomePath(':key'), async (request, reply) => {
    const create = submissions.find(request.params.key);
    if (create === undefined) return sendError(reply, 'notFound', 'no create was sent under that key');
    if (!mayCreate(identityIn(request), create.accountId)) {
      return sendError(reply, 'notPermitted', 'what became of a create is for the operators of its account');
    }
    return successEnvelope(await create.outcome());
  });
}
