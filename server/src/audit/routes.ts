// GET /api/audit and its export: who did what, for the operators of the accounts in which it was done.

import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AUDIT_RESULTS, type AuditPage } from '@tunnel-desk/shared/api/audit';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { AUDIT_EXPORT_PATH, AUDIT_PATH } from '@tunnel-desk/shared/api/paths';
import { cloudflareIdentifier } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { identityIn } from '../api/authentication.ts';
import { inApi } from '../api/prefix.ts';
import { sendError } from '../http/errors.ts';
import type { AuditTrail, EntryFilter } from './trail.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
/** How many entries the export reads at a time: little to hold in memory, and no other request waits long. */
const EXPORT_BATCH = 500;

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const filterShape = {
  person: z.string().min(1).optional(),
  account: cloudflareIdentifier.optional(),
  tunnel: z.string().min(1).optional(),
  outcome: z.enum(AUDIT_RESULTS).optional(),
};
const exportQuerySchema = z.strictObject(filterShape);
const pageQuerySchema = z.strictObject({
  ...filterShape,
  before: wholeNumber.optional(),
  limit: wholeNumber.pipe(z.number().min(1).max(MAX_LIMIT)).default(DEFAULT_LIMIT),
});

export function registerAuditRoutes(app: FastifyInstance, trail: AuditTrail): void {
  app.get(inApi(AUDIT_PATH), { onRequest: requireOperator }, async (request, reply) => {
    const query = pageQuerySchema.safeParse({ ...Object(request.query) });
    if (!query.success) return refuseQuery(reply);
    const { before, limit, ...filter } = query.data;
    const page: AuditPage = trail.page(toEntryFilter(request, filter), limit, before);
    return successEnvelope(page);
  });

  app.get(inApi(AUDIT_EXPORT_PATH), { onRequest: requireOperator }, async (request, reply) => {
    const query = exportQuerySchema.safeParse({ ...Object(request.query) });
    if (!query.success) return refuseQuery(reply);
    reply.header('content-type', 'application/x-ndjson; charset=utf-8');
    reply.header('content-disposition', 'attachment; filename="audit.ndjson"');
    return reply.send(Readable.from(exportLines(trail, toEntryFilter(request, query.data))));
  });
}

/** Newest first, a line of JSON each; whoever reads slowly makes it wait. */
async function* exportLines(trail: AuditTrail, filter: EntryFilter): AsyncGenerator<string> {
  for (let before: number | undefined; ; ) {
    const { entries, next } = trail.page(filter, EXPORT_BATCH, before);
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    if (next === null) return;
    before = next;
    await nextTurn();
  }
}

async function requireOperator(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { create } = identityIn(request).permissions;
  if (create === 'every-account' || create.length > 0) return undefined;
  return sendError(reply, 'notPermitted', 'the audit trail is for operators');
}

/** Narrowed to the accounts whose operator the person is: of others there is nothing to find. */
function toEntryFilter(
  request: FastifyRequest,
  { person, account, tunnel, outcome }: z.infer<typeof exportQuerySchema>,
): EntryFilter {
  const { create } = identityIn(request).permissions;
  const wanted = account === undefined ? undefined : [account];
  const accountIds = create === 'every-account' ? wanted : create.filter((id) => wanted?.includes(id) ?? true);
  return { person, accountIds, tunnelName: tunnel, result: outcome };
}

function refuseQuery(reply: FastifyReply): FastifyReply {
  return sendError(
    reply,
    'invalidQuery',
    `the query parameters are person, account (its ID), tunnel (its name) and outcome (${AUDIT_RESULTS.join(', ')}), for a page also before and limit (1 to ${MAX_LIMIT}), each at most once`,
  );
}
