// The batches of creates, in the database. What became of a row is read from the submission journal, by the row's key.

import {
  type BatchRow,
  type BatchSummary,
  batchHeadSchema,
  batchRowSchema,
  batchSummarySchema,
  ROW_STATES,
} from '@tunnel-desk/shared/api/batches';
import { type BatchStore, type FoundBatch, MOST_BATCHES, type RowPlace } from '../batches/batch-store.ts';
import { fromStoredText, toStoredText } from './chain.js';
import type { Database } from './database.ts';
import { IS_LAST } from './entries.ts';
import type { Row } from './thread-messages.ts';

/** Every row, beside its last try if there was one. */
const FROM_ROWS = `
  FROM tunnel_batch_rows AS rows JOIN tunnel_batches AS batches ON batches.id = rows.batch_id
  LEFT JOIN intents
    ON intents.idempotency_key = rows.idempotency_key AND intents.account_id = batches.account_id AND action = 'create'
  LEFT JOIN outcomes ON ${IS_LAST}`;
/** Without an outcome it is being sent by this very process: what the last one left is marked at the start. */
const STATE = `
  CASE WHEN intents.id IS NULL THEN 'not-tried'
    WHEN result IS NULL THEN 'under-way'
    WHEN result = 'created' THEN 'created'
    WHEN result IN ('refused', 'not-created') THEN 'not-created'
    ELSE 'unknown' END`;

const INSERT_BATCH = `
  INSERT INTO tunnel_batches (account_id, uuid, body_hash, source, created_at, person, person_name)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
/** Nothing where the batch has them already. */
const INSERT_ROWS = `
  INSERT INTO tunnel_batch_rows (batch_id, number, request, key_source, shares_key_with, import_row)
  SELECT batches.id, row.key + 1, row.value -> '$.request', row.value ->> '$.keySource', row.value ->> '$.sharesKeyWith',
    row.value ->> '$.importRow'
  FROM tunnel_batches AS batches, json_each(?3) AS row
  WHERE account_id = ?1 AND uuid = ?2
    AND NOT EXISTS (SELECT 1 FROM tunnel_batch_rows WHERE batch_id = batches.id)`;
const DELETE_OLDEST = `
  DELETE FROM tunnel_batches WHERE id IN (
    SELECT id FROM tunnel_batches WHERE account_id = ? ORDER BY id DESC LIMIT -1 OFFSET ${MOST_BATCHES})
  AND NOT EXISTS (
    SELECT 1 ${FROM_ROWS} WHERE batch_id = tunnel_batches.id AND ${STATE} IN ('under-way', 'unknown'))`;
const SELECT_HASH = 'SELECT body_hash FROM tunnel_batches WHERE account_id = ? AND uuid = ?';

const HEAD_COLUMNS = 'uuid, source, created_at, person_name';
const SELECT_SUMMARIES = `
  SELECT id, ${HEAD_COLUMNS}, (
    SELECT json_group_object(state, count) FROM (
      SELECT ${STATE} AS state, count(*) AS count ${FROM_ROWS} WHERE batch_id = kept.id GROUP BY state))
  FROM tunnel_batches AS kept WHERE account_id = ?`;
const SELECT_SUMMARIES_BEFORE = `${SELECT_SUMMARIES} AND id < ? ORDER BY id DESC`;
const SELECT_SUMMARY = `${SELECT_SUMMARIES} AND uuid = ?`;
const SELECT_BATCH = `
  SELECT ${HEAD_COLUMNS}, (
    SELECT rows.idempotency_key ${FROM_ROWS} WHERE batch_id = kept.id AND ${STATE} = 'unknown' LIMIT 1)
  FROM tunnel_batches AS kept WHERE account_id = ? AND uuid = ?`;
const OF_BATCH = 'WHERE batches.account_id = ? AND uuid = ?';
const SELECT_ROWS_AFTER = `
  SELECT number, rows.request, key_source, shares_key_with, import_row, rows.idempotency_key, ${STATE} AS state,
    coalesce(outcomes.at, intents.at), outcomes.resource_id,
    CASE WHEN result IN ('refused', 'not-created') THEN response -> '$.envelope.errors' END
  ${FROM_ROWS} ${OF_BATCH} AND number > ? ORDER BY number`;
const SELECT_ROW = `SELECT rows.idempotency_key, ${STATE} ${FROM_ROWS} ${OF_BATCH} AND number = ?`;
/** Of statements that are run one after the other, so that no other claim can come between its conditions and the change. */
const CLAIM_ROW = `
  UPDATE tunnel_batch_rows AS claimed SET idempotency_key = ?4, request = ?5
  WHERE batch_id = (SELECT id FROM tunnel_batches WHERE account_id = ?1 AND uuid = ?2) AND number = ?3
    AND NOT EXISTS (SELECT 1 FROM intents WHERE idempotency_key = ?4)
    AND NOT EXISTS (
      SELECT 1 FROM tunnel_batch_rows AS other WHERE other.idempotency_key = ?4
        AND (other.batch_id <> claimed.batch_id OR other.number <> claimed.number))
    AND (SELECT ${STATE} ${FROM_ROWS} WHERE rows.batch_id = claimed.batch_id AND rows.number = claimed.number)
      IN ('not-tried', 'not-created')
  RETURNING number`;

/** Little to hold in memory, and nobody waits long for a turn. */
const ROWS_SLICE = { rows: 100, characters: 256_000 };
/** Of a long batch, counting takes as long as reading many of its rows. */
const SUMMARIES_SLICE = { rows: 5, characters: 256_000 };

export function createSqliteBatches({ read, write, readSlice }: Database): BatchStore {
  return {
    async begin(accountId, { id, bodyHash, source, rows }, person) {
      const values = [bodyHash, JSON.stringify(source), new Date().toISOString()];
      const begunBy = [toStoredText(person.id), toStoredText(person.name)];
      // All in one transaction.
      await Promise.all([
        write(INSERT_BATCH, accountId, id, ...values, ...begunBy),
        write(INSERT_ROWS, accountId, id, rows),
        write(DELETE_OLDEST, accountId),
      ]);
      const [found] = await read(SELECT_HASH, accountId, id);
      return found?.[0] === bodyHash;
    },
    async *all(accountId) {
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const { rows, hasMore } = await readSlice(SUMMARIES_SLICE, SELECT_SUMMARIES_BEFORE, accountId, before);
        yield rows.map(toSummary);
        if (!hasMore) return;
        before = Number(rows.at(-1)?.[0]);
      }
    },
    async summary(accountId, batchId) {
      const [row] = await read(SELECT_SUMMARY, accountId, batchId);
      return row && toSummary(row);
    },
    async find(accountId, batchId) {
      const [row] = await read(SELECT_BATCH, accountId, batchId);
      return row && toFound(row);
    },
    async *rows(accountId, batchId) {
      for (let after = 0; ; ) {
        const { rows, hasMore } = await readSlice(ROWS_SLICE, SELECT_ROWS_AFTER, accountId, batchId, after);
        yield rows.map(toRow);
        if (!hasMore) return;
        after = Number(rows.at(-1)?.[0]);
      }
    },
    async claim({ accountId, batchId, number }: RowPlace, key, request) {
      const place = [accountId, batchId, number] as const;
      const claimed = await write(CLAIM_ROW, ...place, key, JSON.stringify(request));
      if (claimed.length > 0) return 'claimed';
      const [row] = await read(SELECT_ROW, ...place);
      if (row === undefined) return 'no-row';
      const [ownKey, state] = row;
      if (ownKey === key) return 'repeated';
      return state === 'not-tried' || state === 'not-created' ? 'key-taken' : 'tried';
    },
  };
}

function headOf([uuid, source, createdAt, personName]: Row) {
  return { id: uuid, source: JSON.parse(String(source)), createdAt, personName: fromStoredText(String(personName)) };
}

function toSummary([, ...row]: Row): BatchSummary {
  const none = Object.fromEntries(ROW_STATES.map((state) => [state, 0]));
  return batchSummarySchema.parse({ ...headOf(row), counts: { ...none, ...JSON.parse(String(row[4])) } });
}

function toFound(row: Row): FoundBatch {
  return { ...batchHeadSchema.parse(headOf(row)), unknownKey: row[4] === null ? undefined : String(row[4]) };
}

function toRow(row: Row): BatchRow {
  const [number, request, keySource, sharesKeyWith, importRow, idempotencyKey, state, at, tunnelId, errors] = row;
  return batchRowSchema.parse({
    ...{ number, keySource, state, request: JSON.parse(String(request)) },
    sharesKeyWith: sharesKeyWith ?? undefined,
    importRow: importRow ?? undefined,
    idempotencyKey: idempotencyKey ?? undefined,
    at: at ?? undefined,
    tunnelId: tunnelId ?? undefined,
    errors: typeof errors === 'string' ? JSON.parse(errors) : undefined,
  });
}
