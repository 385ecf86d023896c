// Where the keys go in the table of an import, as in a spreadsheet.

import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';

/** A cell, by the number of its row and its field. */
export interface GridCell {
  readonly number: number;
  readonly field: IpsecTunnelField;
}

/** The cells that there are, in their order. */
export interface GridExtent {
  readonly numbers: readonly number[];
  readonly columns: readonly IpsecTunnelField[];
  /** How many rows a page is. */
  readonly page: number;
}

/** Steps by rows and columns; beyond the edge is at the edge. */
type Step = readonly [rows: number, columns: number];

const FAR = Number.MAX_SAFE_INTEGER;

/** What a key does to the cell that one is in, or `undefined` where it is none that moves. */
export function stepOf(key: string, isControl: boolean, page: number): Step | undefined {
  switch (key) {
    case 'ArrowUp':
      return [isControl ? -FAR : -1, 0];
    case 'ArrowDown':
      return [isControl ? FAR : 1, 0];
    case 'ArrowLeft':
      return [0, isControl ? -FAR : -1];
    case 'ArrowRight':
      return [0, isControl ? FAR : 1];
    case 'PageUp':
      return [-page, 0];
    case 'PageDown':
      return [page, 0];
    case 'Home':
      return [isControl ? -FAR : 0, -FAR];
    case 'End':
      return [isControl ? FAR : 0, FAR];
    default:
      return undefined;
  }
}

/** The cell so many steps away, or the nearest one there is; `undefined` where there is none at all. */
export function cellAfter(from: GridCell | undefined, [rows, columns]: Step, extent: GridExtent): GridCell | undefined {
  const row = extent.numbers[within(placeOf(extent.numbers, from?.number) + rows, extent.numbers.length)];
  const column = Math.max(0, from === undefined ? 0 : extent.columns.indexOf(from.field));
  const field = extent.columns[within(column + columns, extent.columns.length)];
  return row === undefined || field === undefined ? undefined : { number: row, field };
}

/** Where the row is; where it is gone, the one that has come in its place. */
function placeOf(numbers: readonly number[], number: number | undefined): number {
  if (number === undefined) return 0;
  const place = numbers.indexOf(number);
  if (place !== -1) return place;
  const next = numbers.findIndex((each) => each > number);
  return next === -1 ? numbers.length - 1 : next;
}

function within(place: number, count: number): number {
  return Math.max(0, Math.min(place, count - 1));
}
