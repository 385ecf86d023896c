// How what was done to tunnels elsewhere joins the list of them, and what is said and restored of it.

import { type DriftedField, type DriftedTunnel, driftedTunnelSchema } from '@tunnel-desk/shared/api/drift';
import { ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, test } from 'vitest';
import { byId, countDrifts, deletedOf } from '../src/ipsec-tunnels/drift/drift-by-id.ts';
import { type ChangedElsewhere, driftInWords, restoreStateOf } from '../src/ipsec-tunnels/drift/drifted-values.ts';
import { knownByWords } from '../src/ipsec-tunnels/drift/words.ts';
import { restoredIn, withRestored } from '../src/ipsec-tunnels/edit/restored.ts';
import { EMPTY_FORM } from '../src/ipsec-tunnels/form/fields.ts';
import { filterRows, NO_FILTER } from '../src/ipsec-tunnels/list/filter-rows.ts';
import { summaryOf } from '../src/ipsec-tunnels/list/summary-line.tsx';
import { rowOf } from '../src/ipsec-tunnels/list/tunnel-row.ts';

const CONTEXT = { accountId: '0123456789abcdef0123456789abcdef' };
const SINCE = '2026-11-30T02:14:00Z';
const KNOWN = {
  name: 'branch-ams-1',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.0.2.7',
  interface_address: '10.0.0.0/31',
  health_check: { enabled: true, rate: 'mid', type: 'reply', direction: 'bidirectional' },
};

function changed(known: object, fields: readonly DriftedField[]): ChangedElsewhere {
  const drift = driftedTunnelSchema.parse({
    kind: 'changed',
    tunnelId: 'a',
    name: KNOWN.name,
    state: 's',
    known: { ...KNOWN, ...known },
    since: SINCE,
    knownBy: { how: 'first-seen' },
    fields,
  });
  if (drift.kind !== 'changed') throw new Error('another kind');
  return drift;
}

const DRIFTS: readonly DriftedTunnel[] = [
  changed({}, [{ field: 'description', found: 'x' }]),
  { kind: 'made', tunnelId: 'b', name: 'made-1', state: 's' },
  { kind: 'deleted', tunnelId: 'c', name: 'gone-1', state: 's', known: KNOWN, since: SINCE, knownBy: { how: 'saved' } },
  // In no row: the list was read before it was made.
  { kind: 'made', tunnelId: 'e', name: 'made-2', state: 's' },
];
const rows = ['a', 'b', 'd'].map((id) =>
  rowOf(
    ipsecTunnelSchema.parse({
      id,
      name: `tunnel-${id}`,
      cloudflare_endpoint: '198.51.100.1',
      interface_address: '10.0.0.0/31',
      psk_metadata: { last_generated_on: SINCE },
    }),
  ),
);

describe('the list', () => {
  const drift = byId(DRIFTS);

  test('has what was done to the tunnels that there are, and those that are gone apart', () => {
    expect([...drift]).toEqual([
      ['a', 'changed'],
      ['b', 'made'],
      ['e', 'made'],
    ]);
    expect(deletedOf(DRIFTS).map(({ name }) => name)).toEqual(['gone-1']);
  });

  test('counts its rows alone, each count a filter', () => {
    expect(countDrifts(drift, rows)).toEqual({ changed: 1, made: 1 });
    expect(summaryOf(rows, undefined, drift)).toEqual([
      { text: '3 tunnels' },
      { text: '1 changed elsewhere', filter: { elsewhere: 'changed' } },
      { text: '1 made elsewhere', filter: { elsewhere: 'made' } },
    ]);
    expect(summaryOf(rows, undefined, byId([]))).toEqual([{ text: '3 tunnels' }]);
  });

  test('is filtered by it, and while it is not known shows none', () => {
    const filter = { ...NO_FILTER, elsewhere: 'made' } as const;
    expect(filterRows(rows, filter, { drift }).map(({ id }) => id)).toEqual(['b']);
    expect(filterRows(rows, filter)).toEqual([]);
  });
});

describe('a change is told in the words of the form', () => {
  test.each<[string, object, DriftedField[], [string, string, string][]]>([
    [
      'a value',
      {},
      [{ field: 'customer_endpoint', known: '192.0.2.7', found: '192.0.2.8' }],
      [['Customer endpoint', '192.0.2.7', '192.0.2.8']],
    ],
    [
      'one that was removed',
      {},
      [{ field: 'customer_endpoint', known: '192.0.2.7' }],
      [['Customer endpoint', '192.0.2.7', 'none']],
    ],
    ['a switch', {}, [{ field: 'replay_protection', found: true }], [['Replay protection', 'off', 'on']]],
    [
      'a word of the health check',
      {},
      [{ field: 'health_check.rate', known: 'mid', found: 'high' }],
      [['Health check rate', 'medium', 'high']],
    ],
    [
      'BGP that was switched on',
      {},
      [{ field: 'bgp.customer_asn', found: 65001 }],
      [
        ['BGP', 'off', 'on'],
        ['Customer ASN', 'none', '65001'],
      ],
    ],
    [
      'BGP that was switched off, of which nothing else matters',
      { bgp: { customer_asn: 65001, md5_key: 'm' } },
      [
        { field: 'bgp.customer_asn', known: 65001 },
        { field: 'bgp.md5_key', known: 'm' },
      ],
      [['BGP', 'on', 'off']],
    ],
    [
      'an MD5 key, which is not shown unasked',
      { bgp: { customer_asn: 65001, md5_key: 'm' } },
      [{ field: 'bgp.md5_key', known: 'm', found: 'n' }],
      [['MD5 key', '••••••••', '••••••••']],
    ],
    [
      'what the form takes for the same, as it is',
      {},
      [{ field: 'customer_endpoint', known: '192.0.2.7', found: ' 192.0.2.7' }],
      [['Customer endpoint', '192.0.2.7', ' 192.0.2.7']],
    ],
  ])('%s', (_what, known, fields, told) => {
    const words = driftInWords(changed(known, fields), CONTEXT);
    expect(words.map(({ label, from, to }) => [label, from, to])).toEqual(told);
  });
});

describe('restoring', () => {
  test('puts the known values of the changed fields in the form, and no other', () => {
    const { restore } = restoreStateOf(
      changed({ customer_endpoint: undefined }, [
        { field: 'customer_endpoint', found: '192.0.2.8' },
        { field: 'bgp.customer_asn', found: 65001 },
      ]),
      CONTEXT,
    );
    expect(restore.values).toEqual({ customer_endpoint: '', 'bgp/customer_asn': '', bgpEnabled: false });
    const open = { ...EMPTY_FORM, name: 'as it is', customer_endpoint: '192.0.2.8', bgpEnabled: true };
    expect(withRestored(open, restore.values)).toMatchObject({
      name: 'as it is',
      customer_endpoint: '',
      bgpEnabled: false,
    });
  });

  test('is for the tunnel it was asked for alone', () => {
    const state = restoreStateOf(changed({}, [{ field: 'description', found: 'x' }]), CONTEXT);
    expect(restoredIn(state, 'a')).toEqual({ description: '' });
    expect(restoredIn(state, 'b')).toBeUndefined();
    expect(restoredIn(null, 'a')).toBeUndefined();
  });
});

test.each([
  [{ how: 'saved', personName: 'ann@example.com' }, 'it was saved here by ann@example.com'],
  [{ how: 'first-seen' }, 'this desk first saw it'],
] as const)('how it was known: %j', (knownBy, words) => {
  expect(knownByWords(knownBy)).toBe(words);
});
