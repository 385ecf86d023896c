// GET /api/audit and its export: who did what, for the operators of the accounts in which it was done.

import { Readable } from 'node:stream';
import { AUDIT_RESULTS, type AuditPage } from '@tunnel-desk/shared/api/audit';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { AUDIT_EXPORT_PATH, AUDIT_PATH } from '@tunnel-desk/shared/api/paths';
import { cloudflareIdentifier } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { identityIn } from '../api/authentication.ts';
import { inApi } from '../api/prefix.ts';
import { sendError } from '../http/errors.ts';
import type { AuditLog, EntryFilter } from './audit-log.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
/** How many entries the export reads at a time: little to hold in memory, and no other request waits long for its turn. */
const EXPORT_BATCH = 500;

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const filterShape = {
  person: z.string().min(1).optional(),
  account: cloudflareIdentifier.optional(),
  /** The resource's name. */
  resource: z.string().min(1).optional(),
  /** The name of an IPsec tunnel. */
  tunnel: z.string().min(1).optional(),
  outcome: z.enum(AUDIT_RESULTS).optional(),
};
const exportQuerySchema = z.strictObject(filterShape).refine(hasOneName);
const pageQuerySchema = z
  .strictObject({
    ...filterShape,
    before: wholeNumber.optional(),
    limit: wholeNumber.pipe(z.number().min(1).max(MAX_LIMIT)).default(DEFAULT_LIMIT),
  })
  .refine(hasOneName);

export function registerAuditRoutes(app: FastifyInstance, auditLog: AuditLog): void {
  app.get(inApi(AUDIT_PATH), { onRequest: requireOperator }, async (request, reply) => {
    const query = pageQuerySchema.safeParse({ ...Object(request.query) });
    if (!query.success) return refuseQuery(reply);
    const { before, limit, ...filter } = query.data;
    const page: AuditPage = await auditLog.page(toEntryFilter(request, filter), limit, before);
    return successEnvelope(page);
  });

  app.get(inApi(AUDIT_EXPORT_PATH), { onRequest: requireOperator }, async (request, reply) => {
    const query = exportQuerySchema.safeParse({ ...Object(request.query) });
    if (!query.success) return refuseQuery(reply);
    reply.header('content-type', 'application/x-ndjson; charset=utf-8');
    reply.header('content-disposition', 'attachment; filename="audit.ndjson"');
    return reply.send(Readable.from(exportLines(auditLog, toEntryFilter(request, query.data))));
  });
}

/** Newest first, a line of JSON each, read no faster than the client takes it. */
async function* exportLines(auditLog: AuditLog, filter: EntryFilter): AsyncGenerator<string> {
  for (let before: number | undefined; ; ) {
    const { entries, next } = await auditLog.page(filter, EXPORT_BATCH, before);
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    if (next === null) return;
    before = next;
  }
}

async function requireOperator(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { create } = identityIn(request).permissions;
  if (create === 'every-account' || create.length > 0) return undefined;
  return sendError(reply, 'notPermitted', 'the audit log is for operators');
}

function hasOneName({ resource, tunnel }: { readonly resource?: unknown; readonly tunnel?: unknown }): boolean {
  return resource === undefined || tunnel === undefined;
}

/** Only the accounts whose operator the person is: entries of others are not found. */
function toEntryFilter(
  request: FastifyRequest,
  { person, account, resource, tunnel, outcome }: z.infer<typeof exportQuerySchema>,
): EntryFilter {
  const { create } = identityIn(request).permissions;
  const wanted = account === undefined ? undefined : [account];
  const accountIds = create === 'every-account' ? wanted : create.filter((id) => wanted?.includes(id) ?? true);
  return {
    ...{ person, accountIds, result: outcome },
    resourceKind: tunnel === undefined ? undefined : 'ipsec-tunnel',
    resourceName: tunnel ?? resource,
  };
}

function refuseQuery(reply: FastifyReply): FastifyReply {
  return sendError(
    reply,
    'invalidQuery',
    `the query parameters are person, account (its ID), resource (its name) or tunnel (that of an IPsec tunnel), and outcome (${AUDIT_RESULTS.join(', ')}), for a page also before and limit (1 to ${MAX_LIMIT}), each at most once`,
  );
}
