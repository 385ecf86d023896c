// One tunnel as a row of the table.

import { DotsThreeIcon } from '@phosphor-icons/react';
import { type ChangeEvent, memo } from 'react';
import { withVisibleCharacters } from '../../lib/visible-characters.ts';
import type { ListedDrift } from '../drift/drift-by-id.ts';
import type { ShownHealth } from '../health/health-by-name.ts';
import { CELLS, Name, State } from './cells.tsx';
import type { ColumnId } from './columns.ts';
import type { TunnelRow } from './tunnel-row.ts';

/** In pixels; the virtual table reckons with it. */
export const ROW_HEIGHT = 36;

/** Opens the menu of a row beside the button that was pressed. */
export type OpenMenu = (row: TunnelRow, button: HTMLElement) => void;

export interface TableRowProps {
  readonly accountId: string;
  readonly row: TunnelRow;
  /** Absent while no health is known. */
  readonly health: ShownHealth | undefined;
  /** Absent where nothing was done to it elsewhere. */
  readonly drift: ListedDrift | undefined;
  /** Its place among those shown. */
  readonly index: number;
  readonly columns: readonly ColumnId[];
  readonly isSelected: boolean;
  readonly onSelect: (event: ChangeEvent<HTMLInputElement>, index: number) => void;
  readonly onMenu: OpenMenu;
}

const CELL = 'h-9 overflow-hidden truncate border-kumo-line border-b px-2';

/** Rendered again only when something of its own changes: scrolling renders nothing but the rows that come in. */
export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { accountId, row, health, drift, index, columns, isSelected, onSelect, onMenu } = props;
  return (
    <tr
      // The header is the first row.
      aria-rowindex={index + 2}
      className={isSelected ? 'bg-kumo-tint' : 'hover:bg-kumo-elevated'}
    >
      <td className="h-9 border-kumo-line border-b p-0">
        <RowCheckbox row={row} isSelected={isSelected} onChange={(event) => onSelect(event, index)} />
      </td>
      {columns.map((id) => {
        if (id === 'name') {
          return (
            <th key={id} scope="row" className={`${CELL} font-normal`}>
              <Name accountId={accountId} row={row} drift={drift} />
            </th>
          );
        }
        if (id === 'state') {
          return (
            <td key={id} className={CELL}>
              <State health={health} />
            </td>
          );
        }
        const Cell = CELLS[id];
        return (
          <td key={id} className={CELL}>
            <Cell row={row} />
          </td>
        );
      })}
      <td className="h-9 border-kumo-line border-b p-0 text-center">
        <RowMenuButton row={row} onMenu={onMenu} />
      </td>
    </tr>
  );
});

export interface RowCheckboxProps {
  readonly row: TunnelRow;
  readonly isSelected: boolean;
  readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void;
}

/** The browser's own: a list renders dozens of them with every turn of a wheel. */
export function RowCheckbox({ row, isSelected, onChange }: RowCheckboxProps) {
  return (
    <label className="flex h-8 w-full cursor-pointer items-center justify-center">
      <input
        type="checkbox"
        aria-label={`Select ${withVisibleCharacters(row.tunnel.name)}`}
        checked={isSelected}
        onChange={onChange}
        className="size-4 cursor-pointer accent-kumo-brand"
      />
    </label>
  );
}

export interface RowMenuButtonProps {
  readonly row: TunnelRow;
  readonly onMenu: OpenMenu;
}

export function RowMenuButton({ row, onMenu }: RowMenuButtonProps) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={`Actions for ${withVisibleCharacters(row.tunnel.name)}`}
      onClick={(event) => onMenu(row, event.currentTarget)}
      className="inline-flex size-8 cursor-pointer items-center justify-center rounded-md hover:bg-kumo-fill"
    >
      <DotsThreeIcon aria-hidden className="size-5" weight="bold" />
    </button>
  );
}
