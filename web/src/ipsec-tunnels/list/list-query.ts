// The list's search, filters, sort and columns in the query of its URL, where they can be shared and reloaded.

import type { ShownState } from '@tunnel-desk/shared/health/states';
import { isListedDrift, type ListedDrift } from '../drift/drift-by-id.ts';
import { isShownState } from '../health/health-by-name.ts';
import { ALWAYS_SHOWN, COLUMN_IDS, type ColumnId, DEFAULT_COLUMNS, isColumnId } from './columns.ts';
import { type ListFilter, NO_FILTER } from './filter-rows.ts';
import type { Sort } from './sort-rows.ts';

export interface ListView {
  readonly filter: ListFilter;
  readonly sort: Sort;
  /** In the order of the table; always with the name. */
  readonly columns: readonly ColumnId[];
}

export const DEFAULT_SORT: Sort = { column: 'name', isDescending: false };
export const DEFAULT_VIEW: ListView = { filter: NO_FILTER, sort: DEFAULT_SORT, columns: DEFAULT_COLUMNS };

/** What the query says; what it leaves out, or says in words of no meaning here, is as by default. */
export function readListQuery(query: URLSearchParams): ListView {
  return {
    filter: {
      search: query.get('q') ?? '',
      state: readState(query.get('state')),
      elsewhere: readElsewhere(query.get('elsewhere')),
      cloudflareEndpoint: query.get('endpoint') || undefined,
      isKeyMissing: query.get('key') === 'missing',
      bgp: query.get('bgp') || undefined,
      isHealthCheckOff: query.get('health_check') === 'off',
    },
    sort: readSort(query.get('sort')),
    columns: readColumns(query.get('columns')),
  };
}

/** The query that says this; what is as by default is left out, and what is not the list's own stays. */
export function writeListQuery({ filter, sort, columns }: ListView, others: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams(others);
  const set = (name: string, value: string | undefined) => {
    // Appended anew, so that the same list has the same URL however one got there.
    query.delete(name);
    if (value) query.set(name, value);
  };
  set('q', filter.search);
  set('state', filter.state);
  set('elsewhere', filter.elsewhere);
  set('endpoint', filter.cloudflareEndpoint);
  set('key', filter.isKeyMissing ? 'missing' : undefined);
  set('bgp', filter.bgp);
  set('health_check', filter.isHealthCheckOff ? 'off' : undefined);
  set('sort', isDefaultSort(sort) ? undefined : `${sort.isDescending ? '-' : ''}${sort.column}`);
  set('columns', areDefaultColumns(columns) ? undefined : inTableOrder(columns).join(','));
  return query;
}

function readState(text: string | null): ShownState | undefined {
  return text !== null && isShownState(text) ? text : undefined;
}

function readElsewhere(text: string | null): ListedDrift | undefined {
  return text !== null && isListedDrift(text) ? text : undefined;
}

/** `name`, or `-name` for the other direction. */
function readSort(text: string | null): Sort {
  const isDescending = text?.startsWith('-') ?? false;
  const column = text?.slice(isDescending ? 1 : 0) ?? '';
  return isColumnId(column) ? { column, isDescending } : DEFAULT_SORT;
}

function readColumns(text: string | null): readonly ColumnId[] {
  const named = text?.split(',').filter(isColumnId) ?? [];
  return named.length === 0 ? DEFAULT_COLUMNS : inTableOrder(named);
}

function inTableOrder(columns: readonly ColumnId[]): readonly ColumnId[] {
  return COLUMN_IDS.filter((id) => id === ALWAYS_SHOWN || columns.includes(id));
}

function isDefaultSort({ column, isDescending }: Sort): boolean {
  return column === DEFAULT_SORT.column && isDescending === DEFAULT_SORT.isDescending;
}

function areDefaultColumns(columns: readonly ColumnId[]): boolean {
  return inTableOrder(columns).join() === DEFAULT_COLUMNS.join();
}
