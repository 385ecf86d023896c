// How a delimited text is laid out: what is between its cells, and which row has the headers. The known headers decide: a
// guess by counting characters fails on one odd row.

import { COMMENT_MARK, columnNamed } from '@tunnel-desk/shared/ipsec-tunnels/import/columns';
import { recordsIn, type TableRecord } from './records.ts';

export interface Layout {
  readonly delimiter: string;
  /** `undefined` where no row is one of headers. */
  readonly headers: TableRecord | undefined;
  /** The text, without a first line that is for spreadsheets alone. */
  readonly body: string;
}

const DELIMITERS = ['\t', ';', ','];
/** Excel's own line, which says what is between cells. */
const SEPARATOR_LINE = /^"?sep=([^\r\n])"?(?:\r\n|\n|\r)/i;
/** Enough for a title and what else stands above the headers. */
const ROWS_SEARCHED = 20;
/** Only the beginning, so that a delimiter that is none cannot make one row of everything. */
const LENGTH_SEARCHED = 32_768;

export function layoutOf(text: string): Layout {
  const [line = '', separator] = SEPARATOR_LINE.exec(text) ?? [];
  const body = text.slice(line.length);
  const beginning = body.slice(0, LENGTH_SEARCHED);
  const found = (separator === undefined ? DELIMITERS : [separator]).map((delimiter) => {
    const records = firstRecords(beginning, delimiter);
    const { record: headers, known } = headersAmong(records);
    return { delimiter, headers, known, body, cells: records[0]?.cells.length ?? 0 };
  });
  return found.reduce((a, b) => (b.known > a.known || (b.known === a.known && b.cells > a.cells) ? b : a));
}

/** Whether a person left the row blank, or wrote a comment in it. */
export function isBlank({ cells }: TableRecord): boolean {
  return cells.every((cell) => cell.trim() === '');
}

export function isComment({ cells: [first = ''] }: TableRecord): boolean {
  return first.startsWith(COMMENT_MARK);
}

function firstRecords(text: string, delimiter: string): TableRecord[] {
  const records: TableRecord[] = [];
  for (const piece of recordsIn(text, delimiter)) {
    records.push(...piece.filter((record) => !isBlank(record) && !isComment(record)));
    if (records.length >= ROWS_SEARCHED) break;
  }
  return records;
}

interface FoundHeaders {
  readonly record: TableRecord | undefined;
  /** How many of its headers are known. */
  readonly known: number;
}

/** The first row that has more known headers than other cells. */
function headersAmong(records: readonly TableRecord[]): FoundHeaders {
  for (const record of records) {
    const filled = record.cells.filter((cell) => cell.trim() !== '').length;
    const known = record.cells.filter((cell) => columnNamed(cell) !== undefined).length;
    if (known * 2 >= filled || known >= 3) return { record, known };
  }
  return { record: undefined, known: 0 };
}
