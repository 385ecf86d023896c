import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, test } from 'vitest';
import { COLUMN_IDS, COLUMNS, DEFAULT_COLUMNS } from '../src/ipsec-tunnels/list/columns.ts';
import { filterRows, isFiltering, type ListFilter, NO_FILTER } from '../src/ipsec-tunnels/list/filter-rows.ts';
import { describeAge } from '../src/ipsec-tunnels/list/freshness.tsx';
import { DEFAULT_VIEW, type ListView, readListQuery, writeListQuery } from '../src/ipsec-tunnels/list/list-query.ts';
import { sortRows } from '../src/ipsec-tunnels/list/sort-rows.ts';
import { summaryOf } from '../src/ipsec-tunnels/list/summary-line.tsx';
import { rowOf } from '../src/ipsec-tunnels/list/tunnel-row.ts';

const KEY = { psk_metadata: { last_generated_on: '2026-11-25T05:30:12.054317925Z' } };

function tunnel(values: Partial<IpsecTunnel> = {}): IpsecTunnel {
  return ipsecTunnelSchema.parse({
    id: 'f0e1d2c3b4a5f0e1d2c3b4a5f0e1d2c3',
    name: 'branch-ams-1',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.4/31',
    ...KEY,
    ...values,
  });
}

const RICH = tunnel({
  description: 'Amsterdam Office',
  customer_endpoint: '192.0.2.7',
  interface_address6: '2001:0db8::a/127',
  bgp: { customer_asn: 65010 },
  custom_remote_identities: { fqdn_id: 'ams.custom.ipsec.cloudflare.com' },
});

describe('the search', () => {
  test.each([
    ['AMS-1', 'the name, in any case'],
    ['office amsterdam', 'all words, in any order'],
    ['198.51.100', "the beginning of Cloudflare's endpoint"],
    ['192.0.2.7', 'the customer endpoint'],
    ['10.0.0.4', "Cloudflare's side of the link"],
    ['10.0.0.5', "the router's side of the link"],
    ['2001:db8::b', "the router's side of the IPv6 link"],
    ['2001:DB8:0:0:0:0:0:A', 'an IPv6 address, however it is written'],
    ['as65010', 'the ASN with its letters'],
    ['65010', 'the ASN as a number'],
    ['b4a5f0e1', 'a part of the ID'],
    ['ams.custom', 'the custom IKE identity'],
    ['  ', 'nothing but white space, as nothing at all'],
  ])('finds by %j: %s', (search) => {
    expect(filterRows([rowOf(RICH)], { ...NO_FILTER, search })).toHaveLength(1);
  });

  test.each([
    ['frankfurt', 'a word that is nowhere'],
    ['ams frankfurt', 'one word of two that is nowhere'],
    ['1f0e1', 'an end and a beginning of two values'],
  ])('does not find by %j: %s', (search) => {
    expect(filterRows([rowOf(RICH)], { ...NO_FILTER, search })).toHaveLength(0);
  });
});

describe('a filter', () => {
  const bgp = { customer_asn: 65000 };
  const rows = [
    tunnel({ name: 'plain' }),
    tunnel({ name: 'keyless', psk_metadata: {} }),
    tunnel({ name: 'other-end', cloudflare_endpoint: '203.0.113.1' }),
    tunnel({ name: 'bgp-down', bgp, bgp_status: { state: 'BGP_DOWN' } }),
    tunnel({ name: 'bgp-untold', bgp }),
    tunnel({ name: 'unchecked', health_check: { enabled: false } }),
  ].map(rowOf);
  const cases: readonly [Partial<ListFilter>, readonly string[]][] = [
    [{ isKeyMissing: true }, ['keyless']],
    [{ cloudflareEndpoint: '203.0.113.1' }, ['other-end']],
    [{ bgp: 'on' }, ['bgp-down', 'bgp-untold']],
    [{ bgp: 'off' }, ['plain', 'keyless', 'other-end', 'unchecked']],
    [{ bgp: 'down' }, ['bgp-down']],
    [{ isHealthCheckOff: true }, ['unchecked']],
    [{ isHealthCheckOff: true, isKeyMissing: true }, []],
  ];
  test.each(cases)('by %j shows %j', (part, names) => {
    const filter = { ...NO_FILTER, ...part };
    expect(filterRows(rows, filter).map((row) => row.tunnel.name)).toEqual(names);
    expect(isFiltering(filter)).toBe(true);
  });

  test('that filters nothing gives back the same list', () => {
    expect(filterRows(rows, NO_FILTER)).toBe(rows);
    expect(isFiltering(NO_FILTER)).toBe(false);
  });
});

describe('the order', () => {
  const names = (rows: readonly IpsecTunnel[], column: (typeof COLUMN_IDS)[number], isDescending = false) =>
    sortRows(rows.map(rowOf), { column, isDescending }).map((row) => row.tunnel.name);

  test('of names takes digits for numbers, and no notice of case', () => {
    const rows = ['b-10', 'B-2', 'a-1'].map((name) => tunnel({ name }));
    expect(names(rows, 'name')).toEqual(['a-1', 'B-2', 'b-10']);
    expect(names(rows, 'name', true)).toEqual(['b-10', 'B-2', 'a-1']);
  });

  test('of addresses is that of their numbers, and those that have none come last in both directions', () => {
    const rows = [
      tunnel({ name: 'none' }),
      tunnel({ name: 'ten', customer_endpoint: '10.0.0.10' }),
      tunnel({ name: 'two', customer_endpoint: '10.0.0.2' }),
    ];
    expect(names(rows, 'customer_endpoint')).toEqual(['two', 'ten', 'none']);
    expect(names(rows, 'customer_endpoint', true)).toEqual(['ten', 'two', 'none']);
  });

  test('of times sees more digits than a Date keeps, and a whole second before its fractions', () => {
    const rows = ['47.000000002Z', '47.000000001Z', '47Z'].map((end) =>
      tunnel({ name: end, modified_on: `2026-11-25T05:30:${end}` }),
    );
    expect(names(rows, 'modified_on')).toEqual(['47Z', '47.000000001Z', '47.000000002Z']);
  });

  test('of equal values is that of names', () => {
    const rows = ['b', 'a'].map((name) => tunnel({ name }));
    expect(names(rows, 'cloudflare_endpoint', true)).toEqual(['a', 'b']);
  });

  test.each(COLUMN_IDS)('by %s keeps every row, next to neighbours in order, whatever order they came in', (column) => {
    // A linear congruential generator: the same rows at every run.
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const rows = Array.from({ length: 200 }, (_, index) =>
      rowOf(
        tunnel({
          id: index.toString(16).padStart(32, '0'),
          name: `t-${random(50)}`,
          cloudflare_endpoint: `198.51.${random(4)}.${random(256)}`,
          customer_endpoint: random(3) === 0 ? undefined : `192.0.2.${random(256)}`,
          interface_address: `10.0.${random(256)}.${random(128) * 2}/31`,
          bgp: random(2) === 0 ? undefined : { customer_asn: 64512 + random(100) },
          replay_protection: random(2) === 0,
          description: random(2) === 0 ? undefined : `site ${random(9)}`,
          modified_on: `2026-11-${10 + random(15)}T00:00:00Z`,
        }),
      ),
    );
    const ascending = sortRows(rows, { column, isDescending: false });
    expect(new Set(ascending)).toEqual(new Set(rows));
    expect(sortRows(rows.toReversed(), { column, isDescending: false })).toEqual(ascending);
    const keys = ascending.map((row) => COLUMNS[column].sortKey(row));
    const present = keys.filter((key) => key !== undefined);
    expect(keys.slice(0, present.length)).toEqual(present);
    for (const [index, key] of present.entries()) {
      const before = present[index - 1];
      if (before !== undefined) expect(before <= key).toBe(true);
    }
  });
});

describe("the list's URL", () => {
  const views: readonly [string, Partial<ListView>][] = [
    ['', {}],
    ['q=ams+1', { filter: { ...NO_FILTER, search: 'ams 1' } }],
    [
      'state=down&elsewhere=changed&endpoint=198.51.100.1&key=missing&bgp=down&health_check=off',
      {
        filter: {
          search: '',
          state: 'down',
          elsewhere: 'changed',
          cloudflareEndpoint: '198.51.100.1',
          isKeyMissing: true,
          bgp: 'down',
          isHealthCheckOff: true,
        },
      },
    ],
    ['sort=-modified_on', { sort: { column: 'modified_on', isDescending: true } }],
    ['columns=name%2Ckey%2Cid', { columns: ['name', 'key', 'id'] }],
  ];
  test.each(views)('%j says all of it, and no more', (query, part) => {
    const view = { ...DEFAULT_VIEW, ...part };
    expect(writeListQuery(view, new URLSearchParams()).toString()).toBe(query);
    expect(readListQuery(new URLSearchParams(query))).toEqual(view);
  });

  test.each([
    ['sort=nonsense', 'a column that does not exist'],
    ['columns=nonsense', 'columns of which none exists'],
    ['key=whatever&health_check=on&state=ill&elsewhere=deleted', 'words of no meaning here'],
  ])('%j is as by default: %s', (query) => {
    expect(readListQuery(new URLSearchParams(query))).toEqual(DEFAULT_VIEW);
  });

  test('always has the name, and columns in the order of the table', () => {
    expect(readListQuery(new URLSearchParams('columns=id,key')).columns).toEqual(['name', 'key', 'id']);
    expect(writeListQuery({ ...DEFAULT_VIEW, columns: DEFAULT_COLUMNS.toReversed() }, new URLSearchParams()).size).toBe(
      0,
    );
  });

  test('keeps what is not its own', () => {
    expect(writeListQuery(DEFAULT_VIEW, new URLSearchParams('from=mail&q=old')).toString()).toBe('from=mail');
  });
});

test('an unchanged tunnel keeps its row', () => {
  expect(rowOf(RICH)).toBe(rowOf(RICH));
});

test.each([
  [[], ['0 tunnels']],
  [[tunnel()], ['1 tunnel']],
  [
    [tunnel(), tunnel({ psk_metadata: {} })],
    ['2 tunnels', '1 without a key'],
  ],
])('the summary counts what there is, and mentions nothing that there is not', (tunnels, parts) => {
  expect(summaryOf(tunnels.map(rowOf), undefined).map(({ text }) => text)).toEqual(parts);
});

test.each([
  [0, 'Just now'],
  [24, '20 s ago'],
  [61, '1 min ago'],
  [7_300, '2 h ago'],
])('an age of %i s is "%s"', (seconds, words) => {
  expect(describeAge(seconds)).toBe(words);
});
