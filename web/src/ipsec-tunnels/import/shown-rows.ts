// Which rows of an import are shown: the filter in the URL, or those of one kind of issue.

import type { IssueGroup } from '@tunnel-desk/shared/ipsec-tunnels/import/groups';
import { type CheckedRow, hasAdvice, readyRows } from './import-table.ts';

export const ROW_FILTERS = ['ready', 'issues', 'advice'] as const;
export type RowFilter = (typeof ROW_FILTERS)[number];

/** The parameter of the URL that names the filter. */
export const FILTER_PARAMETER = 'show';

export function readFilter(query: URLSearchParams): RowFilter | undefined {
  return ROW_FILTERS.find((each) => each === query.get(FILTER_PARAMETER));
}

export interface ShownRows {
  readonly filter: RowFilter | undefined;
  /** Instead of the filter. */
  readonly group: IssueGroup | undefined;
  /** The row that one is in stays, so that what is put right does not vanish under one's hands. */
  readonly keep: number | undefined;
}

export function shownRows(rows: readonly CheckedRow[], { filter, group, keep }: ShownRows): readonly CheckedRow[] {
  if (group !== undefined) {
    return rows.filter(({ row, issues, advisories }) => {
      return row.number === keep || issues.some(group.has) || advisories.some(group.has);
    });
  }
  switch (filter) {
    case undefined:
      return rows;
    case 'issues':
      return rows.filter(({ row, issues }) => row.number === keep || issues.length > 0);
    case 'advice':
      return rows.filter((each) => each.row.number === keep || hasAdvice(each));
    case 'ready': {
      const ready = new Set(readyRows(rows));
      return rows.filter((each) => each.row.number === keep || ready.has(each));
    }
  }
}
