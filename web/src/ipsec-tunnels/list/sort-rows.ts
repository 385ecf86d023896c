import { SHOWN_STATES } from '@tunnel-desk/shared/health/states';
import { type HealthByName, healthOf } from '../health/health-by-name.ts';
import { COLUMNS, type ColumnId } from './columns.ts';
import type { SortKey, TunnelRow } from './tunnel-row.ts';

export interface Sort {
  readonly column: ColumnId;
  readonly isDescending: boolean;
}

/**
 * The rows in this order. Those that have nothing in the column come last in both directions; those that have the same are
 * in the order of their names, then of their IDs. By state, the worst come first; while no health is known, all have nothing.
 */
export function sortRows(
  rows: readonly TunnelRow[],
  { column, isDescending }: Sort,
  health?: HealthByName,
): readonly TunnelRow[] {
  const direction = isDescending ? -1 : 1;
  const keyOf = column === 'state' ? stateKey(health) : ownKey(column);
  return rows.toSorted(
    (a, b) => compare(keyOf(a), keyOf(b), direction) || compare(nameKey(a), nameKey(b), 1) || compare(a.id, b.id, 1),
  );
}

function ownKey(column: ColumnId): (row: TunnelRow) => SortKey {
  return (row) => row.sortKey(column, COLUMNS[column].sortKey);
}

const nameKey = ownKey('name');

function stateKey(health: HealthByName | undefined): (row: TunnelRow) => SortKey {
  return ({ tunnel }) => {
    const shown = healthOf(health, tunnel.name);
    return shown && SHOWN_STATES.indexOf(shown.state);
  };
}

function compare(a: SortKey, b: SortKey, direction: 1 | -1): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -direction : direction;
}
