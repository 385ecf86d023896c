// The audit log in the database.

import type { AuditLog, EntryFilters } from '../audit/audit-log.ts';
import { SELECT_HEAD } from './chain-sql.ts';
import type { Database } from './database.ts';
import { toEntry, toExportedEntry } from './entries.ts';
import { EXPORTED, PAGED, queryOf } from './entry-query.ts';

/**
 * How much is read at a time, in characters: little to hold in memory, and nobody waits long for a turn. Some hundred entries
 * of the usual length, and still some of the longest that a request can make.
 */
const SLICE_CHARACTERS = 256_000;
const EXPORT_ROWS = 500;

export function createSqliteAuditLog({ read, readSlice }: Database): Omit<AuditLog, 'verify'> {
  return {
    async page(filters, limit, before) {
      if (isNothing(filters)) return { entries: [], next: null };
      const { sql, values } = queryOf(PAGED, filters, before);
      const { rows, hasMore } = await readSlice({ rows: limit, characters: SLICE_CHARACTERS }, sql, ...values);
      const entries = rows.map(toEntry);
      return { entries, next: hasMore ? (entries.at(-1)?.id ?? null) : null };
    },

    async *export(filters): AsyncGenerator<readonly object[]> {
      if (isNothing(filters)) return;
      // What is committed later is left out, or the chain in an export would have gaps.
      const [head] = await read(SELECT_HEAD);
      const lastPosition = Number(head?.[0] ?? 0);
      for (let before: number | undefined; ; ) {
        const { sql, values } = queryOf(EXPORTED, filters, before);
        const limits = { rows: EXPORT_ROWS, characters: SLICE_CHARACTERS };
        const { rows, hasMore } = await readSlice(limits, sql, lastPosition, ...values);
        yield rows.map(toExportedEntry);
        if (!hasMore) return;
        before = Number(rows.at(-1)?.[0]);
      }
    },
  };
}

function isNothing(filters: EntryFilters): boolean {
  return 'length' in filters && filters.length === 0;
}
