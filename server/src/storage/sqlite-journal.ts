// The submission journal in the database.

import { type ApiResponse, apiResponseSchema } from '../http/response.ts';
import type { Intent, Journal, Outcome, RecordedSubmission, ResourceAfter } from '../submissions/journal.ts';
import { toStoredText } from './chain.js';
import type { Database } from './database.ts';
import { ENTRY_COLUMNS, FROM_ALL, FROM_ENDED, toEntry } from './entries.ts';
import { KNOW_GONE, KNOW_RECORDED } from './known-tunnel-sql.ts';
import type { Row } from './thread-messages.ts';

const INSERT_INTENT = `
  INSERT INTO intents
    (at, request_id, person, person_name, account_id, action, resource_kind, resource_id, resource_name, request, options,
     idempotency_key, fingerprint, resource_before)
  SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?12, ?, ?
  WHERE NOT EXISTS (SELECT 1 FROM intents WHERE idempotency_key = ?12) RETURNING id`;
const INSERT_OUTCOME = `
  INSERT INTO outcomes
    (intent_id, at, result, status, codes, cf_ray, resource_id, duration_ms, reconciled, response, intent_account_id)
  VALUES (?1, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT account_id FROM intents WHERE id = ?1))`;
/** Nothing where the resource is another submission's already. */
const INSERT_CLAIM = `
  INSERT INTO outcomes
    (intent_id, at, result, status, codes, cf_ray, resource_id, duration_ms, reconciled, response, intent_account_id)
  SELECT ?1, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT account_id FROM intents WHERE id = ?1)
  WHERE NOT EXISTS (SELECT 1 FROM outcomes WHERE resource_id = ? AND intent_id <> ?) RETURNING id`;
const SELECT_CLAIMED = `
  SELECT DISTINCT resource_id FROM outcomes WHERE resource_id IN (SELECT value FROM json_each(?))`;
const INSERT_INTERRUPTED = `
  INSERT INTO outcomes (intent_id, intent_account_id, at, result, codes, reconciled)
  SELECT id, account_id, ?, 'interrupted', '[]', 0 FROM intents
  WHERE id IN (SELECT id FROM intents EXCEPT SELECT intent_id FROM outcomes) ORDER BY id`;

const SUBMISSION_COLUMNS = `options, idempotency_key, fingerprint, response, ${ENTRY_COLUMNS}`;
const SELECT_BY_KEY = `SELECT ${SUBMISSION_COLUMNS} ${FROM_ALL} WHERE idempotency_key = ?`;
const SELECT_UNSETTLED = `
  SELECT ${SUBMISSION_COLUMNS} ${FROM_ENDED}
  WHERE result IN ('interrupted', 'unknown') AND action NOT LIKE 'validate%' ORDER BY intents.id`;

export function createSqliteJournal({ read, write }: Database): Journal {
  async function find(idempotencyKey: string): Promise<RecordedSubmission | undefined> {
    const [row] = await read(SELECT_BY_KEY, idempotencyKey);
    return row && toSubmission(row);
  }

  /** Of no effect unless the outcome was recorded. */
  async function know(id: number, after: ResourceAfter | undefined): Promise<void> {
    if (after === undefined) return;
    const { values } = after;
    if (values === undefined) await write(KNOW_GONE, id, after.id);
    else await write(KNOW_RECORDED, id, after.id, JSON.stringify(values));
  }

  return {
    async begin(intent) {
      const [inserted] = await write(INSERT_INTENT, ...intentValues(intent));
      if (inserted !== undefined) return { kind: 'begun', id: Number(inserted[0]) };
      const first = await find(intent.idempotency?.key ?? '');
      if (first === undefined) throw new Error('the intent was not recorded');
      return { kind: 'key-taken', first };
    },
    async finish(id, outcome) {
      // In one transaction, here and below.
      await Promise.all([write(INSERT_OUTCOME, ...outcomeValues(id, outcome)), know(id, outcome.after)]);
    },
    async claim(id, outcome) {
      const claiming = write(INSERT_CLAIM, ...outcomeValues(id, outcome), outcome.resourceId, id);
      const [inserted] = await Promise.all([claiming, know(id, outcome.after)]);
      return inserted.length > 0;
    },
    async claimed(resourceIds) {
      const rows = await read(SELECT_CLAIMED, JSON.stringify(resourceIds));
      return new Set(rows.map(([resourceId]) => String(resourceId)));
    },
    find,
    async unsettled() {
      return (await read(SELECT_UNSETTLED)).map(toSubmission);
    },
  };
}

/** Gives what the last stop left without an outcome the outcome `interrupted`. */
export async function markInterrupted({ write }: Database): Promise<void> {
  await write(INSERT_INTERRUPTED, new Date().toISOString());
}

function intentValues(intent: Intent) {
  const { requestId, person, accountId, action, resource, request, before, options, idempotency } = intent;
  return [
    ...[new Date().toISOString(), requestId, toStoredText(person.id), toStoredText(person.name), accountId, action],
    ...[resource.kind, resource.id ?? null, toStoredText(resource.name), JSON.stringify(request), options],
    ...[idempotency?.key ?? null, idempotency?.fingerprint ?? null],
    before === undefined ? null : JSON.stringify(before),
  ];
}

function outcomeValues(id: number, outcome: Outcome) {
  const { result, status, codes, cfRay, resourceId, durationMs, reconciled, response } = outcome;
  return [
    ...[id, new Date().toISOString(), result, status ?? null, JSON.stringify(codes), cfRay ?? null, resourceId ?? null],
    ...[durationMs ?? null, Number(reconciled), response === undefined ? null : JSON.stringify(response)],
  ];
}

function toSubmission([options, key, fingerprint, response, ...entry]: Row): RecordedSubmission {
  return {
    entry: toEntry(entry),
    options: String(options),
    idempotency: typeof key === 'string' ? { key, fingerprint: String(fingerprint) } : undefined,
    response: typeof response === 'string' ? parseResponse(response) : undefined,
  };
}

function parseResponse(text: string): ApiResponse {
  return apiResponseSchema.parse(JSON.parse(text));
}
