// The table behind the list: its columns, its order, and which rows are selected.

import {
  columnVisibilityFeature,
  createColumnHelper,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { COLUMN_IDS, COLUMNS, isColumnId } from './columns.ts';
import { DEFAULT_SORT, type ListView } from './list-query.ts';
import type { TunnelRow } from './tunnel-row.ts';

const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature, rowSelectionFeature });
const column = createColumnHelper<typeof features, TunnelRow>();
const columns = column.columns(
  COLUMN_IDS.map((id) => column.accessor(COLUMNS[id].sortKey, { id, header: COLUMNS[id].label })),
);

export type TunnelTable = ReturnType<typeof useTunnelTable>;

/** `shown` comes filtered and in order: that is quicker on whole lists than a table's own row models. */
export function useTunnelTable(
  shown: readonly TunnelRow[],
  view: Pick<ListView, 'sort' | 'columns'>,
  change: (part: Pick<ListView, 'sort'>) => void,
) {
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({});
  const { sort } = view;
  const columnVisibility = useMemo(
    () => Object.fromEntries(COLUMN_IDS.map((id) => [id, view.columns.includes(id)])),
    [view.columns],
  );
  const sorting = useMemo(() => [{ id: sort.column, desc: sort.isDescending }], [sort]);
  return useTable({
    features,
    columns,
    data: shown,
    getRowId: (row) => row.id,
    manualSorting: true,
    enableMultiSort: false,
    enableSortingRemoval: false,
    sortDescFirst: false,
    isRowRangeSelectionEvent: isShiftHeld,
    state: { sorting, columnVisibility, rowSelection },
    onRowSelectionChange: setRowSelection,
    onSortingChange: (updater) => {
      const [next] = typeof updater === 'function' ? updater(sorting) : updater;
      change({ sort: next && isColumnId(next.id) ? { column: next.id, isDescending: next.desc } : DEFAULT_SORT });
    },
  });
}

/** A change event of a checkbox comes from a click, whether by mouse or by the space bar. */
function isShiftHeld(event: unknown): boolean {
  if (typeof event !== 'object' || event === null || !('nativeEvent' in event)) return false;
  const { nativeEvent } = event;
  return nativeEvent instanceof MouseEvent && nativeEvent.shiftKey;
}
