// Issues that are equal but for the value, as one: a typo repeats on every row. And what a fix makes of a row.

import { replaceEntry } from '../prefix-list.ts';
import type { IpsecTunnelField } from '../request.ts';
import type { CellIssue } from './findings.ts';
import type { ImportRow } from './rows.ts';
import { lastOf, type Steps } from './steps.ts';

export interface IssueGroup {
  readonly field: IpsecTunnelField;
  readonly severity: CellIssue['severity'];
  /** With `…` for what differs from row to row. */
  readonly message: string;
  /** The numbers of the rows that have it, each once, in their order. */
  readonly rows: readonly number[];
  /** In how many of them there is a fix. */
  readonly fixable: number;
  /** Whether the issue of a row is in this group. */
  has(issue: CellIssue): boolean;
}

/** The groups of what is said of the rows, those of most rows first. `issuesOf` may leave out what is not of interest. */
export function groupIssues(rows: readonly ImportRow[], issuesOf: IssuesOf): IssueGroup[] {
  return lastOf(groupsInSteps(rows, issuesOf));
}

/** The same, a row at a time. */
export function* groupsInSteps(rows: readonly ImportRow[], issuesOf: IssuesOf): Steps<IssueGroup[]> {
  const groups = new Map<string, OpenGroup>();
  for (const row of rows) {
    yield;
    for (const issue of issuesOf(row)) {
      const key = keyOf(issue);
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, {
          issue,
          key,
          message: issue.message,
          rows: [row.number],
          fixable: new Set(fixedRow(row, issue)),
        });
        continue;
      }
      if (group.rows.at(-1) !== row.number) group.rows.push(row.number);
      for (const number of fixedRow(row, issue)) group.fixable.add(number);
      if (group.message !== issue.message) group.message = common(group.message, issue.message);
    }
  }
  return [...groups.values()]
    .toSorted((a, b) => b.rows.length - a.rows.length)
    .map(({ issue: { field, severity }, key, message, rows: numbers, fixable }) => ({
      ...{ field, severity, message, rows: numbers, fixable: fixable.size },
      has: (issue) => keyOf(issue) === key,
    }));
}

type IssuesOf = (row: ImportRow) => readonly CellIssue[];

/** The row with the issue fixed; the row itself where there is no fix. */
export function withFix(row: ImportRow, { field, suggestion, entry }: CellIssue): ImportRow {
  if (suggestion === undefined) return row;
  const text = row.cells[field] ?? '';
  const fixed = entry === undefined ? suggestion : replaceEntry(text, entry, suggestion);
  return { ...row, cells: { ...row.cells, [field]: fixed } };
}

interface OpenGroup {
  readonly issue: CellIssue;
  readonly key: string;
  message: string;
  readonly rows: number[];
  readonly fixable: Set<number>;
}

function fixedRow({ number }: ImportRow, { suggestion }: CellIssue): number[] {
  return suggestion === undefined ? [] : [number];
}

/** What differs between equal issues: what is quoted, addresses, and names and numbers with digits in them. */
const VARIABLE = /"[^"]*"|“[^”]*”|[\da-f]*(?:[:.][\da-f]*){2,}(?:\/\d+)?|[\p{L}\d._⟨⟩+-]*\d[\p{L}\d._⟨⟩+-]*/giu;

/** The other rows that are named where there are several. */
const OTHER_ROWS = /\brows \d+(?: \(second\))?(?:, \d+(?: \(second\))?)*(?: and [\d,]+ more)?/giu;

function keyOf({ field, severity, message }: CellIssue): string {
  return `${field} ${severity} ${message.replace(OTHER_ROWS, 'other rows').replace(VARIABLE, '…')}`;
}

/** The words of both, with `…` for those that differ. */
function common(a: string, b: string): string {
  const [wordsA, wordsB] = [a, b].map((text) => text.replace(OTHER_ROWS, otherRows).split(' ')) as [string[], string[]];
  if (wordsA.length !== wordsB.length) return a.replace(VARIABLE, '…');
  return wordsA.map((word, index) => (word === wordsB[index] ? word : '…')).join(' ');
}

function otherRows(rows: string): string {
  return rows.startsWith('R') ? 'Other rows' : 'other rows';
}
