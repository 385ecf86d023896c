// The rows of an import, as a person sees and edits them: a text for every field, right or wrong.

import { MAX_IMPORT_ROWS } from '../../api/batches.ts';
import type { IpsecTunnelField } from '../request.ts';

/** A row's texts by field, the key's among them; an absent or empty one is left out of the request. */
export type ImportCells = Readonly<Partial<Record<IpsecTunnelField, string>>>;

export interface ImportRow {
  /**
   * Where it stands in what was read, the first one being 1; it keeps its number when others are removed. The second of a
   * pair has that of the first and {@link MAX_IMPORT_ROWS} more: call either by {@link rowName}.
   */
  readonly number: number;
  /** Its row in the spreadsheet that it came from, where the headers are mostly row 1. */
  readonly sheetRow?: number | undefined;
  readonly cells: ImportCells;
  /** Whether a key is generated for it in the browser when it is created; a key of its own is among the cells. */
  readonly generatesKey: boolean;
  /** The number of an earlier row whose key this one has too: the second of a pair with one key. */
  readonly sharesKeyWith?: number | undefined;
}

/** `row 7`, `row 7 (second)` for the second of a pair. */
export function rowName(number: number): string {
  return `row ${rowLabel(number)}`;
}

/** `7`, `7 (second)` */
export function rowLabel(number: number): string {
  return `${firstOfPair(number)}${number > MAX_IMPORT_ROWS ? ' (second)' : ''}`;
}

/** The number of the first of a pair, given that of either; of any other row, its own. */
export function firstOfPair(number: number): number {
  return number > MAX_IMPORT_ROWS ? number - MAX_IMPORT_ROWS : number;
}

/** `rows 5, 9, 12 and 214 more`, of as many in all. */
export function rowsInWords(numbers: readonly number[], count = numbers.length): string {
  const names = numbers.toSorted((a, b) => placeOf(a) - placeOf(b)).map(rowLabel);
  const more = count - numbers.length;
  return `${count === 1 ? 'row' : 'rows'} ${names.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
}

/** The second of a pair comes right after the first. */
function placeOf(number: number): number {
  return firstOfPair(number) + (number > MAX_IMPORT_ROWS ? 0.5 : 0);
}
