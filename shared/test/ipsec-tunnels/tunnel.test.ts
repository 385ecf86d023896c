import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createdTunnelSchema,
  deletedTunnelSchema,
  generatedPskSchema,
  type IpsecTunnel,
  ipsecTunnelSchema,
  modifiedTunnelSchema,
  readIpsecTunnel,
  tunnelListSchema,
  tunnelResultSchema,
} from '../../src/ipsec-tunnels/tunnel.ts';
import { FULL_REQUEST } from './validating.ts';

const BARE_TUNNEL: IpsecTunnel = {
  id: '00112233445566778899aabbccddeeff',
  name: 'branch-1',
  cloudflare_endpoint: '162.159.64.1',
  interface_address: '10.0.0.0/31',
};

const { psk: _, ...READABLE_FIELDS } = FULL_REQUEST;
const FULL_TUNNEL: IpsecTunnel = {
  ...READABLE_FIELDS,
  bgp: { ...READABLE_FIELDS.bgp, extra_prefixes: [...READABLE_FIELDS.bgp.extra_prefixes] },
  ...BARE_TUNNEL,
  created_on: '2026-01-02T03:04:05.054317925Z',
  modified_on: '2026-01-02T03:04:05.054317925Z',
  allow_null_cipher: false,
  psk_metadata: { last_generated_on: '2026-01-02T03:04:05Z' },
  remote_identities: { hex_id: 'ab', fqdn_id: 'a.b.ipsec.cloudflare.com', user_id: 'ipsec@a.b.ipsec.cloudflare.com' },
  bgp_status: {
    state: 'BGP_UP',
    tcp_established: true,
    updated_at: '2026-01-02T03:04:05Z',
    bgp_state: 'Established',
    cf_speaker_ip: '10.0.0.0',
    cf_speaker_port: 179,
    customer_speaker_ip: '10.0.0.1',
    customer_speaker_port: 40123,
  },
};

const UNREADABLE = [
  { response: null, why: 'null' },
  { response: 'tunnel', why: 'a text' },
  { response: [BARE_TUNNEL], why: 'a list' },
  { response: { ...BARE_TUNNEL, id: '' }, why: 'an empty id: nothing could be asked about it later' },
  { response: { ...BARE_TUNNEL, id: undefined }, why: 'no id' },
  { response: { ...BARE_TUNNEL, id: 1 }, why: 'an id that is no text' },
  { response: { ...BARE_TUNNEL, name: undefined }, why: 'no name' },
  { response: { ...BARE_TUNNEL, cloudflare_endpoint: undefined }, why: 'no Cloudflare endpoint' },
  { response: { ...BARE_TUNNEL, interface_address: undefined }, why: 'no interface address' },
];

describe('ipsecTunnelSchema', () => {
  it.each([
    { tunnel: BARE_TUNNEL, why: 'only what every tunnel has' },
    { tunnel: FULL_TUNNEL, why: 'every field there is' },
    { tunnel: { ...FULL_TUNNEL, custom_remote_identities: {} }, why: 'no custom identity' },
    { tunnel: { ...FULL_TUNNEL, psk_metadata: {} }, why: 'no key yet' },
    { tunnel: { ...FULL_TUNNEL, site_name: 'ams', tags: [{ a: null }] }, why: 'fields that are not known here' },
    {
      tunnel: { ...BARE_TUNNEL, health_check: { target: { saved: '', effective: '8.8.8.8' } } },
      why: 'the target as an object',
    },
    { tunnel: { ...BARE_TUNNEL, health_check: { rate: 'hourly' } }, why: 'a word that is not known here' },
    { tunnel: { ...BARE_TUNNEL, bgp: { customer_asn: 65001, state: 'up' } }, why: 'such fields in its groups' },
  ])('reads a tunnel and keeps what it holds: $why', ({ tunnel }) => {
    expect(ipsecTunnelSchema.parse(tunnel)).toStrictEqual(tunnel);
  });

  it.each([
    { description: null, why: 'null for what is not set' },
    { bgp: { customer_asn: '65001' }, why: 'a group of another shape' },
    { custom_remote_identities: { fqdn_id: null }, why: 'null in a group' },
    { created_on: 1767323045, why: 'a date that is a number' },
    { health_check: { target: 5, enabled: 'yes' }, why: 'wrong types in a group' },
    { bgp_status: { state: null }, remote_identities: [], replay_protection: 'on', why: 'other wrong types' },
  ])('reads a tunnel whatever its optional fields hold: $why', ({ why: _why, ...optional }) => {
    expect(ipsecTunnelSchema.parse({ ...BARE_TUNNEL, ...optional })).toMatchObject(BARE_TUNNEL);
  });

  it.each(UNREADABLE)('rejects what is not a tunnel: $why', ({ response }) => {
    expect(ipsecTunnelSchema.safeParse(response).success).toBe(false);
  });
});

describe('readIpsecTunnel', () => {
  it.each([BARE_TUNNEL, FULL_TUNNEL])('returns a tunnel that is as expected itself, without a copy', (tunnel) => {
    expect(readIpsecTunnel(tunnel)).toBe(tunnel);
  });

  const SHALLOW = { maxDepth: 1, noNullPrototype: true };
  /** What a response can have in any place: by chance the expected, and everything else that JSON knows. */
  const anything = fc.oneof(
    ...[fc.constantFrom<unknown>(null, '', 0, true, [], {}, Infinity, ['10.0.0.0/8', 5]), fc.string(), fc.boolean()],
    ...[
      fc.double(),
      fc.array(fc.jsonValue(SHALLOW)),
      fc.dictionary(fc.string(), fc.jsonValue(SHALLOW), { noNullPrototype: true }),
    ],
  );

  /** Where each field of the fullest tunnel is: as the keys to it. */
  function pathsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
    return [path, ...Object.entries(value).flatMap(([key, entry]) => pathsIn(entry, [...path, key]))];
  }

  /** The value with another one in this place, or without anything there. */
  function changed(value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown {
    if (key === undefined) return replacement;
    const others = Object.entries(Object(value)).filter(([each]) => each !== key);
    const entry = changed(Object.getOwnPropertyDescriptor(Object(value), key)?.value, rest, replacement);
    return Object.fromEntries(entry === undefined ? others : [...others, [key, entry]]);
  }

  const TARGET_AS_OBJECT = { ...FULL_TUNNEL, health_check: { target: { saved: '192.0.2.1', effective: '192.0.2.1' } } };
  const place = fc.constantFrom(
    ...[FULL_TUNNEL, TARGET_AS_OBJECT].flatMap((tunnel) => pathsIn(tunnel).map((path) => ({ tunnel, path }))),
    ...['id', 'bgp', 'health_check'].map((group) => ({ tunnel: FULL_TUNNEL, path: [group, '__proto__'] })),
    { tunnel: FULL_TUNNEL, path: ['__proto__'] },
    { tunnel: FULL_TUNNEL, path: ['not_known_here'] },
  );

  it('reads whatever a response holds just as the schema does', () => {
    fc.assert(
      fc.property(place, fc.option(anything, { nil: undefined }), ({ tunnel, path }, replacement) => {
        const value = changed(tunnel, path, replacement);
        expect(readIpsecTunnel(value)).toStrictEqual(ipsecTunnelSchema.safeParse(value).data);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    { json: '{"__proto__":{"id":"x"}}', why: 'a key with a meaning of its own' },
    { json: '{"bgp":{"customer_asn":1e999}}', why: 'a number that is infinite' },
    { json: '{"bgp_status":{"state":"BGP_UP","cf_speaker_port":1e999}}', why: 'the same where it is optional' },
    { json: '{"bgp":{"customer_asn":1,"__proto__":5}}', why: 'such a key in a group' },
  ])('reads $why just as the schema does', ({ json }) => {
    const value: unknown = JSON.parse(`${JSON.stringify(BARE_TUNNEL).slice(0, -1)},${json.slice(1)}`);
    expect(readIpsecTunnel(value)).toStrictEqual(ipsecTunnelSchema.safeParse(value).data);
  });
});

describe('createdTunnelSchema', () => {
  it('reads the tunnel itself', () => {
    expect(createdTunnelSchema.parse(FULL_TUNNEL)).toStrictEqual(FULL_TUNNEL);
  });

  it('takes the tunnel out of the list that older responses wrap it in', () => {
    expect(createdTunnelSchema.parse({ ipsec_tunnels: [FULL_TUNNEL] })).toStrictEqual(FULL_TUNNEL);
  });

  it.each([
    { response: { ipsec_tunnels: [] }, why: 'a list of none' },
    { response: { ipsec_tunnels: [FULL_TUNNEL, BARE_TUNNEL] }, why: 'a list of two: which is the new one?' },
    { response: { ipsec_tunnels: BARE_TUNNEL }, why: 'no list' },
    { response: { ipsec_tunnel: BARE_TUNNEL }, why: 'another wrapper' },
    { response: {}, why: 'an empty object' },
    ...UNREADABLE,
    ...UNREADABLE.map(({ response, why }) => ({
      response: { ipsec_tunnels: [response] },
      why: `a list of one with ${why}`,
    })),
  ])('rejects what holds not one tunnel: $why', ({ response }) => {
    expect(createdTunnelSchema.safeParse(response).success).toBe(false);
  });
});

describe('the results of the other calls', () => {
  it.each([
    { call: 'get', schema: tunnelResultSchema, result: { ipsec_tunnel: FULL_TUNNEL } },
    { call: 'update', schema: modifiedTunnelSchema, result: { modified: true, modified_ipsec_tunnel: FULL_TUNNEL } },
    { call: 'update', schema: modifiedTunnelSchema, result: { modified: true } },
    { call: 'delete', schema: deletedTunnelSchema, result: { deleted: true, deleted_ipsec_tunnel: FULL_TUNNEL } },
    { call: 'delete', schema: deletedTunnelSchema, result: { deleted: true } },
    { call: 'psk_generate', schema: generatedPskSchema, result: { psk: 'a key', ipsec_tunnel_id: '1', ipsec_id: 'x' } },
    { call: 'psk_generate', schema: generatedPskSchema, result: { psk: 'a key', psk_metadata: {} } },
  ])('of $call are read: $result', ({ schema, result }) => {
    expect(schema.parse(result)).toStrictEqual(result);
  });

  it.each([
    { call: 'get', schema: tunnelResultSchema, result: {} },
    { call: 'get', schema: tunnelResultSchema, result: FULL_TUNNEL },
    { call: 'update', schema: modifiedTunnelSchema, result: { modified_ipsec_tunnel: {} } },
    { call: 'delete', schema: deletedTunnelSchema, result: { deleted_ipsec_tunnel: {} } },
    { call: 'psk_generate', schema: generatedPskSchema, result: {} },
    { call: 'psk_generate', schema: generatedPskSchema, result: { psk: '' } },
  ])('of $call are not read without what they are for: $result', ({ schema, result }) => {
    expect(schema.safeParse(result).success).toBe(false);
  });
});

describe('tunnelListSchema', () => {
  it.each([
    { tunnels: [], why: 'an account without tunnels' },
    { tunnels: [BARE_TUNNEL, FULL_TUNNEL], why: 'an account with two' },
  ])('reads $why', ({ tunnels }) => {
    expect(tunnelListSchema.parse({ ipsec_tunnels: tunnels })).toStrictEqual({ ipsec_tunnels: tunnels });
  });

  it.each([
    { response: [BARE_TUNNEL], why: 'a bare list' },
    { response: {}, why: 'no list' },
    { response: { ipsec_tunnels: null }, why: 'null for the list' },
    { response: { ipsec_tunnels: [BARE_TUNNEL, {}] }, why: 'one entry that is no tunnel' },
  ])('rejects $why', ({ response }) => {
    expect(tunnelListSchema.safeParse(response).success).toBe(false);
  });
});
