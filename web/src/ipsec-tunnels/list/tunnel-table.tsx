// The list as a table: of 10,000 rows only those near the window are in the document.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ChangeEvent, useCallback, useMemo, useRef } from 'react';
import { useLatest } from '../../lib/use-latest.ts';
import { rowBlocks, SpaceRow } from '../../ui/row-blocks.tsx';
import type { DriftById } from '../drift/drift-by-id.ts';
import { type HealthByName, healthOf } from '../health/health-by-name.ts';
import { COLUMN_IDS, COLUMNS, type ColumnId } from './columns.ts';
import { ColumnHead, SelectAllHead } from './table-head.tsx';
import { type OpenMenu, ROW_HEIGHT, TableRow } from './table-row.tsx';
import type { TunnelTable as Table } from './use-tunnel-table.ts';

export interface TunnelTableProps {
  readonly accountId: string;
  readonly table: Table;
  /** Absent while no health is known. */
  readonly health: HealthByName | undefined;
  /** Absent while it is not known what was done elsewhere. */
  readonly drift: DriftById | undefined;
  readonly onMenu: OpenMenu;
}

const blocksAround = rowBlocks({ overscan: 12, block: 16 });
const CHECKBOX_WIDTH = 44;
const MENU_WIDTH = 48;
/** What the names' column needs beside the names where some have a badge. */
const BADGE_WIDTH = 120;

export function TunnelTable({ accountId, table, health, drift, onMenu }: TunnelTableProps) {
  const scroller = useRef<HTMLElement>(null);
  const { rows } = table.getRowModel();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    rangeExtractor: blocksAround,
    // A frame may show the space a moment before its rows: rendering within the scroll event holds the frame up.
    useFlushSync: false,
    // Has the first rows painted before the window's own height is known.
    initialRect: { width: 0, height: window.innerHeight },
  });
  const items = virtualizer.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const { columnVisibility } = table.state;
  const columns = useMemo(() => COLUMN_IDS.filter((id) => columnVisibility[id] === true), [columnVisibility]);
  const latestRows = useLatest(rows);
  const select = useCallback(
    (event: ChangeEvent<HTMLInputElement>, index: number) =>
      latestRows.current[index]?.getToggleSelectedHandler()(event),
    [latestRows],
  );
  const width = CHECKBOX_WIDTH + MENU_WIDTH + columns.reduce((sum, id) => sum + COLUMNS[id].width, 0);
  // The other columns give way to it: the window has to be no wider for it.
  const badgeWidth = drift !== undefined && drift.size > 0 ? BADGE_WIDTH : 0;
  const shareOf = (id: ColumnId) => (COLUMNS[id].width + (id === 'name' ? badgeWidth : 0)) / (width + badgeWidth);
  return (
    <section
      ref={scroller}
      aria-label="Tunnels"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard (WCAG 2.1.1)
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto rounded-lg bg-kumo-base ring ring-kumo-line [scroll-padding-block:2.5rem_0.5rem]"
    >
      <table
        aria-rowcount={rows.length + 1}
        className="isolate w-full table-fixed border-separate border-spacing-0 text-left text-kumo-default text-sm"
        style={{ minWidth: width }}
      >
        <colgroup>
          <col style={{ width: CHECKBOX_WIDTH }} />
          {columns.map((id) => (
            <col key={id} style={{ width: `${100 * shareOf(id)}%` }} />
          ))}
          <col style={{ width: MENU_WIDTH }} />
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <SelectAllHead table={table} />
            {columns.map((id) => (
              <ColumnHead key={id} id={id} table={table} />
            ))}
            <th scope="col" className="sticky top-0 z-1 border-kumo-line border-b bg-kumo-base">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <SpaceRow height={above} />
          {items.map(({ index }) => {
            const row = rows[index];
            return (
              row && (
                <TableRow
                  key={row.id}
                  accountId={accountId}
                  row={row.original}
                  health={healthOf(health, row.original.tunnel.name)}
                  drift={drift?.get(row.id)}
                  index={index}
                  columns={columns}
                  isSelected={row.getIsSelected()}
                  onSelect={select}
                  onMenu={onMenu}
                />
              )
            );
          })}
          <SpaceRow height={below} />
        </tbody>
      </table>
    </section>
  );
}
