// The rows of an import as a table that one edits like a spreadsheet: of 2,000 rows only those near the window are in the
// document.

import { useVirtualizer } from '@tanstack/react-virtual';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useLatest } from '../../lib/use-latest.ts';
import { shownShortcut } from '../../quick-actions/shortcuts.ts';
import { useWidgetKeys, type WidgetKeys } from '../../quick-actions/widget-keys.ts';
import { rowBlocks, SpaceRow } from '../../ui/row-blocks.tsx';
import type { Committed } from './cell-editor.tsx';
import { choicesOf, isMasked } from './cell-texts.ts';
import { cellAfter, type GridCell, stepOf } from './grid-keys.ts';
import { cellId, GridRow, NUMBER_WIDTH, ROW_HEIGHT, STICKY_NAME } from './grid-row.tsx';
import type { CheckedRow } from './import-table.ts';

export interface ImportGridProps {
  readonly rows: readonly CheckedRow[];
  readonly columns: readonly IpsecTunnelField[];
  readonly active: GridCell | undefined;
  readonly cloudflareEndpoints: readonly string[];
  /** What Cloudflare said of a row, by its number, where it was asked. */
  readonly outcomes: ReadonlyMap<number, string>;
  readonly handle: Ref<GridHandle>;
  readonly onActivate: (cell: GridCell) => void;
  readonly onEdit: (cell: GridCell, text: string) => void;
  readonly onUndo: () => void;
}

export interface GridHandle {
  /** Has the keyboard go on in the table. */
  focus(): void;
}

const blocksAround = rowBlocks({ overscan: 8, block: 8 });
const PAGE = 10;

const WIDTHS: Partial<Record<IpsecTunnelField, number>> = {
  name: 200,
  description: 220,
  interface_address6: 220,
  'custom_remote_identities.fqdn_id': 240,
  'bgp.extra_prefixes': 220,
  'bgp.import_filter_id': 200,
  'bgp.export_filter_id': 200,
};
const WIDTH = 170;
const widthOf = (field: IpsecTunnelField) => WIDTHS[field] ?? WIDTH;

const KEYS: WidgetKeys = {
  title: 'In the table',
  keys: [
    ['Arrow keys', 'Go to the next cell'],
    ['F2 or Enter', 'Edit the cell'],
    ['Any character', "Replace the cell's text"],
    ['Esc', 'Leave the cell as it was'],
    ['Delete', 'Empty the cell'],
    [shownShortcut('Mod+Z'), 'Undo the last change'],
  ],
};

export function ImportGrid(props: ImportGridProps) {
  const { rows, columns, active: asked, cloudflareEndpoints, outcomes, handle, onActivate, onEdit, onUndo } = props;
  useWidgetKeys(KEYS);
  const scroller = useRef<HTMLElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  useImperativeHandle(handle, () => ({ focus: () => grid.current?.focus({ preventScroll: true }) }), []);
  const extent = useMemo(() => ({ numbers: rows.map(({ row }) => row.number), columns, page: PAGE }), [rows, columns]);
  // Rows and columns come and go: one is in a cell that there is.
  const active = useMemo(() => cellAfter(asked, [0, 0], extent), [asked, extent]);
  /** What the editor of the active cell begins with. */
  const [editing, setEditing] = useState<string>();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    rangeExtractor: blocksAround,
    scrollPaddingStart: ROW_HEIGHT,
    // A frame may show the space a moment before its rows: rendering within the scroll event holds the frame up.
    useFlushSync: false,
    // Has the first rows painted before the window's own height is known.
    initialRect: { width: 0, height: window.innerHeight / 2 },
  });
  const items = virtualizer.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);

  const move = (step: readonly [number, number]) => {
    const next = cellAfter(active, step, extent);
    if (next !== undefined) onActivate(next);
  };
  const rowOf = (cell: GridCell) => rows.find(({ row }) => row.number === cell.number)?.row;
  const edit = (initial?: string) => {
    if (active === undefined) return;
    // A key is entered anew: nobody edits dots.
    setEditing(initial ?? (active.field === 'psk' ? '' : (rowOf(active)?.cells[active.field] ?? '')));
  };

  const activeIndex = active === undefined ? -1 : extent.numbers.indexOf(active.number);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only going to another cell scrolls, not what changes around it
  useLayoutEffect(() => {
    if (active === undefined) return;
    virtualizer.scrollToIndex(activeIndex, { align: 'auto' });
    const cell = document.getElementById(cellId(active.number, active.field));
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active?.number, active?.field]);

  const onKeyDown = (event: KeyboardEvent) => {
    const isControl = event.ctrlKey || event.metaKey;
    const step = stepOf(event.key, isControl, PAGE);
    if (step !== undefined && !event.altKey && !event.shiftKey) move(step);
    else if (isControl && event.key.toLowerCase() === 'z' && !event.shiftKey) onUndo();
    else if (event.key === 'Enter' || event.key === 'F2') edit();
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      if (active !== undefined) onEdit(active, '');
    } else if (event.key.length === 1 && !isControl && !event.altKey) edit(event.key);
    else return;
    // Single keys are shortcuts of the page too.
    event.stopPropagation();
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (editing !== undefined || active === undefined) return;
    event.preventDefault();
    onEdit(active, event.clipboardData.getData('text/plain').replace(/[\t\r\n]+$/, ''));
  };
  const onCopy = (event: ClipboardEvent) => {
    if (editing !== undefined || active === undefined || isMasked(active.field)) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', rowOf(active)?.cells[active.field] ?? '');
  };
  const isActive = (cell: GridCell) => cell.number === active?.number && cell.field === active.field;
  const onClick = (event: MouseEvent) => {
    const cell = cellAt(event.target, columns);
    if (cell !== undefined && !isActive(cell)) onActivate(cell);
  };
  const onDoubleClick = (event: MouseEvent) => {
    const cell = cellAt(event.target, columns);
    if (cell !== undefined && isActive(cell) && editing === undefined) edit();
  };

  const latest = useLatest({ active, extent, onEdit, onActivate });
  const onCommit = useCallback(
    ({ text, step, staysInTable }: Committed) => {
      const { active, extent, onEdit, onActivate } = latest.current;
      setEditing(undefined);
      if (active === undefined) return;
      const next = cellAfter(active, step, extent);
      // Its editor begins empty: left like that, the key stays. Delete takes it away.
      const isKeyLeft = active.field === 'psk' && text === '';
      if (!isKeyLeft) onEdit(active, text);
      if (!staysInTable) return;
      if (next !== undefined) onActivate(next);
      grid.current?.focus({ preventScroll: true });
    },
    [latest],
  );
  const onCancel = useCallback(() => {
    setEditing(undefined);
    grid.current?.focus({ preventScroll: true });
  }, []);

  const choices = useMemo(
    () => (active === undefined ? NONE : choicesOf(active.field, cloudflareEndpoints)),
    [active, cloudflareEndpoints],
  );
  const width = NUMBER_WIDTH + columns.reduce((sum, field) => sum + widthOf(field), 0);
  const isRendered = items.some(({ index }) => index === activeIndex);
  return (
    <section
      ref={scroller}
      aria-label="Rows"
      className="min-h-56 flex-1 overflow-auto rounded-lg bg-kumo-base ring ring-kumo-line [scroll-padding:2.5rem_0.5rem_0.5rem_16.5rem]"
    >
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that one edits in place is a grid (ARIA APG)
        role="grid"
        aria-label="Rows of the import"
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={active && isRendered ? cellId(active.number, active.field) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onCopy={onCopy}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        className="group isolate w-full table-fixed border-separate border-spacing-0 text-left text-kumo-default text-sm outline-none!"
        style={{ minWidth: width }}
      >
        <colgroup>
          <col style={{ width: NUMBER_WIDTH }} />
          {columns.map((field) => (
            <col key={field} style={{ width: widthOf(field) }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className={`${HEAD} left-0 z-3 text-right`}>
              Row
            </th>
            {columns.map((field, column) => (
              <th
                key={field}
                scope="col"
                aria-colindex={column + 2}
                title={IPSEC_TUNNEL_LABELS[field]}
                className={`${HEAD} truncate ${field === 'name' ? `${STICKY_NAME} z-3!` : ''}`}
              >
                {IPSEC_TUNNEL_LABELS[field]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <SpaceRow height={above} />
          {items.map(({ index }) => {
            const checked = rows[index];
            if (checked === undefined) return null;
            const isActiveRow = index === activeIndex;
            return (
              <GridRow
                key={checked.row.number}
                checked={checked}
                index={index}
                columns={columns}
                active={isActiveRow ? active?.field : undefined}
                editing={isActiveRow ? editing : undefined}
                choices={isActiveRow ? choices : NONE}
                onCommit={onCommit}
                onCancel={onCancel}
                outcome={outcomes.get(checked.row.number)}
              />
            );
          })}
          <SpaceRow height={below} />
        </tbody>
      </table>
    </section>
  );
}

const NONE: readonly string[] = [];
const HEAD = 'sticky top-0 z-2 h-9 border-kumo-line border-b bg-kumo-base px-2 font-semibold';

/** The cell that something in the table belongs to. */
function cellAt(target: EventTarget, columns: readonly IpsecTunnelField[]): GridCell | undefined {
  if (!(target instanceof Element)) return undefined;
  const text = target.closest('[data-row]')?.getAttribute('data-row');
  const name = target.closest('[data-field]')?.getAttribute('data-field');
  const field = columns.find((each) => each === name);
  return field === undefined || text == null ? undefined : { number: Number(text), field };
}
