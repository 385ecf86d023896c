// The records of the hash chain in SQL: which columns a link covers, and in which order.

/** The hash of a row of `intents`, by the name the row has in the statement. What is covered never changes. */
export function intentRecord(row: string): string {
  // Rows without it may be older than the column, and keep the hash that they have always had.
  return `CASE WHEN ${row}.resource_before IS NULL THEN ${firstIntentRecord(row)}
    ELSE ${hashOfIntent(row, [...FIRST_INTENT_COLUMNS, 'resource_before'])} END`;
}

/** The same before there was a column for what the resource was. */
export function firstIntentRecord(row: string): string {
  return hashOfIntent(row, FIRST_INTENT_COLUMNS);
}

const FIRST_INTENT_COLUMNS = [
  ...['id', 'at', 'request_id', 'person', 'person_name', 'account_id', 'action', 'resource_kind', 'resource_id'],
  ...['resource_name', 'request'],
];

function hashOfIntent(row: string, columns: readonly string[]): string {
  return `record_hash('intent', ${columns.map((column) => `${row}.${column}`).join(', ')}, ${intentSeal(row)})`;
}

/** The hash of a row of `outcomes`. */
export function outcomeRecord(row: string): string {
  const columns = [
    ...['id', 'intent_id', 'intent_account_id', 'at', 'result', 'status', 'codes', 'cf_ray', 'resource_id'],
    ...['duration_ms', 'reconciled'],
  ];
  return `record_hash('outcome', ${columns.map((column) => `${row}.${column}`).join(', ')}, ${outcomeSeal(row)})`;
}

export function intentSeal(row: string): string {
  return `seal(${row}.options, ${row}.idempotency_key, ${row}.fingerprint)`;
}

export function outcomeSeal(row: string): string {
  return `seal(${row}.response)`;
}

export const SELECT_HEAD = 'SELECT position, hash FROM chain ORDER BY position DESC LIMIT 1';
export const SELECT_LINK = 'SELECT hash FROM chain WHERE position = ?';

/** Every link with what its record hashes to now; `NULL` where the record is gone. */
export const SELECT_LINKS = `
  SELECT position, hash,
    CASE kind WHEN 'intent' THEN (SELECT ${intentRecord('intents')} FROM intents WHERE id = row_id)
      ELSE (SELECT ${outcomeRecord('outcomes')} FROM outcomes WHERE id = row_id) END,
    CASE kind WHEN 'intent' THEN row_id ELSE (SELECT intent_id FROM outcomes WHERE id = row_id) END
  FROM chain ORDER BY position`;
/** An entry with a record that no link covers. */
export const SELECT_UNLINKED = `
  SELECT id FROM intents WHERE id NOT IN (SELECT row_id FROM chain WHERE kind = 'intent')
  UNION ALL SELECT intent_id FROM outcomes WHERE id NOT IN (SELECT row_id FROM chain WHERE kind = 'outcome')
  LIMIT 1`;
