// Each filter is answered by an index that has the entries in order: nothing is sorted, and nothing looked through in vain.

import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import type { EntryFilters } from '../../src/audit/audit-log.ts';
import { addChainFunctions } from '../../src/storage/chain.js';
import { MIGRATIONS } from '../../src/storage/migrations.ts';
import { createSqliteAuditLog } from '../../src/storage/sqlite-audit-log.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, TUNNEL } from '../support/samples.ts';

/** How SQLite finds a page or an export from below an entry. */
async function planOf(filter: EntryFilters, what: 'page' | 'export'): Promise<string> {
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

const SINCE = new Date('2026-01-01');
const BY_ID = /SEARCH intents USING INTEGER PRIMARY KEY \(rowid<\?\)/;
const BY_ACCOUNT = /intents_by_account \(account_id=\? AND rowid<\?\)/;
const BY_PERSON = /intents_by_person \(person=\? AND rowid<\?\)/;
const BY_ACTION = /intents_by_action \(action=\? AND rowid<\?\)/;
const BY_RESULT = /outcomes_by_result \(result=\? AND intent_id<\?\)/;
const BY_TIME = /intents_by_time \(at>\? AND at<\?\)/;

it.each<[EntryFilters, ...RegExp[]]>([
  [{}, BY_ID],
  [{ accountIds: [ACCOUNT_ID] }, BY_ACCOUNT],
  [{ accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID] }, BY_ID],
  [{ person: 'u-ann' }, BY_PERSON],
  [{ person: 'u-ann', accountIds: [ACCOUNT_ID] }, BY_PERSON],
  [{ result: 'refused' }, BY_RESULT],
  [{ person: 'u-ann', result: 'refused' }, BY_RESULT],
  [{ person: 'u-ann', result: 'created' }, BY_PERSON],
  [{ action: 'delete' }, BY_ACTION],
  [{ action: 'create' }, BY_ACTION],
  [{ action: 'delete', person: 'u-ann', accountIds: [ACCOUNT_ID] }, BY_ACTION],
  [{ action: 'create', accountIds: [ACCOUNT_ID] }, BY_ACCOUNT],
  [{ action: 'create', person: 'u-ann' }, BY_PERSON],
  [{ since: SINCE }, BY_TIME],
  [{ until: SINCE }, /intents_by_time \(at<\?\)/],
  [{ since: SINCE, person: 'u-ann', accountIds: [ACCOUNT_ID], action: 'create', result: 'created' }, BY_TIME],
  [
    { resourceName: 'branch-1', since: SINCE, person: 'u-ann' },
    /intents_by_resource_name \(resource_name=\? AND rowid<\?\)/,
  ],
  [
    { accountIds: [ACCOUNT_ID], result: 'refused' },
    /outcomes_by_account_and_result \(intent_account_id=\? AND result=\? AND intent_id<\?\)/,
  ],
  [[{ accountIds: [ACCOUNT_ID] }, { person: 'u-ann', exceptAccountIds: [ACCOUNT_ID] }], BY_ACCOUNT, BY_PERSON],
  [
    [
      { accountIds: [ACCOUNT_ID], since: SINCE },
      { person: 'u-ann', accountIds: [OTHER_ACCOUNT_ID], since: SINCE },
    ],
    BY_TIME,
  ],
  [
    [
      { accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID], result: 'created' },
      { person: 'u-ann', result: 'created' },
    ],
    BY_RESULT,
    BY_PERSON,
  ],
])('a page by %j', async (filters, ...indexes) => {
  const plan = await planOf(filters, 'page');
  for (const index of indexes) expect(plan).toMatch(index);
  expect(plan).not.toContain('FOR ORDER BY');
  expect(plan).not.toMatch(/^SCAN (?!\d+ CONSTANT)/m);
});

it('a page by the ID of a tunnel looks at its entries alone', async () => {
  const plan = await planOf({ resourceId: TUNNEL.id, accountIds: [ACCOUNT_ID] }, 'page');
  expect(plan).toMatch(/SEARCH intents USING INTEGER PRIMARY KEY \(rowid=\?\)/);
  expect(plan).toMatch(/intents_by_resource \(resource_id=\?\)/);
  expect(plan).toMatch(/outcomes_by_resource \(resource_id=\?\)/);
});

it.each<[EntryFilters, RegExp]>([
  [
    { accountIds: [ACCOUNT_ID], result: 'refused' },
    /outcomes_by_account_and_result \(intent_account_id=\? AND result=\?\)/,
  ],
  [
    [{ accountIds: [ACCOUNT_ID] }, { person: 'u-ann', accountIds: [OTHER_ACCOUNT_ID] }],
    /intents_by_person \(person=\?\)/,
  ],
])('an export by %j', async (filters, index) => {
  const plan = await planOf(filters, 'export');
  expect(plan).toMatch(index);
  expect(plan).not.toContain('FOR ORDER BY');
});
