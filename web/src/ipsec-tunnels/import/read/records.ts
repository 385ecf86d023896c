// The records of a delimited text, piece by piece: each a row of the spreadsheet that it was.

import papaparse from 'papaparse';

export interface TableRecord {
  readonly cells: readonly string[];
  /** The row of the spreadsheet, the first one being 1. */
  readonly sheetRow: number;
  /** Set where its quotation marks do not match, so that nobody knows where its cells begin and end. */
  readonly quotes?: 'unmatched' | 'unclosed';
}

/** As many as take less than a millisecond. */
const PIECE = 50;
/** To find each takes as long as all that follows it: with more, nobody would wait for the end. */
const MAX_UNCLOSED = 100;

/** Of the text's beginning: lines are no longer. */
const LENGTH_SEARCHED = 65_536;

/**
 * The records of the text, some at a time, blank ones among them. A quotation mark that never closes would make one cell of
 * all that follows: the line that it is in is a record of its own then, read without quotation marks. With too many of
 * those it ends early, and returns false.
 */
export function* recordsIn(text: string, delimiter: string): Generator<readonly TableRecord[], boolean> {
  const newline = newlineOf(text);
  let from = 0;
  let sheetRow = 1;
  let unclosed = 0;
  const number = (record: Omit<TableRecord, 'sheetRow'>): TableRecord => ({ ...record, sheetRow: sheetRow++ });

  while (from < text.length) {
    const piece = parse(text, from, delimiter, newline, PIECE);
    if (piece.isSound) {
      from = piece.end;
      yield piece.records.map((cells) => number({ cells }));
      continue;
    }
    for (let count = 0; count < PIECE && from < text.length; count += 1) {
      const { record, end } = readAlone(text, from, delimiter, newline);
      from = end;
      yield [number(record)];
      if (record.quotes === 'unclosed') unclosed += 1;
      if (unclosed > MAX_UNCLOSED) return false;
    }
  }
  return true;
}

/** What ends a line, by the first one: a carriage return alone does in files of old Macs, where texts have line feeds inside. */
function newlineOf(text: string): '\n' | '\r' {
  const first = /\r\n?|\n/.exec(text.slice(0, LENGTH_SEARCHED).replaceAll(/"[^"]*"/g, ''));
  return first?.[0] === '\r' ? '\r' : '\n';
}

interface Alone {
  readonly record: Omit<TableRecord, 'sheetRow'>;
  readonly end: number;
}

/** The one record at this place, whatever its quotation marks are. */
function readAlone(text: string, from: number, delimiter: string, newline: '\n' | '\r'): Alone {
  const { records, end, isSound, isUnclosed } = parse(text, from, delimiter, newline, 1);
  const [cells = []] = records;
  if (isSound) return { record: { cells }, end };
  const nextLine = text.indexOf(newline, from) + 1 || text.length;
  const asTyped = text
    .slice(from, nextLine)
    .replace(/[\r\n]+$/, '')
    .split(delimiter);
  const isOneLine = nextLine >= end;
  // Copied cells have quotation marks only around line breaks: here they are what was typed.
  if (isOneLine && delimiter === '\t') return { record: { cells: asTyped }, end };
  return isOneLine && !isUnclosed
    ? { record: { cells, quotes: 'unmatched' }, end }
    : { record: { cells: asTyped, quotes: 'unclosed' }, end: nextLine };
}

interface Piece {
  readonly records: readonly (readonly string[])[];
  /** Where the next one begins. */
  readonly end: number;
  /** Whether all quotation marks match. */
  readonly isSound: boolean;
  /** Whether one is open at the end of the text. */
  readonly isUnclosed: boolean;
}

function parse(text: string, from: number, delimiter: string, newline: '\n' | '\r', preview: number): Piece {
  // The parser would take it for the mark of a file, and count without it.
  const start = text.startsWith('\ufeff', from) ? from + 1 : from;
  const { data, errors, meta } = papaparse.parse<string[]>(text.slice(start), {
    delimiter,
    newline,
    preview,
    // Its fast way says where it is one record too late.
    fastMode: false,
  });
  if (newline === '\n') for (const record of data) withoutReturn(record);
  return {
    records: data,
    end: start + meta.cursor,
    isSound: errors.length === 0,
    isUnclosed: errors.some(({ code }) => code === 'MissingQuotes'),
  };
}

/** Of the two characters that end a line in most files, the parser leaves the first one on its last cell. */
function withoutReturn(record: string[]): void {
  const last = record.at(-1);
  if (last?.endsWith('\r')) record[record.length - 1] = last.slice(0, -1);
}
