// The rows of a delimited text: CSV, TSV, and cells as spreadsheets put them on the clipboard.

import { CELL_FIELDS } from '@tunnel-desk/shared/ipsec-tunnels/cells';
import { CSV_COLUMNS } from '@tunnel-desk/shared/ipsec-tunnels/export/csv';
import { readCells, readHeaders } from '@tunnel-desk/shared/ipsec-tunnels/import/columns';
import type { ImportCells, ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { isBlank, isComment, layoutOf } from './layout.ts';
import type { ReadContent } from './read-result.ts';
import { recordsIn, type TableRecord } from './records.ts';
import { tooManyRows } from './too-many-rows.ts';

/** What is between the cells, as the summary has it. */
const DELIMITER_WORDS: ReadonlyMap<string, string> = new Map([
  [',', 'commas'],
  [';', 'semicolons'],
  ['\t', 'tabs'],
]);
/** Excel writes rows in blocks of so many, and leaves out the empty cells that all rows of a block end in. */
const EXCEL_BLOCK = 16;

/** Reads the text in pieces, between which the page can have its turn. Its own first row has the headers, unless they are given. */
export function* readTable(text: string, given?: readonly string[]): Generator<void, ReadContent> {
  const layout = layoutOf(text);
  const headers = given ?? layout.headers?.cells;
  const firstRow = given === undefined ? (layout.headers?.sheetRow ?? 1) : 0;
  const records: TableRecord[] = [];
  const leftOut: LeftOut = { comments: 0, above: 0 };
  const pieces = recordsIn(layout.body, layout.delimiter);
  for (let piece = pieces.next(); ; piece = pieces.next()) {
    if (piece.done === true) {
      if (!piece.value) return { kind: 'refused', message: TOO_MANY_UNCLOSED };
      break;
    }
    for (const record of piece.value) {
      if (isBlank(record)) continue;
      if (isComment(record)) leftOut.comments += 1;
      else if (record.sheetRow > firstRow || headers === undefined) records.push(record);
      else if (record.sheetRow < firstRow) leftOut.above += 1;
    }
    yield;
  }
  const refused = tooManyRows(records.length);
  if (refused !== undefined) return refused;
  if (headers === undefined) return withoutHeaders(records);
  if (records.length === 0) return { kind: 'refused', message: 'There is a row of headers, and no other row.' };
  return yield* rowsOf(records, headers, layout.delimiter, leftOut);
}

function* rowsOf(
  records: readonly TableRecord[],
  headers: readonly string[],
  delimiter: string,
  leftOut: LeftOut,
): Generator<void, ReadContent> {
  const filled = filledColumns(records);
  yield;
  const { columns, issues } = readHeaders(headers, (index) => filled.has(index));
  const width = headers.findLastIndex((header, index) => header.trim() !== '' || filled.has(index)) + 1;
  const cut = rowsCutByExcel(records, width);
  yield;
  const rows: ImportRow[] = [];
  const rowIssues = new Map<number, readonly string[]>();
  for (const record of records) {
    const { sheetRow, cells } = record;
    const number = rows.length + 1;
    rows.push({ number, sheetRow, cells: withoutBlankKey(readCells(columns, cells)), generatesKey: false });
    const issue = issueOf(record, headers.length, cut.has(sheetRow) ? 0 : width);
    if (issue !== undefined) rowIssues.set(number, [issue]);
    if (number % 100 === 0) yield;
  }
  const words = DELIMITER_WORDS.get(delimiter) ?? `cells separated by ${delimiter}`;
  return { kind: 'rows', rows, issues, rowIssues, notes: notesOf(leftOut, cut.size), words };
}

/** A key is taken as it is written, but for one that nobody can see. */
function withoutBlankKey(cells: ImportCells): ImportCells {
  if (cells.psk === undefined || cells.psk.trim() !== '') return cells;
  const { psk: _, ...others } = cells;
  return others;
}

/** The indexes of the columns in which any row has something. */
function filledColumns(records: readonly TableRecord[]): ReadonlySet<number> {
  const filled = new Set<number>();
  for (const { cells } of records) {
    for (let index = 0; index < cells.length; index += 1) {
      if (!filled.has(index) && cells[index]?.trim() !== '') filled.add(index);
    }
  }
  return filled;
}

/** The rows, by their place in the spreadsheet, that end early because all those of their block do, at the same cell. */
function rowsCutByExcel(records: readonly TableRecord[], width: number): ReadonlySet<number> {
  const blocks = Map.groupBy(records, ({ sheetRow }) => Math.ceil(sheetRow / EXCEL_BLOCK));
  const cut = [...blocks].flatMap(([block, rows]) => {
    const length = rows[0]?.cells.length ?? width;
    // The headers are in the first one, and the last row of a file that was cut off would be alone in its own.
    const isCut = block > 1 && rows.length > 1 && length < width && rows.every(({ cells }) => cells.length === length);
    return isCut ? rows.map(({ sheetRow }) => sheetRow) : [];
  });
  return new Set(cut);
}

/** What is wrong with how the row is written. A cell too many or too few, and others are not where they belong. */
function issueOf({ cells, quotes }: TableRecord, headers: number, width: number): string | undefined {
  if (quotes !== undefined) return QUOTES[quotes];
  const count = filledLength(cells);
  if (count > headers) {
    return `This row has ${count} cells, and there are ${headers} headers: some cells may be in a wrong column. Is a text with a separator in it without quotation marks?`;
  }
  if (cells.length >= width) return undefined;
  return `This row has only ${cells.length} of ${width} cells: some may be in a wrong column.`;
}

/** How many cells there are up to the last one with something in it. */
function filledLength(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}

const QUOTES = {
  unclosed:
    'A quotation mark in this row opens and never closes. The row was read to the end of its line, without quotation marks: look at each of its cells.',
  unmatched: 'The quotation marks in this row do not match: look at each of its cells.',
} as const;
const TOO_MANY_UNCLOSED =
  'In more than 100 rows a quotation mark opens and never closes, so nobody can say where their cells end. Save the spreadsheet as CSV again, and choose that.';

/** How many rows were not read. */
interface LeftOut {
  comments: number;
  /** Above the headers. */
  above: number;
}

function notesOf({ comments, above }: LeftOut, cut: number): string[] {
  return [
    ...(above === 0 ? [] : [`Left out: ${counted(above, 'row')} above the headers.`]),
    ...(comments === 0 ? [] : [`Left out: ${counted(comments, 'row')} of comments, which begin with #.`]),
    ...(cut === 0 ? [] : [`End early, as Excel writes them where their last cells are empty: ${counted(cut, 'row')}.`]),
  ];
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

/** What can be done without headers: cells in an order that is known are as good as ones with headers. */
function withoutHeaders(records: readonly TableRecord[]): ReadContent {
  if (records.length === 0) return { kind: 'refused', message: 'There is nothing in it.' };
  const count = records.reduce((most, { cells }) => Math.max(most, filledLength(cells)), 0);
  const isExport = records.every(({ cells: [id = ''] }) => /^[0-9a-f]{32}$/.test(id.trim()));
  return { kind: 'no-headers', columnCount: count, order: isExport ? CSV_COLUMNS : CELL_FIELDS };
}
