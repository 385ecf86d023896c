import { describe, expect, it } from 'vitest';
import { conflictsAmong } from '../../../src/ipsec-tunnels/import/conflicts.ts';
import { groupIssues, withFix } from '../../../src/ipsec-tunnels/import/groups.ts';
import type { ImportCells } from '../../../src/ipsec-tunnels/import/rows.ts';
import { ACCOUNT_ID, MINIMAL_REQUEST } from '../validating.ts';
import { checksBeside, rowOf, rowsOf } from './rows.ts';

const interfaceAddress = (address: string) => ({ name: address, interface_address: address });

function groupsOf(...cells: readonly ImportCells[]) {
  const { findingsOn } = checksBeside();
  return groupIssues(rowsOf(...cells), (row) => findingsOn(row).issues).map(({ has: _, ...group }) => group);
}

describe('equal issues', () => {
  it('are one group, with the rows that have it and how many can be fixed', () => {
    expect(
      groupsOf(
        { interface_address: '10.0.0.0/24' },
        { interface_address: '10.0.1.0/24' },
        { interface_address: '10.0.2.7/24' },
        { name: '' },
      ),
    ).toEqual([
      {
        field: 'interface_address',
        severity: 'issue',
        message: '… is a /24; a tunnel interface must be /31',
        rows: [1, 2, 3],
        fixable: 2,
      },
      { field: 'name', severity: 'issue', message: 'a name is required', rows: [4], fixable: 0 },
    ]);
  });

  it('are told word for word where all are the same', () => {
    const prefix = { 'bgp.customer_asn': '1', 'bgp.extra_prefixes': '10.1.0.1/16' };
    expect(groupsOf(prefix, prefix)).toMatchObject([
      { message: 'in 10.1.0.1/16 host bits are set', rows: [1, 2], fixable: 2 },
    ]);
  });

  it('count a row once, though several entries have it', () => {
    const cells = { 'bgp.customer_asn': '1', 'bgp.extra_prefixes': '10.1.0.1/16 10.2.0.1/16' };
    expect(groupsOf(cells)).toMatchObject([{ message: 'in … host bits are set', rows: [1], fixable: 1 }]);
  });

  it('are apart where the field or what is wrong differs', () => {
    expect(
      groupsOf({ cloudflare_endpoint: 'x' }, { customer_endpoint: 'x' }, { customer_endpoint: '8.8.8.8/24' }),
    ).toHaveLength(3);
  });

  it('of the same kind with other tunnels are one group, whatever those are called', () => {
    const others = [1, 2].map((number) => ({
      ...MINIMAL_REQUEST,
      name: `other-${number}`,
      interface_address: `10.0.${number}.0/31`,
    }));
    const { findingsOn } = checksBeside(...others);
    const rows = rowsOf(
      { name: 'a', interface_address: '10.0.1.0/31' },
      { name: 'b', interface_address: '10.0.2.1/31' },
    );
    const groups = groupIssues(rows, (row) =>
      findingsOn(row).advisories.filter(({ field }) => field === 'interface_address'),
    );
    expect(groups).toMatchObject([
      { rows: [1, 2], message: 'This overlaps … of the tunnel … Good practice: one subnet per tunnel.' },
    ]);
  });

  it('with several other rows are one group, however many those are', () => {
    const rows = rowsOf(...['10.0.0.0/29', '10.0.0.2/30', '10.0.0.0/31', '10.0.0.2/31'].map(interfaceAddress));
    const conflicts = conflictsAmong(rows, ACCOUNT_ID);
    const groups = groupIssues(rows, (row) =>
      (conflicts.get(row.number) ?? []).filter(({ message }) => message.includes('subnets')),
    );
    expect(groups).toMatchObject([
      {
        rows: [1, 2, 3, 4],
        message: 'This overlaps the subnets of other rows. Each tunnel needs a subnet of its own.',
      },
    ]);
  });

  it('know which issues are theirs', () => {
    const { findingsOn } = checksBeside();
    const rows = rowsOf({ interface_address: '10.0.0.0/24' }, { interface_address: '10.0.1.0/24', name: '' });
    const [group] = groupIssues(rows, (row) => findingsOn(row).issues);
    expect(rows.flatMap((row) => findingsOn(row).issues.map((issue) => group?.has(issue)))).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('a fix', () => {
  it('replaces the cell, or one entry of it, and nothing else', () => {
    const row = rowOf({ 'bgp.extra_prefixes': '10.1.0.1/16, 10.2.0.1/16' }, { number: 7, generatesKey: true });
    const issue = {
      field: 'bgp.extra_prefixes',
      message: '',
      severity: 'issue',
      suggestion: '10.2.0.0/16',
      entry: 1,
    } as const;
    expect(withFix(row, issue)).toEqual({
      ...row,
      cells: { ...row.cells, 'bgp.extra_prefixes': '10.1.0.1/16, 10.2.0.0/16' },
    });
    expect(withFix(row, { ...issue, field: 'name', entry: undefined }).cells.name).toBe('10.2.0.0/16');
  });

  it('that there is none of leaves the row the same', () => {
    const row = rowOf();
    expect(withFix(row, { field: 'name', message: '', severity: 'issue' })).toBe(row);
  });
});
