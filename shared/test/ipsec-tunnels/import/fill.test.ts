import { describe, expect, it } from 'vitest';
import { cidr } from '../../../src/ip/cidr.ts';
import { type Fill, fillRows } from '../../../src/ipsec-tunnels/import/fill.ts';
import type { ImportCells } from '../../../src/ipsec-tunnels/import/rows.ts';
import { rowOf, rowsOf } from './rows.ts';

const NOBODY = { tunnels: [], others: [] };

function filled(fill: Fill, ...cells: readonly ImportCells[]) {
  return fillRows(rowsOf(...cells), fill, NOBODY);
}

const WITHOUT_ADDRESS = { interface_address: '' };

describe('what rows leave out', () => {
  it('is filled in where a cell is empty, and nowhere else', () => {
    const fill = { cells: { cloudflare_endpoint: '162.159.65.1', 'bgp.customer_asn': '65001', 'bgp.md5_key': '' } };
    const { rows, notes } = filled(fill, { cloudflare_endpoint: ' ' }, { 'bgp.customer_asn': 'wrong' });
    expect(rows.map(({ cells }) => cells)).toMatchObject([
      { cloudflare_endpoint: '162.159.65.1', 'bgp.customer_asn': '65001' },
      { cloudflare_endpoint: '162.159.64.1', 'bgp.customer_asn': 'wrong' },
    ]);
    expect(rows[0]?.cells).not.toHaveProperty(['bgp.md5_key']);
    expect(notes).toEqual(['Cloudflare endpoint: filled in 1 row.', 'Customer ASN: filled in 1 row.']);
  });

  it('is nothing where all is there: the rows are the same', () => {
    const rows = rowsOf({}, {});
    const { rows: after, notes } = fillRows(
      rows,
      { cells: { cloudflare_endpoint: '1.1.1.1' }, interfaceAddresses: {} },
      NOBODY,
    );
    expect(after.map((row, index) => row === rows[index])).toEqual([true, true]);
    expect(notes).toEqual([]);
  });
});

describe('interface addresses', () => {
  const addresses = (...args: Parameters<typeof filled>) =>
    filled(...args).rows.map(({ cells }) => cells.interface_address);

  it('are the next free ones of the pools, in the order of the rows, beside those of other rows', () => {
    const interfaceAddresses = { pools: [cidr('10.5.0.0/30'), cidr('10.4.0.0/30')] };
    expect(
      addresses({ interfaceAddresses }, WITHOUT_ADDRESS, { interface_address: ' 10.4.0.3/31 ' }, WITHOUT_ADDRESS),
    ).toEqual(['10.4.0.0/31', ' 10.4.0.3/31 ', '10.5.0.0/31']);
  });

  it('stay empty where the pool is full, and a note says in how many rows', () => {
    const { rows, notes } = filled(
      { interfaceAddresses: { pools: [cidr('10.5.0.0/31')] } },
      WITHOUT_ADDRESS,
      WITHOUT_ADDRESS,
      WITHOUT_ADDRESS,
    );
    expect(rows.map(({ cells }) => cells.interface_address)).toEqual(['10.5.0.0/31', '', '']);
    expect(notes).toEqual(['Interface address: filled in 1 row. The pool is full: 2 rows stay empty.']);
  });

  it('are of the block the account uses most, and then of what is around it', () => {
    const full = Array.from({ length: 127 }, (_, index) => ({ interface_address: `10.7.7.${index * 2}/31` }));
    const { rows } = fillRows(
      rowsOf(WITHOUT_ADDRESS, WITHOUT_ADDRESS, WITHOUT_ADDRESS),
      { interfaceAddresses: {} },
      {
        tunnels: full,
        others: [{ interface_address: '10.7.0.0/31' }],
      },
    );
    expect(rows.map(({ cells }) => cells.interface_address)).toEqual(['10.7.7.254/31', '10.7.0.2/31', '10.7.0.4/31']);
  });
});

it('keys are generated for the rows that would have none', () => {
  const rows = [rowOf(), rowOf({ psk: 'own' }, { number: 2 }), rowOf({}, { number: 3, sharesKeyWith: 1 })];
  const { rows: after, notes } = fillRows(rows, { generatesKeys: true }, NOBODY);
  expect(after.map(({ generatesKey }) => generatesKey)).toEqual([true, false, false]);
  expect(notes).toEqual(['Pre-shared key: filled in 1 row.']);
});
