// The headers of what is imported: which field each column is, and what is wrong with them.

import { plainText } from '../../characters.ts';
import { CELL_FIELDS, unescapeFormula } from '../cells.ts';
import { IPSEC_TUNNEL_LABELS } from '../labels.ts';
import { quoted } from '../near-misses.ts';
import type { IpsecTunnelField } from '../request.ts';
import type { ImportCells } from './rows.ts';

/** What a column holds; `id` says which tunnel the row was, and a create ignores it; `undefined` is not read. */
export type Column = IpsecTunnelField | 'id' | undefined;

export interface Headers {
  readonly columns: readonly Column[];
  /** A sentence for each column that would be lost. */
  readonly issues: readonly string[];
}

/** By the request's name and by the page's label, as {@link plainHeader} has them. */
const COLUMNS: ReadonlyMap<string, Exclude<Column, undefined>> = new Map<string, Exclude<Column, undefined>>([
  ['id', 'id'],
  ['tunnelid', 'id'],
  ...CELL_FIELDS.flatMap((field): [string, IpsecTunnelField][] => [
    [plainHeader(field), field],
    [plainHeader(IPSEC_TUNNEL_LABELS[field]), field],
  ]),
]);

/**
 * Reads the row of headers. They are the request's names, with a dot behind a group, or the page's labels; case, blanks and
 * what stands between words make no difference. `isFilled` says whether the column at the index has a cell that is not
 * empty: one with neither header nor cells is no column.
 */
export function readHeaders(headers: readonly string[], isFilled: (index: number) => boolean = () => true): Headers {
  const issues: string[] = [];
  const first = new Map<Column, number>();
  const columns = headers.map((header, index): Column => {
    const plain = plainHeader(header);
    const column = COLUMNS.get(plain);
    if (plain === '') {
      if (isFilled(index)) issues.push(`Column ${index + 1} has no header: its cells would be lost.`);
    } else if (column === undefined) {
      issues.push(unknownHeader(header, index));
    } else if (first.has(column)) {
      issues.push(`Columns ${(first.get(column) ?? 0) + 1} and ${index + 1} are both ${column}: only one can be read.`);
      return undefined;
    } else {
      first.set(column, index);
    }
    return column;
  });
  return { columns, issues };
}

/** What a comment begins with: its row is not read. */
export const COMMENT_MARK = '#';

/** What a column with this header holds. */
export function columnNamed(header: string): Column {
  return COLUMNS.get(plainHeader(header));
}

/** The cells of a row of a file or of pasted text, each by its column; empty ones are left out. */
export function readCells(columns: readonly Column[], texts: readonly string[]): ImportCells {
  const cells: Partial<Record<IpsecTunnelField, string>> = {};
  for (const [index, column] of columns.entries()) {
    const text = texts[index];
    if (column === undefined || column === 'id' || text === undefined || text === '') continue;
    cells[column] = unescapeFormula(text);
  }
  return cells;
}

function plainHeader(header: string): string {
  return plainText(header)
    .toLowerCase()
    .replace(/[\s._/-]+/g, '');
}

function unknownHeader(header: string, index: number): string {
  const nearest = nearestColumn(plainHeader(header));
  const question = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `Column ${index + 1}, ${quoted(header.trim())}, is not a field of a tunnel, and is left out.${question}`;
}

/** The column that is spelled nearly like this, or is named in part; `undefined` where none is near enough. */
function nearestColumn(plain: string): string | undefined {
  const limit = Math.max(1, Math.floor(plain.length / 3));
  let nearest: { readonly column: string; readonly distance: number } | undefined;
  for (const [spelling, column] of COLUMNS) {
    const distance = editDistance(plain, spelling);
    if (distance <= limit && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) nearest = { column, distance };
  }
  return nearest?.column ?? columnNamedInPart(plain);
}

/** Fewer letters are the end of too many names. */
const SHORTEST_PART = 3;

/** The first column whose name begins like this ("Health check"), or the only one that ends like this ("ASN"). */
function columnNamedInPart(plain: string): string | undefined {
  if (plain.length < SHORTEST_PART) return undefined;
  const known = [...COLUMNS];
  const begun = known.find(([spelling]) => spelling.startsWith(plain));
  if (begun !== undefined) return begun[1];
  const ended = new Set(
    known.flatMap(([spelling, column]) =>
      spelling.endsWith(plain) || (spelling.length >= SHORTEST_PART && plain.endsWith(spelling)) ? [column] : [],
    ),
  );
  const [only] = ended;
  return ended.size === 1 ? only : undefined;
}

/** How many characters must be put in, taken out or replaced to make one of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, character] of [...a].entries()) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column += 1) {
      const replaced = (before[column] ?? 0) + (b[column] === character ? 0 : 1);
      current.push(Math.min(replaced, (before[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    before = current;
  }
  return before[b.length] ?? 0;
}
