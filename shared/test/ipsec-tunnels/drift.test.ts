import { describe, expect, it } from 'vitest';
import { driftedFields, knownRequest, stateOf } from '../../src/ipsec-tunnels/drift.ts';
import { IPSEC_TUNNEL_LABELS } from '../../src/ipsec-tunnels/labels.ts';
import { type IpsecTunnel, ipsecTunnelSchema } from '../../src/ipsec-tunnels/tunnel.ts';
import { valueAt } from '../../src/value-at.ts';
import { EXPORTED_REQUEST, FULL_TUNNEL, KEY } from './export/tunnels.ts';

const SMALLEST = {
  id: 'c4a7362d577a6c3019a474fd6f485821',
  name: 'branch-1',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
};

/** A tunnel with another value at a dotted path; without the field where that is `undefined`. */
function withValue(tunnel: object, path: string, value: unknown): IpsecTunnel {
  const [key = '', ...rest] = path.split('.');
  const inner: unknown = Reflect.get(tunnel, key);
  const within = typeof inner === 'object' && inner !== null ? inner : {};
  const changed = rest.length === 0 ? value : withValueIn(within, rest.join('.'), value);
  return ipsecTunnelSchema.parse({ ...tunnel, [key]: changed });
}

function withValueIn(group: object, key: string, value: unknown): object {
  return { ...group, [key]: value };
}

/** For every field another value than {@link FULL_TUNNEL} has. */
const OTHER_VALUES: Readonly<Record<string, unknown>> = {
  name: 'branch-2',
  description: 'another',
  cloudflare_endpoint: '203.0.113.99',
  customer_endpoint: '203.0.113.98',
  interface_address: '10.9.9.0/31',
  interface_address6: '2001:db8:9::/127',
  replay_protection: !FULL_TUNNEL.replay_protection,
  automatic_return_routing: !FULL_TUNNEL.automatic_return_routing,
  'custom_remote_identities.fqdn_id': 'other.custom.ipsec.cloudflare.com',
  'health_check.enabled': !FULL_TUNNEL.health_check?.enabled,
  'health_check.rate': 'low',
  'health_check.type': FULL_TUNNEL.health_check?.type === 'reply' ? 'request' : 'reply',
  'health_check.direction':
    FULL_TUNNEL.health_check?.direction === 'bidirectional' ? 'unidirectional' : 'bidirectional',
  'health_check.target': { saved: '203.0.113.77' },
  'bgp.customer_asn': 64999,
  'bgp.md5_key': 'another',
  'bgp.extra_prefixes': ['10.77.0.0/16'],
  'bgp.import_filter_id': '33333333333333333333333333333333',
  'bgp.export_filter_id': '44444444444444444444444444444444',
};
const REQUIRED = new Set(['name', 'cloudflare_endpoint', 'interface_address', 'bgp.customer_asn']);
const OPTIONAL = Object.keys(OTHER_VALUES).filter((field) => !REQUIRED.has(field));
/** Every field, and none with the value that Cloudflare takes where there is none. */
const NO_DEFAULTS = ipsecTunnelSchema.parse({
  ...FULL_TUNNEL,
  replay_protection: true,
  automatic_return_routing: true,
  health_check: { enabled: false, rate: 'low', type: 'request', direction: 'unidirectional', target: '10.0.0.1' },
});

describe('what the desk keeps of a tunnel', () => {
  it('is all of a create request but the key', () => {
    const kept = knownRequest(ipsecTunnelSchema.parse({ ...FULL_TUNNEL, psk: KEY }));
    expect(Object.keys(kept).toSorted()).toEqual(Object.keys(EXPORTED_REQUEST).toSorted());
    expect(JSON.stringify(kept)).not.toContain(KEY);
  });

  it.each([FULL_TUNNEL, SMALLEST])('is no drift of the tunnel itself', (tunnel) => {
    expect(driftedFields(knownRequest(tunnel), tunnel)).toEqual([]);
  });
});

describe('drift', () => {
  it('is looked for in every field but the key', () => {
    expect([...Object.keys(OTHER_VALUES), 'psk'].toSorted()).toEqual(Object.keys(IPSEC_TUNNEL_LABELS).toSorted());
  });

  it.each(Object.entries(OTHER_VALUES))('is found in %s alone where that was changed', (field, value) => {
    const drifted = driftedFields(knownRequest(FULL_TUNNEL), withValue(FULL_TUNNEL, field, value));
    expect(drifted).toMatchObject([{ field, known: expect.anything(), found: expect.anything() }]);
  });

  it.each(OPTIONAL)('is found in %s where that was removed', (field) => {
    const drifted = driftedFields(knownRequest(NO_DEFAULTS), withValue(NO_DEFAULTS, field, undefined));
    expect(drifted).toEqual([{ field, known: expect.anything() }]);
  });

  it.each(OPTIONAL)('is found in %s where that was added', (field) => {
    const bare = ipsecTunnelSchema.parse({ ...SMALLEST, bgp: { customer_asn: 65001 } });
    const drifted = driftedFields(knownRequest(bare), withValue(bare, field, valueAt(NO_DEFAULTS, field.split('.'))));
    expect(drifted).toEqual([{ field, found: expect.anything() }]);
  });

  it('is found where BGP was switched on or off as a whole', () => {
    const { bgp: _, ...without } = FULL_TUNNEL;
    const fields = ['customer_asn', 'md5_key', 'extra_prefixes', 'import_filter_id', 'export_filter_id'];
    const off = driftedFields(knownRequest(FULL_TUNNEL), without);
    expect(off.map(({ field }) => field)).toEqual(fields.map((field) => `bgp.${field}`));
    const on = driftedFields(knownRequest(without), FULL_TUNNEL);
    expect(on.map(({ field }) => field)).toEqual(fields.map((field) => `bgp.${field}`));
  });

  it.each<[string, object]>([
    ['defaults that Cloudflare tells', { replay_protection: false, automatic_return_routing: false }],
    ['the defaults of a health check', { health_check: { enabled: true, rate: 'mid', type: 'reply', target: '' } }],
    ['a target that nobody saved', { health_check: { target: { saved: '', effective: '10.0.0.1' } } }],
    ['an empty text', { description: '', customer_endpoint: '' }],
    ['an empty group', { bgp_status: {}, custom_remote_identities: {} }],
    ['what Cloudflare adds', { psk_metadata: { last_generated_on: '2026-01-01T00:00:00Z' }, later: { field: 1 } }],
    ['another time of its last change', { modified_on: '2026-01-01T00:00:00Z' }],
  ])('is not: %s', (_what, more) => {
    const [bare, told] = [SMALLEST, { ...SMALLEST, ...more }].map((tunnel) => ipsecTunnelSchema.parse(tunnel));
    if (bare === undefined || told === undefined) throw new Error('two tunnels');
    expect(driftedFields(knownRequest(bare), told)).toEqual([]);
    expect(driftedFields(knownRequest(told), bare)).toEqual([]);
    expect(stateOf(told)).toBe(stateOf(bare));
  });

  it.each([
    ['cloudflare_endpoint', '2001:db8::1', '2001:0DB8:0:0:0:0:0:1'],
    ['customer_endpoint', '2001:db8::ffff:1', '2001:DB8:0::FFFF:0001'],
    ['interface_address6', '2001:db8::2/127', '2001:0db8:0000::0002/127'],
    ['bgp.extra_prefixes', ['2001:db8::/32', '10.0.0.0/8'], ['10.0.0.0/8', '2001:DB8:0::/32']],
  ])('is not another spelling of %s', (field, one, other) => {
    const tunnel = withValue(FULL_TUNNEL, field, one);
    expect(driftedFields(knownRequest(tunnel), withValue(tunnel, field, other))).toEqual([]);
    expect(stateOf(withValue(tunnel, field, other))).toBe(stateOf(tunnel));
  });

  it('tells a target as a text, as it is known', () => {
    const changed = withValue(FULL_TUNNEL, 'health_check.target', { saved: '203.0.113.77', effective: '203.0.113.78' });
    expect(driftedFields(knownRequest(FULL_TUNNEL), changed)).toEqual([
      { field: 'health_check.target', known: '10.0.0.1', found: '203.0.113.77' },
    ]);
  });
});

describe('a state', () => {
  it.each(Object.entries(OTHER_VALUES))('is another one where %s is', (field, value) => {
    expect(stateOf(withValue(FULL_TUNNEL, field, value))).not.toBe(stateOf(FULL_TUNNEL));
  });

  it('is another one for a tunnel that is gone', () => {
    expect(stateOf(undefined)).not.toBe(stateOf(FULL_TUNNEL));
  });
});
