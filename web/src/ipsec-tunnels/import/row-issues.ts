// What is said of an import's rows beside the rules of their fields, and what of it keeps a row from being created.

import type { CellIssue } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';

/** Issues by the number of their row that no rule finds, because they are not in its cells. */
export type Marks = ReadonlyMap<number, readonly CellIssue[]>;

export const NO_ISSUES: readonly CellIssue[] = [];
export const NO_MARKS: Marks = new Map();

/** A conflict is one too: Cloudflare would refuse the row. */
export function isBlocking({ severity }: CellIssue): boolean {
  return severity === 'issue' || severity === 'conflict';
}

/** Keys are in no storage: after a reload they are entered again, and no tunnel is created without one by mistake. */
export const KEY_LOST: CellIssue = {
  field: 'psk',
  severity: 'issue',
  message: 'the key that was here is not kept across a reload: enter it again, or generate one',
};

/** What is wrong with how a row was written in its file, at its first cell, for want of one of its own. */
export function marksOfReading(rowIssues: ReadonlyMap<number, readonly string[]>): Marks {
  return new Map(
    Array.from(rowIssues, ([number, messages]) => [
      number,
      messages.map((message): CellIssue => ({ field: 'name', severity: 'issue', message })),
    ]),
  );
}

/** The marks that hold after a change: one that a key was lost until there is another, the others while their row is there. */
export function marksThatHold(marks: Marks, before: readonly ImportRow[], after: readonly ImportRow[]): Marks {
  if (marks.size === 0 || before === after) return marks;
  const old = new Map(before.map((row) => [row.number, row]));
  const held = new Map<number, readonly CellIssue[]>();
  for (const row of after) {
    const ofRow = marks.get(row.number);
    if (ofRow === undefined) continue;
    const left = hasSameKey(old.get(row.number), row) ? ofRow : ofRow.filter(({ field }) => field !== 'psk');
    if (left.length > 0) held.set(row.number, left);
  }
  return held;
}

function hasSameKey(before: ImportRow | undefined, after: ImportRow): boolean {
  return before?.cells.psk === after.cells.psk && before?.generatesKey === after.generatesKey;
}

export function sameIssues(a: readonly CellIssue[], b: readonly CellIssue[]): boolean {
  return a === b || (a.length === b.length && a.every((issue, index) => isSame(issue, b[index])));
}

function isSame(a: CellIssue, b: CellIssue | undefined): boolean {
  return (
    a === b ||
    (a.field === b?.field &&
      a.message === b.message &&
      a.suggestion === b.suggestion &&
      a.severity === b.severity &&
      a.entry === b.entry)
  );
}
