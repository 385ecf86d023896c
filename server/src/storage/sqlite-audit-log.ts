// The audit log in the database.

import type { SQLInputValue } from 'node:sqlite';
import type { AuditResult } from '@tunnel-desk/shared/api/audit';
import type { AuditLog, EntryFilter } from '../audit/audit-log.ts';
import type { Database } from './database.ts';
import { ENTRY_COLUMNS, FROM_ALL, FROM_ENDED, toEntry } from './entries.ts';

/** How most entries end. */
const SUCCESSES: readonly AuditResult[] = ['validated', 'created'];

export function createSqliteAuditLog({ read }: Database): AuditLog {
  return {
    async page(filter, limit, before) {
      const { sql, values } = pageQuery(filter, before);
      // One more than asked for tells whether there is another page.
      const rows = await read(sql, ...values, limit + 1);
      const entries = rows.slice(0, limit).map(toEntry);
      return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
    },
  };
}

function pageQuery({ person, accountIds, resourceKind, resourceName, result }: EntryFilter, before?: number) {
  const conditions: (readonly [sql: string, ...values: SQLInputValue[]])[] = [];
  if (before !== undefined) conditions.push(['intents.id < ?', before]);
  if (person !== undefined) conditions.push(['person = ?', person]);
  if (resourceKind !== undefined) conditions.push(['resource_kind = ?', resourceKind]);
  if (resourceName !== undefined) conditions.push(['resource_name = ?', resourceName]);
  if (result !== undefined) conditions.push(['outcomes.result = ?', result]);
  if (accountIds !== undefined) {
    // With several accounts the index would have to sort all they ever did: the unary plus keeps to the newest first.
    const column = accountIds.length === 1 ? 'account_id' : '+account_id';
    conditions.push([`${column} IN (${accountIds.map(() => '?').join(', ')})`, ...accountIds]);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
  // The index of the results is used where nothing narrower is; its own column has the intents in order. One person's few
  // failures are found among all failures sooner than among all they ever did.
  const isByResult =
    result !== undefined && resourceName === undefined && (person === undefined || !SUCCESSES.includes(result));
  const [from, order] = isByResult ? [FROM_ENDED, 'outcomes.intent_id'] : [FROM_ALL, 'intents.id'];
  return {
    sql: `SELECT ${ENTRY_COLUMNS} ${from} ${where} ORDER BY ${order} DESC LIMIT ?`,
    values: conditions.flatMap(([, ...values]) => values),
  };
}
