// A tunnel as a row of a CSV file, which an import reads back.

import { valueAt } from '../../value-at.ts';
import { CELL_FIELDS, escapeFormula, writeCell } from '../cells.ts';
import type { IpsecTunnel } from '../tunnel.ts';
import { exportedTunnel } from './exported-tunnel.ts';

/** Read-only: it says which tunnel the row was, and a create ignores it. */
export const CSV_ID_COLUMN = 'id';
/** The headers of a file of requests, in their order: their fields by their dotted paths. A key is in no export. */
export const REQUEST_COLUMNS = CELL_FIELDS.filter((field) => field !== 'psk');
/** The headers of a file of tunnels. */
export const CSV_COLUMNS: readonly string[] = [CSV_ID_COLUMN, ...REQUEST_COLUMNS];

/** A tunnel's cells, in the order of {@link CSV_COLUMNS}. No spreadsheet takes one of them for a formula. */
export function toCsvCells(tunnel: IpsecTunnel): string[] {
  const { request, id = '' } = exportedTunnel(tunnel);
  return [escapeFormula(id), ...toRequestCells(request)];
}

/** A create request's cells, in the order of {@link REQUEST_COLUMNS}, without its key. */
export function toRequestCells(request: object): string[] {
  return REQUEST_COLUMNS.map((field) => escapeFormula(writeCell(field, valueAt(request, field.split('.')))));
}
