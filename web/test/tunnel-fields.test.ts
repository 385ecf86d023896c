import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, it } from 'vitest';
import { fieldAt, fromResource, toRequest, valuesFrom } from '../src/forms/fields.ts';
import { EMPTY_FORM, TUNNEL_FORM, type TunnelFormValues } from '../src/ipsec-tunnels/form/fields.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';
const IDENTITY = `ams-1.${ACCOUNT}.custom.ipsec.cloudflare.com`;
const requestOf = (values: Partial<TunnelFormValues>) =>
  toRequest(TUNNEL_FORM, { ...EMPTY_FORM, ...values }, { accountId: ACCOUNT });
const formOf = (tunnel: object) => fromResource(TUNNEL_FORM, tunnel, { accountId: ACCOUNT });
/** The form sends the direction always, because the sources disagree on its default. */
const ALWAYS = { health_check: { direction: 'bidirectional' } };

/** A form in which no field is as it opens, and the request that it sends. */
const FILLED: TunnelFormValues = {
  device: 'azure',
  name: 'branch-ams-1',
  description: 'to Amsterdam',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.0.0.0/31',
  interface_address6: '2001:db8::2/127',
  isPair: true,
  'pair/first_suffix': '-a',
  'pair/second_suffix': '-b',
  'pair/second_endpoint': '203.0.113.1',
  'pair/second_customer_endpoint': '192.88.99.12',
  'pair/second_interface_address': '10.0.0.2/31',
  'pair/second_interface_address6': '2001:db8::4/127',
  'pair/shares_key': false,
  'pair/second_psk': 'correct horse battery stable',
  'pair/shares_identity': true,
  pskSource: 'own',
  psk: 'correct horse battery staple',
  replay_protection: true,
  'custom_remote_identities/fqdn_id': 'ams-1',
  'health_check/enabled': false,
  'health_check/rate': 'high',
  'health_check/type': 'request',
  'health_check/direction': 'unidirectional',
  'health_check/target': '192.88.99.11',
  bgpEnabled: true,
  'bgp/customer_asn': '65001',
  'bgp/md5_key': 'guard',
  'bgp/extra_prefixes': '10.1.0.0/16\n10.2.0.0/16',
  'bgp/import_filter_id': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'bgp/export_filter_id': 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
  automatic_return_routing: true,
};
const SENT = {
  device: 'azure',
  name: 'branch-ams-1',
  description: 'to Amsterdam',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.0.0.0/31',
  interface_address6: '2001:db8::2/127',
  pair: {
    first_suffix: '-a',
    second_suffix: '-b',
    second_endpoint: '203.0.113.1',
    second_customer_endpoint: '192.88.99.12',
    second_interface_address: '10.0.0.2/31',
    second_interface_address6: '2001:db8::4/127',
    second_psk: 'correct horse battery stable',
    shares_identity: true,
  },
  psk: 'correct horse battery staple',
  replay_protection: true,
  custom_remote_identities: { fqdn_id: IDENTITY },
  health_check: { enabled: false, rate: 'high', type: 'request', direction: 'unidirectional', target: '192.88.99.11' },
  bgp: {
    customer_asn: 65001,
    md5_key: 'guard',
    extra_prefixes: ['10.1.0.0/16', '10.2.0.0/16'],
    import_filter_id: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    export_filter_id: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
  },
  automatic_return_routing: true,
};

describe('from the form to the request', () => {
  it('sends every field', () => {
    expect(requestOf(FILLED)).toEqual(SENT);
  });

  it('leaves out what was left alone, but for the direction, on whose default the sources disagree', () => {
    expect(requestOf({})).toEqual(ALWAYS);
  });

  it('trims white space around pasted values, but never a key or a description', () => {
    const request = requestOf({
      name: ' branch ',
      description: ' to Amsterdam ',
      interface_address: ' 10.0.0.0/31\t',
      pskSource: 'own',
      psk: ' key ',
      bgpEnabled: true,
      'bgp/customer_asn': ' 65001 ',
      'bgp/md5_key': ' md5 ',
    });
    expect(request).toEqual({
      ...ALWAYS,
      name: 'branch',
      description: ' to Amsterdam ',
      interface_address: '10.0.0.0/31',
      psk: ' key ',
      bgp: { customer_asn: 65001, md5_key: ' md5 ' },
    });
  });

  it('sends a key only when one is to be set now', () => {
    expect(requestOf({ pskSource: 'later', psk: 'left over' })).not.toHaveProperty('psk');
    expect(requestOf({ pskSource: 'own', psk: '' })).toHaveProperty('psk', '');
  });

  it.each([
    ['ams-1', IDENTITY],
    [' ams-1 ', IDENTITY],
    [IDENTITY, IDENTITY],
    ['ams-1.1234567.custom.ipsec.cloudflare.com', 'ams-1.1234567.custom.ipsec.cloudflare.com'],
  ])('sends the identity of %s as %s', (typed, sent) => {
    expect(requestOf({ 'custom_remote_identities/fqdn_id': typed })).toEqual({
      ...ALWAYS,
      custom_remote_identities: { fqdn_id: sent },
    });
  });

  it.each(['unidirectional', 'bidirectional'] as const)('sends a target while the direction is %s', (direction) => {
    const target = '192.88.99.1';
    expect(requestOf({ 'health_check/direction': direction, 'health_check/target': target })).toEqual({
      health_check: { direction, target },
    });
  });

  it('leaves BGP out while it is off, whatever was typed into it', () => {
    expect(requestOf({ bgpEnabled: false, 'bgp/customer_asn': '65001', 'bgp/md5_key': 'x' })).toEqual(ALWAYS);
    expect(requestOf({ bgpEnabled: true })).toEqual({ ...ALWAYS, bgp: {} });
  });

  it('passes an ASN that is not a number on as text, for the schema to validate', () => {
    expect(requestOf({ bgpEnabled: true, 'bgp/customer_asn': 'AS65001' })).toEqual({
      ...ALWAYS,
      bgp: { customer_asn: 'AS65001' },
    });
  });
});

describe('from a tunnel to the form', () => {
  const { psk: _, ...answered } = SENT;

  it('fills every field but the key, which no tunnel tells', () => {
    expect(formOf({ id: '1', ...answered })).toEqual({
      ...FILLED,
      pskSource: 'later',
      psk: '',
      'pair/second_psk': '',
    });
  });

  it('takes what a tunnel does not say for the default', () => {
    const minimal: IpsecTunnel = {
      id: '1',
      name: 'ams',
      cloudflare_endpoint: '198.51.100.1',
      interface_address: '10.0.0.0/31',
    };
    expect(formOf(minimal)).toEqual({
      ...EMPTY_FORM,
      name: 'ams',
      cloudflare_endpoint: '198.51.100.1',
      interface_address: '10.0.0.0/31',
    });
  });

  it('reads a target in either form', () => {
    const target = (value: unknown) => formOf({ health_check: { target: value } })['health_check/target'];
    expect(target('192.88.99.1')).toBe('192.88.99.1');
    expect(target({ saved: '192.88.99.1', effective: '192.88.99.2' })).toBe('192.88.99.1');
    expect(target({ effective: '192.88.99.2' })).toBe('');
  });

  it("keeps an identity whole whose account is written as a number, and one of another account's", () => {
    const identity = 'ams-1.1234567.custom.ipsec.cloudflare.com';
    expect(formOf({ custom_remote_identities: { fqdn_id: identity } })['custom_remote_identities/fqdn_id']).toBe(
      identity,
    );
  });
});

it('reads a stored draft as far as its fields accept it', () => {
  const stored: Record<string, unknown> = { name: 'ams', replay_protection: 'yes', 'health_check/rate': 'never' };
  expect(valuesFrom(TUNNEL_FORM.fields, (name) => stored[name])).toEqual({ ...EMPTY_FORM, name: 'ams' });
});

describe('fieldAt', () => {
  it.each([
    [['name'], 'name'],
    [['bgp', 'md5_key'], 'bgp/md5_key'],
    [['bgp', 'extra_prefixes', 1], 'bgp/extra_prefixes'],
    [['bgp'], 'bgpEnabled'],
    [['health_check', 'target', 'saved'], 'health_check/target'],
    [['something_else'], undefined],
    [[], undefined],
  ])('%j belongs to %s', (path, field) => {
    expect(fieldAt(TUNNEL_FORM, path)).toBe(field);
  });
});

describe('a fix', () => {
  it('of an identity puts only its label in the field', () => {
    const { fields } = TUNNEL_FORM;
    expect(fields['custom_remote_identities/fqdn_id'].fromResource(IDENTITY, { accountId: ACCOUNT })).toBe('ams-1');
  });
});
