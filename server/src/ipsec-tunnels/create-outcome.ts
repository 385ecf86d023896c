// GET /api/creates/{key}: how a create ended, for a page that did not get its response.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { createOutcomePath } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance } from 'fastify';
import { identityIn } from '../api/authentication.ts';
import { inApi } from '../api/prefix.ts';
import { mayCreate } from '../auth/identity.ts';
import { sendError } from '../http/errors.ts';
import type { Submissions } from './submissions.ts';

export function registerCreateOutcomeRoute(app: FastifyInstance, submissions: Submissions): void {
  app.get<{ Params: { key: string } }>(inApi(createOutcomePath(':key')), async (request, reply) => {
    const create = submissions.find(request.params.key.toLowerCase());
    if (create === undefined) return sendError(reply, 'notFound', 'no create was sent under that key');
    if (!mayCreate(identityIn(request), create.accountId)) {
      return sendError(reply, 'notPermitted', 'the outcome of a create is for the operators of its account');
    }
    return successEnvelope(await create.outcome());
  });
}
