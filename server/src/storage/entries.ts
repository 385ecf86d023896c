// Intents beside the last of their outcomes, as the database joins them, and the entries of the audit log they are read as.

import { type AuditEntry, auditEntrySchema } from '@tunnel-desk/shared/api/audit';
import type { Row } from './thread-messages.ts';

/** What {@link toEntry} reads, in this order. */
export const ENTRY_COLUMNS = `
  intents.id, intents.at, request_id, person, person_name, account_id, action, resource_kind,
  coalesce(intents.resource_id, outcomes.resource_id), resource_name, request,
  outcomes.at, result, status, codes, cf_ray, duration_ms, reconciled`;

const IS_LAST = 'outcomes.id = (SELECT max(id) FROM outcomes WHERE intent_id = intents.id)';
/** Every intent, beside the last of its outcomes if there is one. */
export const FROM_ALL = `FROM intents LEFT JOIN outcomes ON ${IS_LAST}`;
/** Those with an outcome: from the few outcomes to their intents (CROSS JOIN keeps that order), not through everything. */
export const FROM_ENDED = `FROM outcomes CROSS JOIN intents ON intents.id = intent_id AND ${IS_LAST}`;

/** Throws where a row is not what this server writes. */
export function toEntry(row: Row): AuditEntry {
  const [id, at, requestId, person, personName, accountId, action, kind, resourceId, name, request, ...outcome] = row;
  return auditEntrySchema.parse({
    ...{ id, at, requestId, person, personName, accountId, action },
    resource: { kind, id: resourceId ?? undefined, name },
    tunnelName: name,
    request: JSON.parse(String(request)),
    outcome: toOutcome(outcome, resourceId),
  });
}

function toOutcome(row: Row, tunnelId: Row[number] | undefined) {
  const [at, result, status, codes, cfRay, durationMs, reconciled] = row;
  if (result === null) return null;
  return {
    ...{ at, result },
    status: status ?? undefined,
    codes: JSON.parse(String(codes)),
    cfRay: cfRay ?? undefined,
    tunnelId: tunnelId ?? undefined,
    durationMs: durationMs ?? undefined,
    reconciled: reconciled === 1,
  };
}
