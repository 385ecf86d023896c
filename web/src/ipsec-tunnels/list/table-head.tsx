// The head of the table: selects all rows that match, and sorts.

import { CaretDownIcon, CaretUpIcon } from '@phosphor-icons/react';
import { useEffect, useRef } from 'react';
import { COLUMNS, type ColumnId } from './columns.ts';
import type { TunnelTable } from './use-tunnel-table.ts';

const HEAD = 'sticky top-0 z-1 h-9 border-kumo-line border-b bg-kumo-base';

export function SelectAllHead({ table }: { readonly table: TunnelTable }) {
  const checkbox = useRef<HTMLInputElement>(null);
  const isAll = table.getIsAllRowsSelected();
  // Of those that are there: one that was deleted may still be among the selected IDs.
  const { rowSelection } = table.state;
  const isSome = !isAll && table.getRowModel().rows.some(({ id }) => rowSelection[id] === true);
  useEffect(() => {
    if (checkbox.current !== null) checkbox.current.indeterminate = isSome;
  }, [isSome]);
  return (
    <th scope="col" className={HEAD}>
      <label className="flex h-9 cursor-pointer items-center justify-center">
        <input
          ref={checkbox}
          type="checkbox"
          aria-label="Select all that match"
          checked={isAll}
          onChange={table.getToggleAllRowsSelectedHandler()}
          className="size-4 cursor-pointer accent-kumo-brand"
        />
      </label>
    </th>
  );
}

export interface ColumnHeadProps {
  readonly id: ColumnId;
  readonly table: TunnelTable;
}

export function ColumnHead({ id, table }: ColumnHeadProps) {
  const column = table.getColumn(id);
  const direction = column?.getIsSorted() ?? false;
  return (
    <th scope="col" aria-sort={direction === false ? undefined : SORT_WORDS[direction]} className={HEAD}>
      <button
        type="button"
        onClick={column?.getToggleSortingHandler()}
        className="flex h-9 w-full cursor-pointer items-center gap-1 px-2 font-semibold hover:bg-kumo-tint"
      >
        <span className="truncate">{COLUMNS[id].label}</span>
        {direction === 'asc' && <CaretUpIcon aria-hidden className="size-3 shrink-0" weight="bold" />}
        {direction === 'desc' && <CaretDownIcon aria-hidden className="size-3 shrink-0" weight="bold" />}
      </button>
    </th>
  );
}

const SORT_WORDS = { asc: 'ascending', desc: 'descending' } as const;
