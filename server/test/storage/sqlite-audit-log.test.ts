// Each filter is answered by an index that has the entries in order: nothing is sorted, and nothing looked through in vain.

import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import type { EntryFilter } from '../../src/audit/audit-log.ts';
import { addChainFunctions } from '../../src/storage/chain.js';
import { MIGRATIONS } from '../../src/storage/migrations.ts';
import { createSqliteAuditLog } from '../../src/storage/sqlite-audit-log.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID } from '../support/samples.ts';

/** How SQLite finds a page or an export from below an entry. */
async function planOf(filter: EntryFilter, what: 'page' | 'export'): Promise<string> {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  addChainFunctions(database);
  for (const migration of MIGRATIONS) database.exec(migration);
  const plans: string[] = [];
  const explain = (sql: string, values: readonly SQLInputValue[]) => {
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    plans.push(steps.map(({ detail }) => String(detail)).join('\n'));
  };
  const log = createSqliteAuditLog({
    read: async () => [],
    write: async () => [],
    readSlice: async (_limits, sql, ...values) => {
      explain(sql, values);
      return { rows: [], hasMore: false };
    },
    close: async () => undefined,
  });
  if (what === 'page') await log.page(filter, 50, 1000);
  else for await (const _slice of log.export(filter));
  return plans.join('\n');
}

it.each<[EntryFilter, RegExp]>([
  [{}, /SEARCH intents USING INTEGER PRIMARY KEY \(rowid<\?\)/],
  [{ accountIds: [ACCOUNT_ID] }, /intents_by_account \(account_id=\? AND rowid<\?\)/],
  [{ accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID] }, /SEARCH intents USING INTEGER PRIMARY KEY \(rowid<\?\)/],
  [{ person: 'u-ann' }, /intents_by_person \(person=\? AND rowid<\?\)/],
  [{ result: 'refused' }, /outcomes_by_result \(result=\? AND intent_id<\?\)/],
  [
    { accountIds: [ACCOUNT_ID], result: 'refused' },
    /outcomes_by_account_and_result \(intent_account_id=\? AND result=\? AND intent_id<\?\)/,
  ],
])('a page by %j', async (filter, index) => {
  const plan = await planOf(filter, 'page');
  expect(plan).toMatch(index);
  expect(plan).not.toContain('FOR ORDER BY');
});

it('an export by account and outcome', async () => {
  const plan = await planOf({ accountIds: [ACCOUNT_ID], result: 'refused' }, 'export');
  expect(plan).toMatch(/outcomes_by_account_and_result \(intent_account_id=\? AND result=\?\)/);
  expect(plan).not.toContain('FOR ORDER BY');
});
