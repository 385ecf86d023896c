// Intents beside the last of their outcomes, as the database joins them, and the entries of the audit log they are read as.

import { type AuditEntry, auditEntrySchema } from '@tunnel-desk/shared/api/audit';
import { fromStoredText } from './chain.js';
import { intentSeal, outcomeSeal } from './chain-sql.ts';
import type { Row } from './thread-messages.ts';

/** What {@link toEntry} reads, in this order. */
export const ENTRY_COLUMNS = `
  intents.id, intents.at, request_id, person, person_name, account_id, action, resource_kind,
  coalesce(intents.resource_id, outcomes.resource_id), resource_name, request, resource_before,
  outcomes.at, result, status, codes, cf_ray, duration_ms, reconciled`;

/** Which of an intent's outcomes counts. */
export const IS_LAST = 'outcomes.id = (SELECT max(id) FROM outcomes WHERE intent_id = intents.id)';
/** Every intent, beside the last of its outcomes if there is one. */
export const FROM_ALL = `FROM intents LEFT JOIN outcomes ON ${IS_LAST}`;
/** Those with an outcome: from the few outcomes to their intents (CROSS JOIN keeps that order), not through everything. */
export const FROM_ENDED = `FROM outcomes CROSS JOIN intents ON intents.id = intent_id AND ${IS_LAST}`;

const IS_CHAINED = "link.kind = 'outcome' AND link.row_id = outcomes.id";
const EVERY_OUTCOME = `
  SELECT group_concat(
    json_of(outcomes.at, result, status, codes, cf_ray, duration_ms, reconciled, outcomes.resource_id, outcomes.id,
      position, hash, ${outcomeSeal('outcomes')}),
    char(10) ORDER BY outcomes.id)
  FROM outcomes LEFT JOIN chain AS link ON ${IS_CHAINED}
  WHERE intent_id = intents.id AND (position IS NULL OR position <= ?1)`;
/** What {@link toExportedEntry} reads, in this order; `?1` is the last position of the chain to read. */
export const EXPORT_COLUMNS = `
  intents.id, intents.at, request_id, person, person_name, account_id, action, resource_kind, intents.resource_id,
  resource_name, request, resource_before, intent_link.position, intent_link.hash, ${intentSeal('intents')}, (${EVERY_OUTCOME})`;
/** Behind {@link FROM_ALL} or {@link FROM_ENDED}. */
export const JOIN_LINKS =
  "LEFT JOIN chain AS intent_link ON intent_link.kind = 'intent' AND intent_link.row_id = intents.id";

/** How many columns of a row are the intent's, which of them is the ID of the resource, and how many are an outcome's. */
const INTENT_COLUMNS = 12;
const RESOURCE_ID = 8;
const OUTCOME_COLUMNS = 7;

/** Throws where a row is not what this server writes. */
export function toEntry(row: Row): AuditEntry {
  return auditEntrySchema.parse({
    ...intentOf(row),
    outcome: toOutcome(row.slice(INTENT_COLUMNS), row[RESOURCE_ID]),
  });
}

/**
 * An entry as it was at a position of the chain, with all its links, as `exportedEntrySchema` has it. Not parsed by that: it
 * is only written out again, and parsing would fill the memory with what an export throws away.
 */
export function toExportedEntry(row: Row): object {
  const [position, hash, seal, texts] = row.slice(INTENT_COLUMNS);
  const ownId = row[RESOURCE_ID] ?? null;
  const outcomes = typeof texts === 'string' ? texts.split('\n').map(toChainedOutcome) : [];
  const last = outcomes.at(-1);
  const resourceId = ownId ?? last?.link.resourceId ?? null;
  return {
    ...intentOf(row.with(RESOURCE_ID, resourceId)),
    outcome: last === undefined ? null : { ...last.outcome, tunnelId: resourceId ?? undefined },
    chain: {
      ...{ position, hash, seal, resourceId: ownId },
      outcomes: outcomes.map(({ link, outcome }) => (link === last?.link ? link : { ...link, outcome })),
    },
  };
}

function toChainedOutcome(text: string) {
  const row: Row = JSON.parse(text);
  const [resourceId, id, position, hash, seal] = row.slice(OUTCOME_COLUMNS);
  return { outcome: toOutcome(row, undefined), link: { id, position, hash, seal, resourceId } };
}

function intentOf(row: Row) {
  const [id, at, requestId, person, personName, accountId, action, kind, resourceId, storedName, request, before] = row;
  const name = fromStoredText(String(storedName));
  return {
    ...{ id, at, requestId, accountId, action },
    ...{ person: fromStoredText(String(person)), personName: fromStoredText(String(personName)) },
    resource: { kind, id: resourceId ?? undefined, name },
    tunnelName: name,
    request: JSON.parse(String(request)),
    before: before === null ? undefined : JSON.parse(String(before)),
  };
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
