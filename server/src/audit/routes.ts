// GET /api/audit, its export and its verification: who did what. Operators read what was done in their accounts, viewers what
// they did themselves.

import { Readable } from 'node:stream';
import { AUDIT_ACTIONS, AUDIT_RESULTS, type AuditPage } from '@tunnel-desk/shared/api/audit';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { AUDIT_EXPORT_PATH, AUDIT_PATH, AUDIT_VERIFY_PATH } from '@tunnel-desk/shared/api/paths';
import { cloudflareIdentifier } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { identityIn } from '../api/authentication.ts';
import { inApi } from '../api/prefix.ts';
import { sendError } from '../http/errors.ts';
import type { AuditLog, EntryFilters } from './audit-log.ts';
import { momentSchema } from './moment.ts';
import { visibleEntries } from './visible-entries.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
/** How many exports are sent at once. */
const MAX_EXPORTS = 4;
/** When to ask again where there are too many, in seconds. */
const RETRY_EXPORT_AFTER_S = 10;

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
  /** The ID of one. */
  tunnel_id: z.string().min(1).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  since: momentSchema('first').optional(),
  until: momentSchema('last').optional(),
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
  app.get(inApi(AUDIT_PATH), async (request, reply) => {
    const query = pageQuerySchema.safeParse({ ...Object(request.query) });
    if (!query.success) return refuseQuery(reply);
    const { before, limit, ...filter } = query.data;
    const page: AuditPage = await auditLog.page(toEntryFilters(request, filter), limit, before);
    return successEnvelope(page);
  });

  let exports = 0;
  app.get(inApi(AUDIT_EXPORT_PATH), async (request, reply) => {
    const query = exportQuerySchema.safeParse({ ...Object(request.query) });
    if (!query.success) return refuseQuery(reply);
    if (exports >= MAX_EXPORTS) {
      reply.header('retry-after', RETRY_EXPORT_AFTER_S);
      return sendError(reply, 'tooManyExports', `${MAX_EXPORTS} exports are under way; try again when one has ended`);
    }
    exports += 1;
    reply.raw.once('close', () => {
      exports -= 1;
    });
    reply.header('content-type', 'application/x-ndjson; charset=utf-8');
    reply.header('content-disposition', 'attachment; filename="audit.ndjson"');
    return reply.send(Readable.from(exportLines(auditLog, toEntryFilters(request, query.data))));
  });

  app.get(inApi(AUDIT_VERIFY_PATH), { onRequest: requireOperator }, async () =>
    successEnvelope(await auditLog.verify()),
  );
}

/** A line of JSON for each entry, read no faster than the client takes it. */
async function* exportLines(auditLog: AuditLog, filters: EntryFilters): AsyncGenerator<string> {
  for await (const entries of auditLog.export(filters)) yield entries.map(toLine).join('');
}

/** Some programs take U+2028 and U+2029 for the end of a line; JSON may have them escaped. */
function toLine(entry: object): string {
  return `${JSON.stringify(entry).replace(/[\u2028\u2029]/g, (each) => (each === '\u2028' ? '\\u2028' : '\\u2029'))}\n`;
}

async function requireOperator(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { change } = identityIn(request).permissions;
  if (change === 'every-account' || change.length > 0) return undefined;
  return sendError(reply, 'notPermitted', 'verifying the audit trail is for operators');
}

function hasOneName({ resource, tunnel }: { readonly resource?: unknown; readonly tunnel?: unknown }): boolean {
  return resource === undefined || tunnel === undefined;
}

function toEntryFilters(
  request: FastifyRequest,
  { account, resource, tunnel, tunnel_id: tunnelId, outcome, ...same }: z.infer<typeof exportQuerySchema>,
): EntryFilters {
  return visibleEntries(identityIn(request), {
    ...same,
    ...{ accountId: account, result: outcome, resourceId: tunnelId, resourceName: tunnel ?? resource },
    resourceKind: tunnel === undefined && tunnelId === undefined ? undefined : 'ipsec-tunnel',
  });
}

function refuseQuery(reply: FastifyReply): FastifyReply {
  return sendError(
    reply,
    'invalidQuery',
    [
      'the query parameters are person, account (its ID), resource (its name) or tunnel (that of an IPsec tunnel), tunnel_id',
      `action (${AUDIT_ACTIONS.join(', ')})`,
      `outcome (${AUDIT_RESULTS.join(', ')})`,
      'since and until (a moment in ISO 8601 and UTC, or a date)',
      `for a page also before (the next of another page) and limit (1 to ${MAX_LIMIT}), each at most once`,
    ].join(', '),
  );
}
