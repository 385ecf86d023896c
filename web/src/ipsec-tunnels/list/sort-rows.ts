import { COLUMNS, type ColumnId } from './columns.ts';
import type { SortKey, TunnelRow } from './tunnel-row.ts';

export interface Sort {
  readonly column: ColumnId;
  readonly isDescending: boolean;
}

/**
 * The rows in this order. Those that have nothing in the column come last in both directions; those that have the same are
 * in the order of their names, then of their IDs.
 */
export function sortRows(rows: readonly TunnelRow[], { column, isDescending }: Sort): readonly TunnelRow[] {
  const direction = isDescending ? -1 : 1;
  return rows.toSorted(
    (a, b) =>
      compare(keyOf(a, column), keyOf(b, column), direction) ||
      compare(keyOf(a, 'name'), keyOf(b, 'name'), 1) ||
      compare(a.id, b.id, 1),
  );
}

function keyOf(row: TunnelRow, column: ColumnId): SortKey {
  return row.sortKey(column, COLUMNS[column].sortKey);
}

function compare(a: SortKey, b: SortKey, direction: 1 | -1): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -direction : direction;
}
