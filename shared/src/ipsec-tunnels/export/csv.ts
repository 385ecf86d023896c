// A tunnel as a row of a CSV file, which an import reads back.

import { valueAt } from '../../value-at.ts';
import { CELL_FIELDS, escapeFormula, writeCell } from '../cells.ts';
import type { IpsecTunnel } from '../tunnel.ts';
import { exportedTunnel } from './exported-tunnel.ts';

/** Read-only: it says which tunnel the row was, and a create ignores it. */
export const CSV_ID_COLUMN = 'id';
/** A key is in no export. */
const EXPORTED_FIELDS = CELL_FIELDS.filter((field) => field !== 'psk');
/** The headers of the file, in their order: the ID and the request's fields by their dotted paths. */
export const CSV_COLUMNS: readonly string[] = [CSV_ID_COLUMN, ...EXPORTED_FIELDS];

/** A tunnel's cells, in the order of {@link CSV_COLUMNS}. No spreadsheet takes one of them for a formula. */
export function toCsvCells(tunnel: IpsecTunnel): string[] {
  const { request, id = '' } = exportedTunnel(tunnel);
  return [escapeFormula(id), ...toRequestCells(request)];
}

/** The same of a create request, without the ID and without its key. */
export function toRequestCells(request: object): string[] {
  return EXPORTED_FIELDS.map((field) => escapeFormula(writeCell(field, valueAt(request, field.split('.')))));
}
