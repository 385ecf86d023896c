// The audit log in the database.

import type { SQLInputValue } from 'node:sqlite';
import type { AuditResult } from '@tunnel-desk/shared/api/audit';
import type { AuditLog, EntryFilter } from '../audit/audit-log.ts';
import { toStoredText } from './chain.js';
import { SELECT_HEAD } from './chain-sql.ts';
import type { Database } from './database.ts';
import {
  ENTRY_COLUMNS,
  EXPORT_COLUMNS,
  FROM_ALL,
  FROM_ENDED,
  JOIN_LINKS,
  toEntry,
  toExportedEntry,
} from './entries.ts';

/** How most entries end. */
const SUCCESSES: readonly AuditResult[] = ['validated', 'created'];
/**
 * How much is read at a time, in characters: little to hold in memory, and nobody waits long for a turn. Some hundred entries
 * of the usual length, and still some of the longest that a request can make.
 */
const SLICE_CHARACTERS = 256_000;
const EXPORT_ROWS = 500;

export function createSqliteAuditLog({ read, readSlice }: Database): Omit<AuditLog, 'verify'> {
  return {
    async page(filter, limit, before) {
      const { from, where, order, values } = queryOf(filter, before);
      const sql = `SELECT ${ENTRY_COLUMNS} ${from} ${where} ORDER BY ${order} DESC`;
      const { rows, hasMore } = await readSlice({ rows: limit, characters: SLICE_CHARACTERS }, sql, ...values);
      const entries = rows.map(toEntry);
      return { entries, next: hasMore ? (entries.at(-1)?.id ?? null) : null };
    },

    async *export(filter): AsyncGenerator<readonly object[]> {
      // What is committed later is left out, or the chain in an export would have gaps.
      const [head] = await read(SELECT_HEAD);
      const until = Number(head?.[0] ?? 0);
      for (let before: number | undefined; ; ) {
        const { from, where, order, values } = queryOf(filter, before);
        const sql = `
          SELECT ${EXPORT_COLUMNS} ${from} ${JOIN_LINKS}
          ${where === '' ? 'WHERE' : `${where} AND`} (intent_link.position IS NULL OR intent_link.position <= ?1)
          ORDER BY ${order} DESC`;
        const limits = { rows: EXPORT_ROWS, characters: SLICE_CHARACTERS };
        const { rows, hasMore } = await readSlice(limits, sql, until, ...values);
        yield rows.map(toExportedEntry);
        if (!hasMore) return;
        before = Number(rows.at(-1)?.[0]);
      }
    },
  };
}

function queryOf({ person, accountIds, resourceKind, resourceName, result }: EntryFilter, before?: number) {
  // The index of the results is used where nothing narrower is; its own column has the intents in order. One person's few
  // failures are found among all failures sooner than among all they ever did.
  const isByResult =
    result !== undefined && resourceName === undefined && (person === undefined || !SUCCESSES.includes(result));
  const [from, order, account] = isByResult
    ? [FROM_ENDED, 'outcomes.intent_id', 'intent_account_id']
    : [FROM_ALL, 'intents.id', 'account_id'];
  const conditions: (readonly [sql: string, ...values: SQLInputValue[]])[] = [];
  if (before !== undefined) conditions.push([`${order} < ?`, before]);
  if (person !== undefined) conditions.push(['person = ?', toStoredText(person)]);
  if (resourceKind !== undefined) conditions.push(['resource_kind = ?', resourceKind]);
  if (resourceName !== undefined) conditions.push(['resource_name = ?', toStoredText(resourceName)]);
  if (result !== undefined) conditions.push(['outcomes.result = ?', result]);
  if (accountIds !== undefined) {
    // With several accounts the index would have to sort all they ever did: the unary plus keeps to the newest first.
    const column = accountIds.length === 1 ? account : `+${account}`;
    conditions.push([`${column} IN (${accountIds.map(() => '?').join(', ')})`, ...accountIds]);
  }
  return {
    ...{ from, order },
    where: conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`,
    values: conditions.flatMap(([, ...values]) => values),
  };
}
