import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/api/audit.ts';
import { type Cause, type DiagnosisInput, LIKELIHOODS } from '../../src/health/cause.ts';
import { diagnose } from '../../src/health/diagnosis.ts';
import { SHOWN_STATES } from '../../src/health/states.ts';
import { indexTunnels, type KnownTunnel } from '../../src/ipsec-tunnels/conflicts.ts';
import type { IpsecTunnel } from '../../src/ipsec-tunnels/tunnel.ts';
import { ROUTER_KINDS, ROUTER_NAMES } from '../../src/routers/kinds.ts';

const TUNNEL: IpsecTunnel = {
  id: 'a'.repeat(32),
  name: 'branch-ams-1',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.0.0.0/31',
  created_on: '2026-01-05T10:00:00Z',
  psk_metadata: { last_generated_on: '2026-01-05T10:00:01Z' },
  health_check: { enabled: true, rate: 'mid', type: 'request', direction: 'bidirectional' },
};
const BGP_DOWN = {
  bgp: { customer_asn: 65_001 },
  bgp_status: {
    state: 'BGP_DOWN',
    tcp_established: false,
    updated_at: '2026-03-01T02:20:00Z',
    cf_speaker_ip: '10.0.0.0',
  },
};

interface Case {
  readonly tunnel?: Partial<IpsecTunnel>;
  readonly others?: readonly KnownTunnel[];
  readonly health?: DiagnosisInput['health'];
  readonly routes?: DiagnosisInput['routes'];
  readonly routerKind?: DiagnosisInput['routerKind'];
  readonly changes?: DiagnosisInput['changes'];
}

function causesOf({ tunnel, others = [], ...rest }: Case): Cause[] {
  return diagnose({
    health: { state: 'down' },
    ...rest,
    tunnel: { ...TUNNEL, ...tunnel },
    others: indexTunnels(others),
    now: Date.parse('2026-03-01T02:21:00Z'),
    formatMoment: (moment) => moment,
  });
}

function kindsOf(given: Case): string[] {
  return causesOf(given).map(({ cause, likelihood }) => `${likelihood} ${cause}`);
}

const other = (values: Partial<KnownTunnel>): KnownTunnel => ({
  name: 'branch-ber-1',
  interface_address: '10.0.0.8/31',
  ...values,
});
const via = (nexthop: string) => ({ prefix: '10.9.0.0/16', nexthop });
const HEALTH_CHECK = TUNNEL.health_check;
const IDENTITY = `ams.${'b'.repeat(32)}.custom.ipsec.cloudflare.com`;

const CASES: readonly (readonly [why: string, given: Case, expected: readonly string[]])[] = [
  ['nothing is out of order, so nothing is claimed', {}, []],
  ['it carries no traffic without a key', { tunnel: { psk_metadata: {} } }, ['certain no-key']],
  [
    'a tunnel whose checks are off shows as down',
    { tunnel: { health_check: { enabled: false } } },
    ['certain checks-off'],
  ],
  [
    'checks that are off drop no replies, and have no direction',
    { tunnel: { health_check: { enabled: false, type: 'reply', direction: 'unidirectional' } }, routerKind: 'linux' },
    ['certain checks-off'],
  ],
  [
    'Linux drops probes from its own address',
    { tunnel: { health_check: { ...HEALTH_CHECK, type: 'reply' } }, routerKind: 'linux' },
    ['likely reply-dropped'],
  ],
  [
    'VyOS is Linux, and reply is the default',
    { tunnel: { health_check: { enabled: true } }, routerKind: 'vyos' },
    ['likely reply-dropped'],
  ],
  [
    'a firewall may be set up to let replies pass',
    { tunnel: { health_check: { ...HEALTH_CHECK, type: 'reply' } }, routerKind: 'fortigate' },
    ['possible reply-dropped'],
  ],
  [
    'of an unknown router nobody knows what it drops',
    { tunnel: { health_check: { ...HEALTH_CHECK, type: 'reply' } } },
    [],
  ],
  [
    "Azure's guide asks for reply",
    { tunnel: { health_check: { type: 'reply' }, replay_protection: true }, routerKind: 'azure' },
    [],
  ],
  [
    'a unidirectional response comes back over the internet',
    { tunnel: { health_check: { ...HEALTH_CHECK, direction: 'unidirectional' } } },
    ['possible unidirectional'],
  ],
  [
    'without an endpoint and a target nothing can be probed',
    { tunnel: { customer_endpoint: '', health_check: { ...HEALTH_CHECK, direction: 'unidirectional' } } },
    ['likely unidirectional'],
  ],
  [
    'a target of its own is enough',
    { tunnel: { customer_endpoint: '', health_check: { direction: 'unidirectional', target: { saved: '10.9.0.1' } } } },
    ['possible unidirectional'],
  ],
  ['the sources disagree on the default direction', { tunnel: { health_check: { enabled: true } } }, []],
  [
    'UniFi identifies itself by its address',
    { tunnel: { customer_endpoint: undefined }, routerKind: 'unifi' },
    ['certain address-identity-unset'],
  ],
  ['others need no customer endpoint', { tunnel: { customer_endpoint: undefined }, routerKind: 'vyos' }, []],
  [
    'an address can stand for one tunnel of an endpoint alone',
    {
      others: [other({ cloudflare_endpoint: '198.51.100.1', customer_endpoint: '192.88.99.10' })],
      routerKind: 'unifi',
    },
    ['certain address-identity-shared'],
  ],
  [
    'of an unknown router it is not known whether it does that',
    { others: [other({ cloudflare_endpoint: '198.51.100.1', customer_endpoint: '192.88.99.10' })] },
    ['possible address-identity-shared'],
  ],
  [
    'a router that has a name does not mind',
    { others: [other({ cloudflare_endpoint: '198.51.100.1', customer_endpoint: '192.88.99.10' })], routerKind: 'srx' },
    [],
  ],
  [
    'a pair has one tunnel per Cloudflare endpoint',
    { others: [other({ cloudflare_endpoint: '203.0.113.1', customer_endpoint: '192.88.99.10' })], routerKind: 'unifi' },
    [],
  ],
  [
    'Cloudflare refuses one custom identity twice on an endpoint',
    {
      tunnel: { custom_remote_identities: { fqdn_id: IDENTITY } },
      others: [other({ cloudflare_endpoint: '198.51.100.1', custom_remote_identities: { fqdn_id: IDENTITY } })],
    },
    ['certain identity-shared'],
  ],
  [
    'on another endpoint it is meant to be the same',
    {
      tunnel: { custom_remote_identities: { fqdn_id: IDENTITY } },
      others: [other({ cloudflare_endpoint: '203.0.113.1', custom_remote_identities: { fqdn_id: IDENTITY } })],
    },
    [],
  ],
  [
    "the only route points at Cloudflare's own side",
    { routes: [via('10.0.0.0'), via('10.0.0.8')] },
    ['likely ends-swapped'],
  ],
  ['a route to the right side shows which is which', { routes: [via('10.0.0.0'), via('10.0.0.1')] }, []],
  ['pfSense checks for repeated packets', { routerKind: 'pfsense' }, ['likely replay-protection-off']],
  ['with replay protection that is right', { tunnel: { replay_protection: true }, routerKind: 'pfsense' }, []],
  ['a tunnel that is down has no BGP session', { tunnel: BGP_DOWN }, []],
  ['BGP is down while the tunnel is up', { tunnel: BGP_DOWN, health: { state: 'healthy' } }, ['certain bgp-down']],
  ['a degraded tunnel may be why', { tunnel: BGP_DOWN, health: { state: 'degraded' } }, ['possible bgp-down']],
  [
    'a session takes a moment to come up',
    {
      tunnel: { ...BGP_DOWN, bgp_status: { ...BGP_DOWN.bgp_status, state: 'BGP_ESTABLISHING' } },
      health: { state: 'healthy' },
    },
    [],
  ],
  [
    'not for ever',
    { tunnel: { ...BGP_DOWN, bgp_status: { state: 'BGP_ESTABLISHING' } }, health: { state: 'healthy' } },
    ['certain bgp-down'],
  ],
  [
    'of a session without a state nothing is known',
    { tunnel: { bgp: BGP_DOWN.bgp }, health: { state: 'healthy' } },
    [],
  ],
  [
    "Cloudflare's own ASN is no customer's",
    { tunnel: { ...BGP_DOWN, bgp: { customer_asn: 13_335 } }, health: { state: 'healthy' } },
    ['certain asn-unusable', 'certain bgp-down'],
  ],
  [
    'RFC 6793 reserves 23456',
    { tunnel: { ...BGP_DOWN, bgp: { customer_asn: 23_456 } }, health: { state: 'healthy' } },
    ['certain asn-unusable', 'certain bgp-down'],
  ],
  [
    'one ASN at two sites exchanges no routes',
    { tunnel: BGP_DOWN, others: [other({ bgp: { customer_asn: 65_001 } })], health: { state: 'healthy' } },
    ['certain bgp-down', 'possible asn-shared'],
  ],
];

describe('what is concluded', () => {
  it.each(CASES)('%s', (_why, given, expected) => {
    expect(kindsOf(given)).toEqual(expected);
  });

  it('comes in the order of how certain it is, then of how much it stops', () => {
    const given: Case = {
      tunnel: {
        psk_metadata: {},
        health_check: { type: 'reply', direction: 'unidirectional' },
        customer_endpoint: undefined,
      },
      routes: [via('10.0.0.0')],
      routerKind: 'linux',
    };
    expect(kindsOf(given)).toEqual([
      'certain no-key',
      'likely ends-swapped',
      'likely reply-dropped',
      'likely unidirectional',
    ]);
  });

  it('offers what puts it right', () => {
    expect(causesOf({ tunnel: { psk_metadata: {} } })[0]?.fix).toEqual({
      label: 'Give it a key',
      values: 'rotate-key',
    });
    expect(causesOf({ routes: [via('10.0.0.0')] })[0]?.fix?.values).toEqual({ interface_address: '10.0.0.1/31' });
    const bgp: Case = { tunnel: BGP_DOWN, health: { state: 'healthy' }, routerKind: 'fortigate' };
    expect(causesOf(bgp)[0]?.command).toBe('get router info bgp summary');
  });
});

const WENT_DOWN = { state: 'down', since: { at: '2026-03-01T02:14:00Z', precision: 'minute' } } as const;

function entry(at: string, values: Partial<AuditEntry>): AuditEntry {
  return {
    id: 1,
    at,
    requestId: 'r-1',
    person: 'alex@example.com',
    personName: 'Alex',
    accountId: 'b'.repeat(32),
    action: 'update',
    resource: { kind: 'ipsec-tunnel', id: TUNNEL.id, name: TUNNEL.name },
    tunnelName: TUNNEL.name,
    request: {},
    outcome: { at, result: values.action === 'generate-psk' ? 'generated' : 'updated', codes: [], reconciled: false },
    ...values,
  };
}

const rotated = (at: string) => entry(at, { action: 'generate-psk' });
const moved = (at: string, request: object = { customer_endpoint: '192.88.99.10' }) =>
  entry(at, { before: { ...TUNNEL, customer_endpoint: '192.88.99.7' }, request: { ...request } });

describe('what was changed shortly before', () => {
  it.each<readonly [why: string, given: Case, expected: readonly string[]]>([
    ['a minute before', { changes: [rotated('2026-03-01T02:13:00Z')] }, ['likely key-changed']],
    ['within the minute in which it went down', { changes: [rotated('2026-03-01T02:14:40Z')] }, ['likely key-changed']],
    ['before the next authentication', { changes: [rotated('2026-02-28T06:00:00Z')] }, ['possible key-changed']],
    ['longer ago than any SA lasts', { changes: [rotated('2026-02-27T02:13:00Z')] }, []],
    ['after it went down', { changes: [rotated('2026-03-01T02:16:00Z')] }, []],
    [
      'a key set elsewhere',
      { tunnel: { psk_metadata: { last_generated_on: '2026-03-01T02:13:00.123456789Z' } } },
      ['likely key-changed'],
    ],
    [
      'a key that came with the tunnel replaced none',
      { tunnel: { created_on: '2026-03-01T02:12:59Z', psk_metadata: { last_generated_on: '2026-03-01T02:13:00Z' } } },
      [],
    ],
    ['a key in an update', { changes: [moved('2026-03-01T02:13:00Z', { psk: true })] }, ['likely key-changed']],
    ['a value that interrupts', { changes: [moved('2026-03-01T02:10:00Z')] }, ['likely value-changed']],
    ['long before', { changes: [moved('2026-03-01T01:10:00Z')] }, []],
    ['a value that does not', { changes: [moved('2026-03-01T02:10:00Z', { description: 'new' })] }, []],
    [
      'what was refused changed nothing',
      {
        changes: [
          {
            ...moved('2026-03-01T02:10:00Z'),
            outcome: { at: '2026-03-01T02:10:00Z', result: 'refused', codes: [], reconciled: false },
          },
        ],
      },
      [],
    ],
    [
      'a key long before explains no change shortly before',
      { tunnel: { modified_on: '2026-03-01T02:12:00Z' }, changes: [rotated('2026-02-28T06:00:00Z')] },
      ['possible key-changed', 'possible changed-elsewhere'],
    ],
    ['somebody elsewhere', { tunnel: { modified_on: '2026-03-01T02:12:00Z' } }, ['possible changed-elsewhere']],
    [
      'what this desk did explains when it was modified',
      { tunnel: { modified_on: '2026-03-01T02:10:01Z' }, changes: [moved('2026-03-01T02:10:00Z')] },
      ['likely value-changed'],
    ],
  ])('%s', (_why, given, expected) => {
    expect(kindsOf({ health: WENT_DOWN, ...given })).toEqual(expected);
  });

  it('is not known where it is not known since when', () => {
    const since = { ...WENT_DOWN.since, precision: 'at-least' } as const;
    expect(kindsOf({ health: { state: 'down', since }, changes: [rotated('2026-03-01T02:13:00Z')] })).toEqual([]);
    expect(kindsOf({ changes: [rotated('2026-03-01T02:13:00Z')] })).toEqual([]);
  });

  it('may be later than the hour says', () => {
    const since = { at: '2026-03-01T02:00:00Z', precision: 'hour' } as const;
    const [cause] = causesOf({ health: { state: 'degraded', since }, changes: [rotated('2026-03-01T02:50:00Z')] });
    expect(cause?.sentence).toContain('It became degraded at about 2026-03-01T02:00:00Z, and its key was replaced at');
  });

  it('is told with both moments and whoever did it, and put back as it was', () => {
    const [cause] = causesOf({ health: WENT_DOWN, changes: [moved('2026-03-01T02:10:00Z')] });
    expect(cause?.sentence).toBe(
      'It went down at 2026-03-01T02:14:00Z, and Alex changed this at 2026-03-01T02:10:00Z: Customer endpoint from 192.88.99.7 to 192.88.99.10.',
    );
    expect(cause?.fix).toEqual({ label: 'Put it back', values: { customer_endpoint: '192.88.99.7' } });
  });

  it('is not put back where it was changed again, or was nothing', () => {
    const changes = [moved('2026-03-01T02:10:00Z')];
    expect(
      causesOf({ health: WENT_DOWN, changes, tunnel: { customer_endpoint: '192.88.99.1' } })[0]?.fix,
    ).toBeUndefined();
    const added = entry('2026-03-01T02:10:00Z', {
      before: { ...TUNNEL, customer_endpoint: undefined },
      request: { customer_endpoint: '192.88.99.10' },
    });
    expect(causesOf({ health: WENT_DOWN, changes: [added] })[0]?.fix).toBeUndefined();
  });
});

const pick = fc.constantFrom;
const someCase: fc.Arbitrary<Case> = fc.record({
  tunnel: fc.record({
    customer_endpoint: pick(undefined, '', '192.88.99.10'),
    replay_protection: pick(undefined, true, false),
    psk_metadata: pick(undefined, {}, { last_generated_on: '2026-03-01T02:13:00Z' }),
    modified_on: pick(undefined, '2026-03-01T02:12:00Z'),
    custom_remote_identities: pick(undefined, { fqdn_id: IDENTITY }),
    health_check: fc.record({
      enabled: pick(undefined, true, false),
      type: pick(undefined, 'reply', 'request', 'other'),
      direction: pick(undefined, 'unidirectional', 'bidirectional'),
      target: pick(undefined, '', '10.9.0.1', { saved: '10.9.0.1' }),
    }),
    bgp: pick(undefined, { customer_asn: 13_335 }, { customer_asn: 0 }, { customer_asn: 65_001 }),
    bgp_status: pick(
      undefined,
      BGP_DOWN.bgp_status,
      { state: 'BGP_UP' },
      { state: 'BGP_ESTABLISHING', tcp_established: true },
    ),
  }),
  others: fc.uniqueArray(
    pick(
      other({ cloudflare_endpoint: '198.51.100.1', customer_endpoint: '192.88.99.10' }),
      other({ cloudflare_endpoint: '198.51.100.1', custom_remote_identities: { fqdn_id: IDENTITY } }),
      other({ bgp: { customer_asn: 65_001 } }),
    ),
  ),
  health: fc.record({
    state: pick(...SHOWN_STATES),
    since: pick(undefined, WENT_DOWN.since, { at: '2026-03-01T02:00:00Z', precision: 'hour' } as const),
  }),
  routes: pick(undefined, [via('10.0.0.0')], [via('10.0.0.0'), via('10.0.0.1')]),
  routerKind: pick(undefined, ...ROUTER_KINDS),
  changes: fc.subarray([rotated('2026-03-01T02:13:00Z'), moved('2026-03-01T02:10:00Z')]),
});

describe('whatever is known', () => {
  it('a healthy tunnel has no cause, unless its BGP session is not up', () => {
    fc.assert(
      fc.property(someCase, (given) => {
        const causes = causesOf({ ...given, health: { state: 'healthy' } });
        const isBgpUp = given.tunnel?.bgp === undefined || given.tunnel.bgp_status?.state === 'BGP_UP';
        if (isBgpUp) expect(causes).toEqual([]);
        expect(causes.filter(({ cause }) => !cause.includes('bgp') && !cause.includes('asn'))).toEqual([]);
      }),
    );
  });

  it('every cause names evidence that is in the input, and the certain come first', () => {
    fc.assert(
      fc.property(someCase, (given) => {
        const causes = causesOf(given);
        const known = JSON.stringify([TUNNEL, given, given.routerKind && ROUTER_NAMES[given.routerKind]]);
        for (const { evidence } of causes) {
          expect(evidence.length).toBeGreaterThan(0);
          for (const each of evidence) {
            const value = each.slice(each.indexOf(': ') + 2);
            const isAbsence = /^(?:none|off|on|yes|no)\b/.test(value);
            const isKnown = value.split(' via ').every((part) => known.includes(part));
            expect(isAbsence || isKnown, each).toBe(true);
          }
        }
        const order = causes.map(({ likelihood }) => LIKELIHOODS.indexOf(likelihood));
        expect(order).toEqual(order.toSorted());
      }),
    );
  });
});
