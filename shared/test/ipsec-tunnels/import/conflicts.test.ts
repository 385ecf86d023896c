import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_IMPORT_ROWS } from '../../../src/api/batches.ts';
import { overlaps, parseCidr } from '../../../src/ip/cidr.ts';
import { conflictsAmong } from '../../../src/ipsec-tunnels/import/conflicts.ts';
import type { ImportCells } from '../../../src/ipsec-tunnels/import/rows.ts';
import { ACCOUNT_ID } from '../validating.ts';
import { inShort, rowOf, rowsOf } from './rows.ts';

const IDENTITY = 'custom_remote_identities.fqdn_id';

/** What the last of the rows is told. */
function toldLast(...cells: readonly ImportCells[]): string[] {
  return inShort(conflictsAmong(rowsOf(...cells), ACCOUNT_ID).get(cells.length));
}

const OTHER = { name: 'other', interface_address: '10.9.0.0/31' };

describe('rows of one import', () => {
  it.each([
    {
      first: {},
      second: { interface_address: '10.9.0.0/31' },
      says: 'name: Row 1 has this name too. Cloudflare refuses a second one.',
      why: 'one name',
    },
    {
      first: {},
      second: { ...OTHER, name: ' branch-1 ' },
      says: 'name: Row 1 has this name too. Cloudflare refuses a second one.',
      why: 'blanks around a name are not sent',
    },
    {
      first: {},
      second: { ...OTHER, name: 'Branch-1' },
      says: 'name: This is easily mistaken for branch-1 of row 1. Good practice: distinct names.',
      why: 'only the case differs',
    },
    {
      first: {},
      second: { name: 'other', interface_address: '10.0.0.1/31' },
      says: 'interface_address: This overlaps 10.0.0.0/31 of row 1. Each tunnel needs a subnet of its own.',
      why: 'the other end of it',
    },
    {
      first: { interface_address6: 'fd00::2/127' },
      second: { ...OTHER, interface_address6: 'FD00:0::3/127' },
      says: 'interface_address6: This overlaps fd00::2/127 of row 1. Each tunnel needs a subnet of its own.',
      why: 'however it is spelled',
    },
    {
      first: { [IDENTITY]: 'a' },
      second: { ...OTHER, [IDENTITY]: `a.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` },
      says: `${IDENTITY}: Row 1 has this identity on the same Cloudflare endpoint. Cloudflare's API reference: two tunnels cannot share both.`,
      why: 'a label, and the same one completed',
    },
    {
      first: { customer_endpoint: '8.8.8.8' },
      second: { ...OTHER, customer_endpoint: '8.8.8.8' },
      says: "customer_endpoint: Row 1 has the same pair of endpoints. Cloudflare's guide: an IKE ID of type ID_IPV4_ADDR can't tell them apart.",
      why: 'both endpoints',
    },
  ])('collide: $why', ({ first, second, says }) => {
    expect(toldLast(first, second)).toEqual([says]);
  });

  it.each([
    {
      first: { customer_endpoint: '8.8.8.8' },
      second: { ...OTHER, customer_endpoint: '8.8.8.8', cloudflare_endpoint: '162.159.65.1' },
      why: 'the second tunnel of a pair',
    },
    {
      first: { [IDENTITY]: 'a' },
      second: { ...OTHER, [IDENTITY]: 'a', cloudflare_endpoint: '162.159.65.1' },
      why: 'one identity on two endpoints',
    },
    {
      first: { name: '', interface_address: 'none' },
      second: { name: ' ', interface_address: 'none' },
      why: 'what is missing or wrong is equal to nothing',
    },
    { first: { 'bgp.customer_asn': '65001' }, second: { ...OTHER, 'bgp.customer_asn': '65001' }, why: 'one ASN' },
  ])('do not collide: $why', ({ first, second }) => {
    expect(toldLast(first, second)).toEqual([]);
  });

  it('keep both rows back, and say which is the other', () => {
    const conflicts = conflictsAmong(rowsOf({}, OTHER, { interface_address: '10.1.0.0/31' }), ACCOUNT_ID);
    expect(inShort(conflicts.get(1))).toEqual(['name: Row 3 has this name too. Cloudflare refuses a second one.']);
    expect(conflicts.get(1)).toMatchObject([{ severity: 'conflict' }]);
    expect(conflicts.has(2)).toBe(false);
  });

  it('are named by the first few where there are many, the second of a pair as such', () => {
    const rows = Array.from({ length: 6 }, (_, index) => rowOf({ interface_address: '' }, { number: index + 1 }));
    const second = rowOf({ interface_address: '' }, { number: 2 + MAX_IMPORT_ROWS });
    const conflicts = conflictsAmong([second, ...rows], ACCOUNT_ID);
    expect(inShort(conflicts.get(6))).toEqual([
      'name: Rows 1, 2, 2 (second) and 3 more have this name too. Cloudflare refuses a second one.',
    ]);
  });

  it('overlap where a scan of all pairs says so', () => {
    const block = fc
      .tuple(fc.nat(63), fc.integer({ min: 26, max: 32 }), fc.boolean())
      .map(([host, length, is6]) => (is6 ? `fd00::${host.toString(16)}/${length + 96}` : `10.0.0.${host}/${length}`));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
        const rows = blocks.map((text, index) =>
          rowOf(
            {
              name: `row-${index}`,
              interface_address: '',
              [text.includes(':') ? 'interface_address6' : 'interface_address']: text,
            },
            { number: index },
          ),
        );
        const parsed = blocks.map(parseCidr);
        const expected = parsed.flatMap((one, index) =>
          parsed.some((other, at) => at !== index && one && other && overlaps(one, other)) ? [index] : [],
        );
        expect([...conflictsAmong(rows, ACCOUNT_ID).keys()].toSorted((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
