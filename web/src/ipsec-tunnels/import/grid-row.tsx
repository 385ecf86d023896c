// One row of the table of an import.

import { WarningCircleIcon, WarningIcon } from '@phosphor-icons/react';
import { rowName } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { memo } from 'react';
import { VisibleText } from '../../ui/visible-text.tsx';
import { CellEditor, type Committed } from './cell-editor.tsx';
import { isMasked, isProse, markOf, rowTitle, shownText } from './cell-texts.ts';
import type { CheckedRow } from './import-table.ts';

/** In pixels; the virtual table reckons with it. */
export const ROW_HEIGHT = 36;
export const NUMBER_WIDTH = 112;

/** The element ID of a cell. */
export function cellId(number: number, field: IpsecTunnelField): string {
  return `cell-${number}-${field}`;
}

export interface GridRowProps {
  readonly checked: CheckedRow;
  /** Its place among those shown. */
  readonly index: number;
  readonly columns: readonly IpsecTunnelField[];
  /** The cell of this row that one is in. */
  readonly active: IpsecTunnelField | undefined;
  /** What the active cell's editor begins with; `undefined` while it is not edited. */
  readonly editing: string | undefined;
  readonly choices: readonly string[];
  readonly onCommit: (committed: Committed) => void;
  readonly onCancel: () => void;
  /** What Cloudflare said of the row, in a word, where it was asked. */
  readonly outcome: string | undefined;
}

export const STICKY_NAME = 'sticky left-28 z-1 border-r';
const CELL = 'relative h-9 overflow-hidden truncate border-kumo-line border-b px-2';
const ACTIVE =
  'after:pointer-events-none after:absolute after:inset-0 after:border-2 after:border-kumo-line group-focus-within:after:border-kumo-brand';
/** Over the cell's own color, which a sticky cell needs. */
const MARKS = {
  issue: 'bg-linear-to-r from-kumo-danger-tint to-kumo-danger-tint',
  risk: 'bg-linear-to-r from-kumo-warning-tint to-kumo-warning-tint',
} as const;

/** Rendered again only when something of its own changes: scrolling renders nothing but the rows that come in. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { checked, index, columns, active, editing, choices, onCommit, onCancel } = props;
  const { row } = checked;
  return (
    <tr aria-rowindex={index + 2} data-row={row.number}>
      <th
        scope="row"
        title={row.sheetRow === undefined ? undefined : `Row ${row.sheetRow} of the spreadsheet`}
        className="sticky left-0 z-1 h-9 border-kumo-line border-b bg-kumo-base whitespace-nowrap px-2 text-right font-normal text-kumo-subtle tabular-nums"
      >
        <RowState checked={checked} outcome={props.outcome} />
      </th>
      {columns.map((field, column) => {
        const mark = markOf(checked, field);
        const isActive = active === field;
        return (
          <td
            key={field}
            id={cellId(row.number, field)}
            data-field={field}
            aria-colindex={column + 2}
            aria-invalid={mark === 'issue' || undefined}
            className={cellClass(field, mark, isActive)}
          >
            {isActive && editing !== undefined ? (
              <CellEditor
                label={`${IPSEC_TUNNEL_LABELS[field]}, ${rowTitle(row)}`}
                initial={editing}
                isMasked={isMasked(field)}
                choices={choices}
                onCommit={onCommit}
                onCancel={onCancel}
              />
            ) : (
              <CellContent text={shownText(row, field)} mark={mark} />
            )}
          </td>
        );
      })}
    </tr>
  );
});

type Mark = ReturnType<typeof markOf>;

function cellClass(field: IpsecTunnelField, mark: Mark, isActive: boolean): string {
  const isSticky = field === 'name';
  return [
    CELL,
    // What is sticky lies over what scrolls under it, and lets nothing of it through.
    isSticky ? `${STICKY_NAME} bg-kumo-base` : '',
    mark === undefined ? '' : MARKS[mark],
    isActive ? ACTIVE : '',
    isProse(field) ? '' : 'font-mono',
  ].join(' ');
}

interface CellContentProps {
  readonly text: string;
  readonly mark: Mark;
}

function CellContent({ text, mark }: CellContentProps) {
  return (
    <>
      {mark === 'issue' && (
        <WarningCircleIcon role="img" aria-label="Issue:" weight="fill" className={`${ICON} text-kumo-danger`} />
      )}
      {mark === 'risk' && <WarningIcon role="img" aria-label="Advice:" className={`${ICON} text-kumo-warning`} />}
      {PLAIN.test(text) ? text : <VisibleText text={text} />}
    </>
  );
}

/** Nothing in it can hide or turn: hundreds of cells are rendered with every turn of a wheel. */
const PLAIN = /^[ -~]*$/;
const ICON = 'mr-1 inline-block size-4 shrink-0 align-text-bottom';

function RowState({ checked, outcome }: Pick<GridRowProps, 'checked' | 'outcome'>) {
  const { row, issues, isChecked } = checked;
  return (
    <>
      {!isChecked && <span className="sr-only">Not checked yet: </span>}
      {issues.length > 0 && (
        <WarningCircleIcon
          role="img"
          aria-label="With issues:"
          weight="fill"
          className="mr-1 inline-block size-4 align-text-bottom text-kumo-danger"
        />
      )}
      {outcome && <span className="sr-only">{outcome}: </span>}
      {rowName(row.number).slice('row '.length)}
    </>
  );
}
