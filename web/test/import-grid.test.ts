import type { IssueGroup } from '@tunnel-desk/shared/ipsec-tunnels/import/groups';
import { describe, expect, it } from 'vitest';
import { shownText } from '../src/ipsec-tunnels/import/cell-texts.ts';
import { cellAfter, stepOf } from '../src/ipsec-tunnels/import/grid-keys.ts';
import type { CheckedRow } from '../src/ipsec-tunnels/import/import-table.ts';
import { readFilter, shownRows } from '../src/ipsec-tunnels/import/shown-rows.ts';

const EXTENT = { numbers: [1, 2, 4, 5], columns: ['name', 'interface_address', 'psk'], page: 2 } as const;
const at = (number: number, field: (typeof EXTENT.columns)[number]) => ({ number, field });

describe('the keys of the table', () => {
  it.each([
    ['ArrowDown', false, at(2, 'name'), 'the next row that there is', at(4, 'name')],
    ['ArrowDown', true, at(2, 'name'), 'the last row', at(5, 'name')],
    ['ArrowUp', false, at(1, 'psk'), 'the edge is the edge', at(1, 'psk')],
    ['ArrowRight', false, at(1, 'name'), 'the next column', at(1, 'interface_address')],
    ['ArrowRight', false, at(1, 'psk'), 'the edge is the edge', at(1, 'psk')],
    ['Home', false, at(4, 'psk'), 'the first column', at(4, 'name')],
    ['End', true, at(1, 'name'), 'the last cell', at(5, 'psk')],
    ['PageDown', false, at(1, 'name'), 'a page', at(4, 'name')],
  ])('%s (Ctrl: %s) from %o: %s', (key, isControl, from, _why, to) => {
    const step = stepOf(key, isControl, EXTENT.page);
    expect(step && cellAfter(from, step, EXTENT)).toEqual(to);
  });

  it('go on from the row that has come in the place of one that is gone', () => {
    expect(cellAfter(at(3, 'psk'), [0, 0], EXTENT)).toEqual(at(4, 'psk'));
    expect(cellAfter(at(9, 'psk'), [0, 0], EXTENT)).toEqual(at(5, 'psk'));
    expect(cellAfter(undefined, [0, 0], EXTENT)).toEqual(at(1, 'name'));
    expect(cellAfter(at(1, 'name'), [1, 0], { ...EXTENT, numbers: [] })).toBeUndefined();
  });

  it('leave every other key alone', () => {
    expect(stepOf('a', false, 2)).toBeUndefined();
  });
});

function checked(number: number, part: Partial<CheckedRow> = {}): CheckedRow {
  return { row: { number, cells: {}, generatesKey: false }, issues: [], advisories: [], isChecked: true, ...part };
}

describe('the rows that are shown', () => {
  const issue = { field: 'name', severity: 'issue', message: 'wrong' } as const;
  const risk = { field: 'name', severity: 'risk', message: 'odd' } as const;
  const note = { field: 'name', severity: 'note', message: 'worth knowing' } as const;
  const rows = [
    checked(1),
    checked(2, { issues: [issue] }),
    checked(3, { advisories: [risk] }),
    checked(4, { advisories: [note] }),
    checked(5, { isChecked: false }),
  ];
  const numbers = (options: Partial<Parameters<typeof shownRows>[1]>) =>
    shownRows(rows, { filter: undefined, group: undefined, keep: undefined, ...options }).map(({ row }) => row.number);

  it('are those of the filter, and the one that a person is in', () => {
    expect(numbers({})).toEqual([1, 2, 3, 4, 5]);
    expect(numbers({ filter: 'issues' })).toEqual([2]);
    expect(numbers({ filter: 'issues', keep: 4 })).toEqual([2, 4]);
    expect(numbers({ filter: 'advice' })).toEqual([3]);
    expect(numbers({ filter: 'ready' })).toEqual([1, 3, 4]);
  });

  it('are those of one kind of issue, whatever the filter', () => {
    const group: IssueGroup = { ...risk, rows: [3], fixable: 0, has: ({ message }) => message === 'odd' };
    expect(numbers({ filter: 'issues', group })).toEqual([3]);
  });

  it('are all for a filter of no meaning', () => {
    expect(readFilter(new URLSearchParams('show=issues'))).toBe('issues');
    expect(readFilter(new URLSearchParams('show=everything'))).toBeUndefined();
  });
});

describe('a cell', () => {
  it.each([
    [{ cells: { psk: 'a secret' } }, '••••••••'],
    [{ cells: {}, generatesKey: true }, 'Generated'],
    [{ cells: {}, sharesKeyWith: 7 }, 'As in row 7'],
    [{ cells: {} }, ''],
  ])('never shows a key: %o', (part, text) => {
    expect(shownText({ number: 8, generatesKey: false, ...part }, 'psk')).toBe(text);
  });
});
