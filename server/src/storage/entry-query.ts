// The queries of the audit log: for each filter through the index that has the entries in order and the fewest in vain.

import type { SQLInputValue } from 'node:sqlite';
import type { AuditAction, AuditResult } from '@tunnel-desk/shared/api/audit';
import type { EntryFilter, EntryFilters } from '../audit/audit-log.ts';
import { toStoredText } from './chain.js';
import { ENTRY_COLUMNS, EXPORT_COLUMNS, FROM_ALL, FROM_ENDED, JOIN_LINKS } from './entries.ts';

/** How most entries end. */
const SUCCESSES: readonly AuditResult[] = ['validated', 'created', 'updated'];
/** What most of them do. */
const FREQUENT_ACTIONS: readonly AuditAction[] = ['validate', 'create', 'update', 'validate-update'];

/** What of an entry is read. The first two columns are its ID and its time. */
export interface Read {
  readonly columns: string;
  readonly joins: string;
  readonly conditions: readonly Condition[];
}

type Condition = readonly [sql: string, ...values: readonly SQLInputValue[]];

export const PAGED: Read = { columns: ENTRY_COLUMNS, joins: '', conditions: [] };
/** Its condition is on `?1`, the last position of the chain to read. */
export const EXPORTED: Read = {
  columns: EXPORT_COLUMNS,
  joins: JOIN_LINKS,
  conditions: [['(intent_link.position IS NULL OR intent_link.position <= ?1)']],
};

/**
 * What reads the entries, newest first, from behind the one with the ID `before`. Each filter goes through an index of its own,
 * and SQLite merges what they find as it reads on: of however many entries, only those that are read cost time.
 */
export function queryOf({ columns, joins, conditions }: Read, wanted: EntryFilters, before: number | undefined) {
  const filters = [wanted].flat();
  const selects = filters.map((filter) => {
    const way = wayOf(filter);
    const all = [...conditionsOf(filter, way), ...beginBefore(way, before), ...conditions];
    const where = all.length === 0 ? '' : `WHERE ${all.map(([sql]) => sql).join(' AND ')}`;
    return {
      sql: `SELECT ${columns}, ${way.id} AS entry_id ${way.from} ${joins} ${where}`,
      values: all.flatMap(([, ...values]) => values),
    };
  });
  const order = filters.some(isByTime) ? '2 DESC, entry_id DESC' : 'entry_id DESC';
  return {
    sql: `${selects.map(({ sql }) => sql).join(' UNION ALL ')} ORDER BY ${order}`,
    values: selects.flatMap(({ values }) => values),
  };
}

/** How entries are found, newest first. */
interface Way {
  readonly from: string;
  readonly id: 'intents.id' | 'outcomes.intent_id';
  readonly account: 'account_id' | 'intent_account_id';
  /** The columns whose index is used: SQLite, which does not know how many entries there are of what, is left no other. */
  readonly by: readonly string[];
}

const THROUGH_ALL = { from: FROM_ALL, id: 'intents.id', account: 'account_id' } as const;
const THROUGH_ENDED = { from: FROM_ENDED, id: 'outcomes.intent_id', account: 'intent_account_id' } as const;

/** Through as few entries as can be told beforehand: few are of one tunnel, and most are recent, successful or plain creates. */
function wayOf(filter: EntryFilter): Way {
  const { person, accountIds, action, resourceName, resourceId, result } = filter;
  const isOfOneAccount = accountIds?.length === 1;
  if (resourceId !== undefined) return { ...THROUGH_ALL, by: [] };
  if (resourceName !== undefined) return { ...THROUGH_ALL, by: ['resource_name'] };
  if (isByTime(filter)) return { ...THROUGH_ALL, by: ['intents.at'] };
  // One person's few failures are found among all failures sooner than among all they ever did.
  if (result !== undefined && (person === undefined || !SUCCESSES.includes(result))) {
    return { ...THROUGH_ENDED, by: isOfOneAccount ? ['outcomes.result', 'intent_account_id'] : ['outcomes.result'] };
  }
  const isNarrower = person !== undefined || isOfOneAccount;
  if (action !== undefined && !(isNarrower && FREQUENT_ACTIONS.includes(action))) {
    return { ...THROUGH_ALL, by: ['action'] };
  }
  if (person !== undefined) return { ...THROUGH_ALL, by: ['person'] };
  // With several accounts the index would have to sort all they ever did.
  return { ...THROUGH_ALL, by: isOfOneAccount ? ['account_id'] : [] };
}

/** In the order of time: a clock that was set back has given later entries earlier times. */
function isByTime({ since, until, resourceName, resourceId }: EntryFilter): boolean {
  return (since !== undefined || until !== undefined) && resourceName === undefined && resourceId === undefined;
}

function beginBefore({ id, by }: Way, before: number | undefined): Condition[] {
  if (before === undefined) return [];
  if (!by.includes('intents.at')) return [[`${id} < ?`, before]];
  return [['(intents.at, intents.id) < ((SELECT at FROM intents WHERE id = ?), ?)', before, before]];
}

function conditionsOf(filter: EntryFilter, { by, account }: Way): Condition[] {
  const { person, accountIds, exceptAccountIds, action, resourceKind, resourceName, resourceId, result } = filter;
  // The unary plus keeps SQLite from using the index of a column.
  const column = (name: string) => (by.includes(name) ? name : `+${name}`);
  const conditions: (Condition | undefined)[] = [
    person === undefined ? undefined : [`${column('person')} = ?`, toStoredText(person)],
    action === undefined ? undefined : [`${column('action')} = ?`, action],
    resourceKind === undefined ? undefined : ['resource_kind = ?', resourceKind],
    resourceName === undefined ? undefined : [`${column('resource_name')} = ?`, toStoredText(resourceName)],
    resourceId === undefined ? undefined : [IS_OF_RESOURCE, resourceId, resourceId, resourceId],
    result === undefined ? undefined : [`${column('outcomes.result')} = ?`, result],
    filter.since === undefined ? undefined : [`${column('intents.at')} >= ?`, filter.since.toISOString()],
    filter.until === undefined ? undefined : [`${column('intents.at')} < ?`, filter.until.toISOString()],
    accountIds === undefined ? undefined : [`${column(account)} IN (${placesFor(accountIds)})`, ...accountIds],
    exceptAccountIds === undefined
      ? undefined
      : [`+${account} NOT IN (${placesFor(exceptAccountIds)})`, ...exceptAccountIds],
  ];
  return conditions.filter((each) => each !== undefined);
}

/** A create has the ID in its outcome: in the last one, if any. */
const IS_OF_RESOURCE = `
  intents.id IN (SELECT id FROM intents WHERE resource_id = ? UNION SELECT intent_id FROM outcomes WHERE resource_id = ?)
  AND coalesce(intents.resource_id, outcomes.resource_id) = ?`;

function placesFor(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
