// The rows of an import while a person puts them right, and what the rules say of each. It rechecks what changed, in pieces
// so small that the page never stands still, and takes back what was done.

import type { CellIssue, RowFindings } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import { groupsInSteps, type IssueGroup, withFix } from '@tunnel-desk/shared/ipsec-tunnels/import/groups';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import type { Steps } from '@tunnel-desk/shared/ipsec-tunnels/import/steps';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { inSlices, PAGE_CLOCK, type SliceClock } from '../../lib/slices.ts';
import type { ReadRows } from './read/read-result.ts';
import { columnsOf, rowsWithout, withCell } from './row-changes.ts';
import { isBlocking, type Marks, marksThatHold, NO_ISSUES, NO_MARKS, sameIssues } from './row-issues.ts';

/** What rows are checked by. */
export interface RowRules {
  findingsOn(row: ImportRow): RowFindings;
  conflictsAmong(rows: readonly ImportRow[]): Steps<ReadonlyMap<number, readonly CellIssue[]>>;
}

/** A row and all that is said of it; the same object as long as that is the same. */
export interface CheckedRow {
  readonly row: ImportRow;
  /** What keeps it from being created, conflicts with other rows among it. */
  readonly issues: readonly CellIssue[];
  readonly advisories: readonly CellIssue[];
  /** Whether it was checked since it changed. After a change of the rules, what was said before is said until it is again. */
  readonly isChecked: boolean;
}

export interface ImportCounts {
  readonly rows: number;
  /** Those that can be created, with the one that they share a key with. */
  readonly ready: number;
  readonly withIssues: number;
  /** Those with a risk; what is merely worth knowing does not count. */
  readonly withAdvice: number;
}

/** What the rows came from. */
export type ImportedFile = Pick<ReadRows, 'source' | 'issues' | 'notes' | 'summary'>;

export interface ImportSnapshot {
  /** Absent before any rows came. */
  readonly file: ImportedFile | undefined;
  readonly rows: readonly CheckedRow[];
  /** The fields that any row has, or has had, something in, and those that nearly every tunnel has; in the form's order. */
  readonly columns: readonly IpsecTunnelField[];
  readonly counts: ImportCounts;
  /** What is wrong, and what is a risk, once for all rows that it is said of; a moment behind an edit. */
  readonly groups: readonly IssueGroup[];
  /** How many rows have been checked; all of them, and against each other, once this is `undefined`. */
  readonly checkedSoFar: number | undefined;
  /** What Undo would take back, in a few words. */
  readonly undoes: string | undefined;
}

interface Version {
  readonly rows: readonly ImportRow[];
  readonly marks: Marks;
}

/** What was done, and how everything was before it. */
interface Change extends Version {
  readonly label: string;
}

/** What a checked row was made of. */
interface Sources {
  readonly findings: RowFindings | undefined;
  readonly conflicts: readonly CellIssue[];
  readonly marks: readonly CellIssue[];
  readonly refusals: readonly CellIssue[];
}

const CHECK_CONFLICTS_AFTER_MS = 200;
/** While many rows are checked: every time, the page renders. */
const PUBLISH_EVERY_MS = 100;
const MOST_CHANGES = 100;
const NO_CONFLICTS: ReadonlyMap<number, readonly CellIssue[]> = new Map();

export class ImportTable {
  readonly #clock: SliceClock;
  readonly #listeners = new Set<() => void>();
  #rules: RowRules | undefined;
  #version: Version = { rows: [], marks: NO_MARKS };
  /** Rows do not change: what was found of one holds for as long as the rules do, and comes back with an undo. */
  #findings = new WeakMap<ImportRow, RowFindings>();
  #conflicts = NO_CONFLICTS;
  /** A row that changes is another one, of which Cloudflare has said nothing. */
  #refusals: ReadonlyMap<ImportRow, readonly CellIssue[]> = new Map();
  #checked = new Map<number, { readonly checked: CheckedRow; readonly sources: Sources }>();
  #changes: readonly Change[] = [];
  #columns: readonly IpsecTunnelField[] = [];
  #groups: readonly IssueGroup[] = [];
  #stopChecking = () => {};
  #file: ImportedFile | undefined;
  #snapshot: ImportSnapshot = {
    file: undefined,
    rows: [],
    columns: [],
    counts: { rows: 0, ready: 0, withIssues: 0, withAdvice: 0 },
    groups: [],
    checkedSoFar: undefined,
    undoes: undefined,
  };

  constructor(clock: SliceClock = PAGE_CLOCK) {
    this.#clock = clock;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** As it is now; a new one with every change. */
  readonly snapshot = (): ImportSnapshot => this.#snapshot;

  get rows(): readonly ImportRow[] {
    return this.#version.rows;
  }

  /** What is wrong with rows beside what the rules say: how they were written in the file, keys that a reload lost. */
  get marks(): Marks {
    return this.#version.marks;
  }

  /** Whether this is one of the row's marks. */
  isMark(number: number, issue: CellIssue): boolean {
    return this.#version.marks.get(number)?.includes(issue) ?? false;
  }

  /** Takes the rows of a file; what was there before is gone for good. */
  load(file: ImportedFile | undefined, rows: readonly ImportRow[], marks: Marks = NO_MARKS): void {
    this.#file = file;
    this.#changes = [];
    this.#columns = columnsOf(rows);
    this.#checked.clear();
    this.#conflicts = NO_CONFLICTS;
    this.#groups = [];
    this.#take({ rows, marks }, 0);
  }

  /** Takes other rules, as when the account's tunnels are known or have changed. */
  setRules(rules: RowRules): void {
    this.#rules = rules;
    this.#findings = new WeakMap();
    this.#check(0);
  }

  /** Takes what Cloudflare refused of rows as they are now; the same lists again are nothing new. */
  setRefusals(refusals: ReadonlyMap<ImportRow, readonly CellIssue[]>): void {
    const before = this.#refusals;
    if (refusals.size === before.size && [...refusals].every(([row, issues]) => before.get(row) === issues)) return;
    this.#refusals = refusals;
    this.#check(0);
  }

  /** The rows that this desk finds nothing wrong with, whatever Cloudflare may have said of them. */
  rowsToValidate(): readonly ImportRow[] {
    return this.#snapshot.rows
      .filter(({ row, issues }) => issues.length === (this.#refusals.get(row)?.length ?? 0))
      .map(({ row }) => row);
  }

  /** What would be said of this row by itself. */
  findingsOn(row: ImportRow): RowFindings | undefined {
    return this.#findings.get(row) ?? this.#rules?.findingsOn(row);
  }

  /** Puts a text in a cell. */
  edit(number: number, field: IpsecTunnelField, text: string): void {
    const row = this.#version.rows.find((each) => each.number === number);
    if (row === undefined || (row.cells[field] ?? '') === text) return;
    this.replace('the edit', [withCell(row, field, text)]);
  }

  /** Puts these rows in the place of those of the same numbers. */
  replace(label: string, rows: readonly ImportRow[]): void {
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    const next = this.#version.rows.map((row) => byNumber.get(row.number) ?? row);
    this.change(label, next);
  }

  /** Takes other rows altogether, where the unchanged ones are the same objects. `label` says what was done: "the edit". */
  change(label: string, rows: readonly ImportRow[]): void {
    const { rows: before, marks } = this.#version;
    this.#columns = columnsOf(rows, this.#columns);
    this.#remember(label);
    this.#take({ rows, marks: marksThatHold(marks, before, rows) }, CHECK_CONFLICTS_AFTER_MS);
  }

  /** Fixes an issue in every row where its fix is certain. */
  fix(group: IssueGroup): void {
    const fixed = this.#snapshot.rows.flatMap(({ row, issues, advisories }) => {
      const fixable = [...issues, ...advisories].filter((issue) => group.has(issue) && issue.suggestion !== undefined);
      // From the last on, because in a list a fix may make two entries of one.
      return fixable.length === 0 ? [] : [fixable.reduceRight(withFix, row)];
    });
    this.replace(fixed.length === 1 ? 'the fix' : `the ${fixed.length} fixes`, fixed);
  }

  /** Takes the rows as they are in spite of these marks. */
  accept(label: string, isAccepted: (mark: CellIssue, number: number) => boolean): void {
    const { rows, marks } = this.#version;
    this.#remember(label);
    const left = Array.from(marks, ([number, ofRow]) => {
      return [number, ofRow.filter((mark) => !isAccepted(mark, number))] as const;
    });
    this.#take({ rows, marks: new Map(left.filter(([, ofRow]) => ofRow.length > 0)) }, 0);
  }

  remove(numbers: ReadonlySet<number>): void {
    this.change(
      numbers.size === 1 ? 'deleting the row' : 'deleting the rows',
      rowsWithout(this.#version.rows, numbers),
    );
  }

  /** Lets go of rows that have been taken elsewhere, with their keys: no undo brings them back. */
  release(numbers: ReadonlySet<number>): void {
    const { rows, marks } = this.#version;
    const left = rows.filter(({ number }) => !numbers.has(number));
    this.load(this.#file, left, marksThatHold(marks, rows, left));
  }

  /** Takes back the last change. */
  undo(): void {
    const last = this.#changes.at(-1);
    if (last === undefined) return;
    this.#changes = this.#changes.slice(0, -1);
    this.#take(last, 0);
  }

  #remember(label: string): void {
    this.#changes = [...this.#changes.slice(1 - MOST_CHANGES), { ...this.#version, label }];
  }

  #take({ rows, marks }: Version, conflictsAfterMs: number): void {
    this.#version = { rows, marks };
    this.#check(conflictsAfterMs);
  }

  /** Checks the rows that have not been, then all of them against each other; the first few at once. */
  #check(conflictsAfterMs: number): void {
    this.#stopChecking();
    const rules = this.#rules;
    if (rules === undefined) {
      this.#publish(0);
      return;
    }
    const { rows } = this.#version;
    const left = rows.filter((row) => !this.#findings.has(row));
    let next = 0;
    let publishAt = 0;
    const checkOne = () => {
      const row = left[next];
      if (row === undefined) return false;
      this.#findings.set(row, rules.findingsOn(row));
      next += 1;
      return next < left.length;
    };
    const afterSlice = (isDone: boolean) => {
      if (isDone || this.#clock.now() >= publishAt) {
        this.#publish(rows.length - left.length + next);
        publishAt = this.#clock.now() + PUBLISH_EVERY_MS;
      }
      if (isDone) this.#stopChecking = this.#clock.later(() => this.#compare(rules), conflictsAfterMs);
    };
    const stop = inSlices(checkOne, afterSlice, this.#clock);
    if (next < left.length) this.#stopChecking = stop;
  }

  /** The rows against each other, and then what is said of them in groups. */
  #compare(rules: RowRules): void {
    this.#inSteps(rules.conflictsAmong(this.#version.rows), (conflicts) => {
      this.#conflicts = conflicts;
      this.#publish(this.#version.rows.length);
      this.#inSteps(groupsOf(this.#snapshot.rows), (groups) => {
        this.#groups = groups;
        this.#publish(undefined);
      });
    });
  }

  /** Takes the steps in slices, in place of what was being checked before. */
  #inSteps<Result>(steps: Steps<Result>, whenDone: (result: Result) => void): void {
    let isDone = false;
    const step = () => {
      const { done, value } = steps.next();
      if (!done) return true;
      isDone = true;
      whenDone(value);
      return false;
    };
    const stop = inSlices(step, () => undefined, this.#clock);
    if (!isDone) this.#stopChecking = stop;
  }

  #publish(checkedSoFar: number | undefined): void {
    const next = this.#version.rows.map((row) => this.#checkedRow(row));
    const { rows: before } = this.#snapshot;
    const isAsBefore = next.length === before.length && next.every((row, index) => row === before[index]);
    const rows = isAsBefore ? before : next;
    this.#snapshot = {
      file: this.#file,
      rows,
      columns: this.#columns,
      counts: countsOf(rows),
      groups: this.#groups,
      checkedSoFar,
      undoes: this.#changes.at(-1)?.label,
    };
    for (const listener of this.#listeners) listener();
  }

  #checkedRow(row: ImportRow): CheckedRow {
    const before = this.#checked.get(row.number);
    const sources: Sources = {
      findings: this.#findings.get(row) ?? (before?.checked.row === row ? before.sources.findings : undefined),
      conflicts: this.#conflicts.get(row.number) ?? NO_ISSUES,
      marks: this.#version.marks.get(row.number) ?? NO_ISSUES,
      refusals: this.#refusals.get(row) ?? NO_ISSUES,
    };
    if (before?.checked.row === row && isSame(before.sources, sources)) return before.checked;
    const checked = toChecked(row, sources);
    const kept = before !== undefined && saysTheSame(before.checked, checked) ? before.checked : checked;
    this.#checked.set(row.number, { checked: kept, sources });
    return kept;
  }
}

/** The rows that can be created: checked, without an issue, and not apart from the one that they share a key with. */
export function readyRows(rows: readonly CheckedRow[]): readonly CheckedRow[] {
  const isRight = ({ isChecked, issues }: CheckedRow) => isChecked && issues.length === 0;
  const apart = new Set<number>();
  const wrong = new Set(rows.filter((each) => !isRight(each)).map(({ row }) => row.number));
  for (const each of rows) {
    const { number, sharesKeyWith } = each.row;
    if (sharesKeyWith === undefined) continue;
    if (wrong.has(sharesKeyWith)) apart.add(number);
    if (wrong.has(number)) apart.add(sharesKeyWith);
  }
  return rows.filter((each) => isRight(each) && !apart.has(each.row.number));
}

function countsOf(rows: readonly CheckedRow[]): ImportCounts {
  return {
    rows: rows.length,
    ready: readyRows(rows).length,
    withIssues: rows.filter(({ issues }) => issues.length > 0).length,
    withAdvice: rows.filter(hasAdvice).length,
  };
}

/** Whether something about the row is worth a second thought. */
export function hasAdvice({ advisories }: CheckedRow): boolean {
  return advisories.some(({ severity }) => severity === 'risk');
}

function groupsOf(rows: readonly CheckedRow[]): Steps<readonly IssueGroup[]> {
  const said = new Map(rows.map(({ row, issues, advisories }) => [row, [...issues, ...advisories]]));
  return groupsInSteps([...said.keys()], (row) => said.get(row)?.filter(({ severity }) => severity !== 'note') ?? []);
}

function toChecked(row: ImportRow, { findings, conflicts, marks, refusals }: Sources): CheckedRow {
  const all = [...(findings?.issues ?? []), ...(findings?.advisories ?? []), ...conflicts];
  return {
    row,
    issues: [...marks, ...all.filter(isBlocking), ...refusals],
    advisories: all.filter((issue) => !isBlocking(issue)),
    isChecked: findings !== undefined,
  };
}

function isSame(a: Sources, b: Sources): boolean {
  return a.findings === b.findings && a.conflicts === b.conflicts && a.marks === b.marks && a.refusals === b.refusals;
}

function saysTheSame(a: CheckedRow, b: CheckedRow): boolean {
  return (
    a.row === b.row &&
    a.isChecked === b.isChecked &&
    sameIssues(a.issues, b.issues) &&
    sameIssues(a.advisories, b.advisories)
  );
}
