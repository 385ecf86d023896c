import { describe, expect, it } from 'vitest';
import {
  createdTunnelSchema,
  type IpsecTunnel,
  ipsecTunnelSchema,
  tunnelListSchema,
} from '../../src/ipsec-tunnels/tunnel.ts';
import { FULL_REQUEST } from './validating.ts';

const BARE_TUNNEL: IpsecTunnel = {
  id: '00112233445566778899aabbccddeeff',
  name: 'branch-1',
  cloudflare_endpoint: '162.159.64.1',
  interface_address: '10.0.0.0/31',
};

const { psk: _, ...ANSWERED_FIELDS } = FULL_REQUEST;
const FULL_TUNNEL: IpsecTunnel = {
  ...ANSWERED_FIELDS,
  ...BARE_TUNNEL,
  created_on: '2026-01-02T03:04:05Z',
  modified_on: '2026-01-02T03:04:05Z',
};

const UNREADABLE = [
  { answer: null, why: 'null' },
  { answer: 'tunnel', why: 'a text' },
  { answer: [BARE_TUNNEL], why: 'a list' },
  { answer: { ...BARE_TUNNEL, id: '' }, why: 'an empty id: nothing could be asked about it later' },
  { answer: { ...BARE_TUNNEL, id: undefined }, why: 'no id' },
  { answer: { ...BARE_TUNNEL, id: 1 }, why: 'an id that is no text' },
  { answer: { ...BARE_TUNNEL, name: undefined }, why: 'no name' },
  { answer: { ...BARE_TUNNEL, cloudflare_endpoint: undefined }, why: 'no Cloudflare endpoint' },
  { answer: { ...BARE_TUNNEL, interface_address: undefined }, why: 'no interface address' },
];

describe('ipsecTunnelSchema', () => {
  it.each([
    { tunnel: BARE_TUNNEL, why: 'only what every tunnel has' },
    { tunnel: FULL_TUNNEL, why: 'every field there is' },
    { tunnel: { ...FULL_TUNNEL, custom_remote_identities: {} }, why: 'no custom identity' },
    { tunnel: { ...FULL_TUNNEL, allow_null_cipher: false, psk_metadata: {} }, why: 'fields that are not read here' },
    { tunnel: { ...BARE_TUNNEL, bgp: { customer_asn: 65001, state: 'up' } }, why: 'such fields in its groups' },
  ])('reads a tunnel and keeps what it holds: $why', ({ tunnel }) => {
    expect(ipsecTunnelSchema.parse(tunnel)).toStrictEqual(tunnel);
  });

  it.each([
    { description: null, why: 'null for what is not set' },
    { bgp: { customer_asn: '65001' }, why: 'a group of another shape' },
    { custom_remote_identities: { fqdn_id: null }, why: 'null in a group' },
    { created_on: 1767323045, why: 'a date that is a number' },
  ])('reads a tunnel whatever its optional fields hold: $why', ({ why: _why, ...optional }) => {
    expect(ipsecTunnelSchema.parse({ ...BARE_TUNNEL, ...optional })).toMatchObject(BARE_TUNNEL);
  });

  it.each(UNREADABLE)('refuses what is not a tunnel: $why', ({ answer }) => {
    expect(ipsecTunnelSchema.safeParse(answer).success).toBe(false);
  });
});

describe('createdTunnelSchema', () => {
  it('reads the tunnel itself', () => {
    expect(createdTunnelSchema.parse(FULL_TUNNEL)).toStrictEqual(FULL_TUNNEL);
  });

  it('takes the tunnel out of the list that older answers wrap it in', () => {
    expect(createdTunnelSchema.parse({ ipsec_tunnels: [FULL_TUNNEL] })).toStrictEqual(FULL_TUNNEL);
  });

  it.each([
    { answer: { ipsec_tunnels: [] }, why: 'a list of none' },
    { answer: { ipsec_tunnels: [FULL_TUNNEL, BARE_TUNNEL] }, why: 'a list of two: which is the new one?' },
    { answer: { ipsec_tunnels: BARE_TUNNEL }, why: 'no list' },
    { answer: { ipsec_tunnel: BARE_TUNNEL }, why: 'another wrapper' },
    { answer: {}, why: 'an empty object' },
    ...UNREADABLE,
    ...UNREADABLE.map(({ answer, why }) => ({ answer: { ipsec_tunnels: [answer] }, why: `a list of one with ${why}` })),
  ])('refuses what holds not one tunnel: $why', ({ answer }) => {
    expect(createdTunnelSchema.safeParse(answer).success).toBe(false);
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
    { answer: [BARE_TUNNEL], why: 'a bare list' },
    { answer: {}, why: 'no list' },
    { answer: { ipsec_tunnels: null }, why: 'null for the list' },
    { answer: { ipsec_tunnels: [BARE_TUNNEL, {}] }, why: 'one entry that is no tunnel' },
  ])('refuses $why', ({ answer }) => {
    expect(tunnelListSchema.safeParse(answer).success).toBe(false);
  });
});
