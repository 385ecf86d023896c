import type { CellIssue, RowFindings } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import type { ImportCells, ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import type { Steps } from '@tunnel-desk/shared/ipsec-tunnels/import/steps';
import { describe, expect, it } from 'vitest';
import { type ImportedFile, ImportTable, type RowRules, readyRows } from '../src/ipsec-tunnels/import/import-table.ts';
import { withGeneratedKey } from '../src/ipsec-tunnels/import/row-changes.ts';
import { KEY_LOST, marksOfReading } from '../src/ipsec-tunnels/import/row-issues.ts';
import type { SliceClock } from '../src/lib/slices.ts';

const WRONG: CellIssue = { field: 'interface_address', severity: 'issue', message: 'wrong' };
const ODD: CellIssue = { field: 'description', severity: 'risk', message: 'odd' };

const FILE: ImportedFile = { source: { kind: 'file', name: 'branches.csv' }, issues: [], notes: [], summary: '' };

function row(number: number, cells: ImportCells = {}, more: Partial<ImportRow> = {}): ImportRow {
  return { number, cells: { name: `branch-${number}`, ...cells }, generatesKey: false, ...more };
}

/** An address of `x` is wrong, a description of `x` is odd, and two rows of one name are in conflict. Counts what it checks. */
class Rules implements RowRules {
  checked: number[] = [];
  compared = 0;
  onCheck = () => {};
  onCompare = () => {};

  findingsOn({ number, cells }: ImportRow): RowFindings {
    this.checked.push(number);
    this.onCheck();
    return {
      issues: cells.interface_address === 'x' ? [WRONG] : [],
      advisories: cells.description === 'x' ? [ODD] : [],
    };
  }

  *conflictsAmong(rows: readonly ImportRow[]): Steps<ReadonlyMap<number, readonly CellIssue[]>> {
    this.compared += 1;
    const first = new Map<string, number>();
    const conflicts = new Map<number, readonly CellIssue[]>();
    for (const { number, cells } of rows) {
      yield;
      this.onCompare();
      const namesake = first.get(cells.name ?? '');
      if (namesake === undefined) first.set(cells.name ?? '', number);
      else conflicts.set(number, [{ field: 'name', severity: 'conflict', message: `row ${namesake} has this name` }]);
    }
    return conflicts;
  }
}

/** A clock that stands still until the test moves it; callbacks wait until the test runs them. */
class StillClock implements SliceClock {
  time = 0;
  #waiting: { readonly at: number; readonly callback: () => void }[] = [];
  now = () => this.time;

  later(callback: () => void, ms: number) {
    const entry = { at: this.time + ms, callback };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== entry);
    };
  }

  /** Calls what is due, once. */
  turn(): void {
    const due = this.#waiting.filter(({ at }) => at <= this.time);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.time);
    for (const { callback } of due) callback();
  }

  pass(ms: number): void {
    this.time += ms;
    this.turn();
  }
}

function tableOf(rows: readonly ImportRow[]) {
  const clock = new StillClock();
  const rules = new Rules();
  const table = new ImportTable(clock);
  table.setRules(rules);
  table.load(FILE, rows);
  clock.turn();
  clock.turn();
  return { clock, rules, table };
}

const issuesOf = (table: ImportTable) =>
  table.snapshot().rows.map(({ issues }) => issues.map(({ message }) => message));

describe('the table of an import', () => {
  it('says of each row what is wrong with it, and counts', () => {
    const { table } = tableOf([row(1), row(2, { interface_address: 'x' }), row(3, { description: 'x' })]);
    expect(issuesOf(table)).toEqual([[], ['wrong'], []]);
    expect(table.snapshot().counts).toEqual({ rows: 3, ready: 2, withIssues: 1, withAdvice: 1 });
    expect(table.snapshot().checkedSoFar).toBeUndefined();
  });

  it('checks in slices, between which the page has its turn', () => {
    const clock = new StillClock();
    const rules = new Rules();
    rules.onCheck = () => {
      clock.time += 3;
    };
    const table = new ImportTable(clock);
    table.setRules(rules);
    table.load(FILE, [row(1), row(2), row(3), row(4), row(5)]);
    expect(rules.checked).toEqual([1, 2]);
    expect(table.snapshot().checkedSoFar).toBe(2);
    expect(table.snapshot().rows.map(({ isChecked }) => isChecked)).toEqual([true, true, false, false, false]);
    expect(table.snapshot().counts.ready).toBe(2);
    clock.turn();
    expect(rules.checked).toEqual([1, 2, 3, 4]);
    clock.turn();
    expect(rules.checked).toEqual([1, 2, 3, 4, 5]);
    expect(rules.compared).toBe(0);
    rules.onCompare = () => {
      clock.time += 3;
    };
    clock.turn();
    expect(rules.compared).toBe(1);
    expect(table.snapshot().checkedSoFar).toBe(5);
    clock.turn();
    expect(table.snapshot().checkedSoFar).toBe(5);
    clock.turn();
    expect(table.snapshot().checkedSoFar).toBeUndefined();
  });

  it('rechecks an edited row at once, and the others against it after a moment', () => {
    const { clock, rules, table } = tableOf([row(1), row(2), row(3)]);
    rules.checked = [];
    table.edit(2, 'interface_address', 'x');
    expect(rules.checked).toEqual([2]);
    expect(issuesOf(table)).toEqual([[], ['wrong'], []]);
    table.edit(2, 'name', 'branch-1');
    expect(issuesOf(table)).toEqual([[], ['wrong'], []]);
    clock.pass(1000);
    expect(rules.compared).toBe(2);
    expect(issuesOf(table)).toEqual([[], ['wrong', 'row 1 has this name'], []]);
  });

  it('keeps the identity of a row about which nothing new is said', () => {
    const { clock, table } = tableOf([row(1), row(2), row(3, { name: 'branch-1' })]);
    const before = table.snapshot().rows;
    table.edit(2, 'description', 'x');
    clock.pass(1000);
    const after = table.snapshot().rows;
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(after[2]).toBe(before[2]);
    table.setRules(new Rules());
    clock.turn();
    expect(table.snapshot().rows[2]).toBe(before[2]);
  });

  it('does nothing for an edit that changes nothing', () => {
    const { table } = tableOf([row(1)]);
    table.edit(1, 'description', '');
    table.edit(1, 'name', 'branch-1');
    expect(table.snapshot().undoes).toBeUndefined();
  });

  it('takes back one change after another, without checking again', () => {
    const { clock, rules, table } = tableOf([row(1), row(2)]);
    table.edit(1, 'description', 'x');
    table.remove(new Set([2]));
    expect(table.snapshot().undoes).toBe('deleting the row');
    expect(table.snapshot().rows.map((each) => each.row.number)).toEqual([1]);
    rules.checked = [];
    table.undo();
    clock.pass(1000);
    expect(table.snapshot().rows.map((each) => each.row.number)).toEqual([1, 2]);
    expect(table.snapshot().undoes).toBe('the edit');
    table.undo();
    clock.pass(1000);
    expect(table.snapshot().rows[0]?.advisories).toEqual([]);
    expect(table.snapshot().undoes).toBeUndefined();
    table.undo();
    expect(table.snapshot().counts.rows).toBe(2);
    expect(rules.checked).toEqual([]);
  });

  it('shows the columns that have, or have had, something in them', () => {
    const { table } = tableOf([row(1, { 'bgp.customer_asn': '65001' })]);
    const usual = ['name', 'cloudflare_endpoint', 'customer_endpoint', 'interface_address', 'psk'];
    expect(table.snapshot().columns).toEqual([...usual, 'bgp.customer_asn']);
    table.edit(1, 'bgp.customer_asn', '');
    expect(table.snapshot().columns).toContain('bgp.customer_asn');
  });

  it('is not ready with a row whose key another row shares while that one is wrong', () => {
    const { table } = tableOf([
      row(1, { psk: 'the key of both', interface_address: 'x' }),
      row(2, {}, { sharesKeyWith: 1 }),
      row(3, {}, { generatesKey: true }),
      row(4, { interface_address: 'x' }, { sharesKeyWith: 3 }),
      row(5),
    ]);
    expect(readyRows(table.snapshot().rows).map((each) => each.row.number)).toEqual([5]);
    expect(table.snapshot().counts.ready).toBe(1);
  });

  it('leaves a row its key when the row that it shares it with is deleted', () => {
    const { table } = tableOf([row(1, { psk: 'the key of both' }), row(2, {}, { sharesKeyWith: 1 })]);
    table.remove(new Set([1]));
    expect(table.rows).toEqual([
      { number: 2, cells: { name: 'branch-2', psk: 'the key of both' }, generatesKey: false },
    ]);
  });

  it('makes a key that is entered the row’s own', () => {
    const { table } = tableOf([row(1), row(2, {}, { generatesKey: true }), row(3, {}, { sharesKeyWith: 1 })]);
    table.edit(2, 'psk', 'my own');
    table.edit(3, 'psk', 'my own');
    expect(table.rows.slice(1)).toEqual([
      { number: 2, cells: { name: 'branch-2', psk: 'my own' }, generatesKey: false },
      { number: 3, cells: { name: 'branch-3', psk: 'my own' }, generatesKey: false },
    ]);
  });

  it('holds a row back until the key that a reload lost is there again, or is accepted as gone', () => {
    const clock = new StillClock();
    const table = new ImportTable(clock);
    table.setRules(new Rules());
    table.load(FILE, [row(1), row(2), row(3)], new Map([1, 2, 3].map((number) => [number, [KEY_LOST]])));
    expect(table.snapshot().counts).toMatchObject({ ready: 0, withIssues: 3 });
    table.edit(1, 'psk', 'entered again');
    table.replace('generating keys', table.rows.filter(({ number }) => number === 2).map(withGeneratedKey));
    expect(table.snapshot().counts).toMatchObject({ ready: 2, withIssues: 1 });
    table.accept('leaving out the keys', (mark) => mark === KEY_LOST);
    expect(table.snapshot().counts).toMatchObject({ ready: 3, withIssues: 0 });
    table.undo();
    table.undo();
    expect(table.snapshot().counts).toMatchObject({ ready: 1, withIssues: 2 });
  });

  it('holds a row back that was not written as it should be, whatever is edited, until it is accepted', () => {
    const { table } = tableOf([]);
    table.load(
      FILE,
      [row(1), row(2)],
      marksOfReading(new Map([[2, ['this row has more cells than there are headers']]])),
    );
    table.edit(2, 'psk', 'a key');
    expect(issuesOf(table)).toEqual([[], ['this row has more cells than there are headers']]);
    table.accept('keeping the row', (_, number) => number === 2);
    expect(issuesOf(table)).toEqual([[], []]);
  });

  it('holds a row back that Cloudflare refused until it changes, and hears the same refusal once', () => {
    const { table } = tableOf([row(1), row(2)]);
    const [first] = table.rows;
    if (first === undefined) throw new Error('no row');
    const refused: CellIssue = { field: 'name', severity: 'conflict', message: 'Cloudflare refused it' };
    const refusals = [refused];
    table.setRefusals(new Map([[first, refusals]]));
    expect(issuesOf(table)).toEqual([['Cloudflare refused it'], []]);
    expect(table.rowsToValidate()).toEqual(table.rows);
    const before = table.snapshot();
    table.setRefusals(new Map([[first, refusals]]));
    expect(table.snapshot()).toBe(before);
    table.edit(1, 'name', 'another');
    expect(issuesOf(table)).toEqual([[], []]);
  });

  it('lets go of rows for good, and keeps the rest with what is said of them', () => {
    const { clock, table } = tableOf([row(1, { psk: 'secret' }), row(2, { interface_address: 'x' })]);
    table.edit(1, 'description', 'y');
    table.release(new Set([1]));
    clock.turn();
    expect(issuesOf(table)).toEqual([['wrong']]);
    expect(table.snapshot().undoes).toBeUndefined();
    table.undo();
    expect(table.rows.map(({ number }) => number)).toEqual([2]);
  });

  it('drops what it was checking when other rows come', () => {
    const clock = new StillClock();
    const rules = new Rules();
    rules.onCheck = () => {
      clock.time += 10;
    };
    const table = new ImportTable(clock);
    table.setRules(rules);
    table.load(FILE, [row(1), row(2), row(3)]);
    table.load(FILE, [row(4)]);
    clock.pass(1000);
    clock.pass(1000);
    expect(rules.checked).toEqual([1, 4]);
    expect(table.snapshot().rows).toHaveLength(1);
  });
});
