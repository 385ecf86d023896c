import { describe, expect, it } from 'vitest';
import { EMPTY_FORM, fieldOfPath, type TunnelFormValues, toRequest } from '../src/ipsec-tunnels/create/tunnel-form.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';
const filled = (values: Partial<TunnelFormValues>): TunnelFormValues => ({
  ...EMPTY_FORM,
  account_id: ACCOUNT,
  ...values,
});

describe('toRequest', () => {
  it('leaves everything out that was left alone', () => {
    expect(toRequest(filled({}))).toEqual({});
  });

  it('trims white space around pasted values, but never a key or a description', () => {
    const request = toRequest(
      filled({
        name: ' branch ',
        description: ' to Amsterdam ',
        interface_address: ' 10.0.0.0/31\t',
        pskSource: 'own',
        psk: ' key ',
        bgpEnabled: true,
        bgp: { customer_asn: ' 65001 ', md5_key: ' md5 ', extra_prefixes: '' },
      }),
    );
    expect(request).toEqual({
      name: 'branch',
      description: ' to Amsterdam ',
      interface_address: '10.0.0.0/31',
      psk: ' key ',
      bgp: { customer_asn: 65001, md5_key: ' md5 ' },
    });
  });

  it('sends a key only when one is to be set now', () => {
    expect(toRequest(filled({ pskSource: 'later', psk: 'left over' }))).not.toHaveProperty('psk');
    expect(toRequest(filled({ pskSource: 'own', psk: '' }))).toHaveProperty('psk', '');
  });

  it('appends the fixed suffix to the label of a custom identity', () => {
    expect(toRequest(filled({ custom_remote_identities: { fqdn_id: 'ams-1' } }))).toEqual({
      custom_remote_identities: { fqdn_id: `ams-1.${ACCOUNT}.custom.ipsec.cloudflare.com` },
    });
  });

  it('sends of the health check only what differs from the default', () => {
    const healthCheck = { ...EMPTY_FORM.health_check, rate: 'high', enabled: false } as const;
    expect(toRequest(filled({ health_check: healthCheck }))).toEqual({
      health_check: { enabled: false, rate: 'high' },
    });
  });

  it('sends a target only while the direction is unidirectional', () => {
    const target = '192.88.99.1';
    const withDirection = (direction: '' | 'unidirectional' | 'bidirectional') =>
      toRequest(filled({ health_check: { ...EMPTY_FORM.health_check, direction, target } }));
    expect(withDirection('')).toEqual({});
    expect(withDirection('bidirectional')).toEqual({ health_check: { direction: 'bidirectional' } });
    expect(withDirection('unidirectional')).toEqual({ health_check: { direction: 'unidirectional', target } });
  });

  it('leaves BGP out while it is off, whatever was typed into it', () => {
    const bgp = { customer_asn: '65001', md5_key: 'x', extra_prefixes: '10.0.0.0/8' };
    expect(toRequest(filled({ bgpEnabled: false, bgp }))).toEqual({});
    expect(toRequest(filled({ bgpEnabled: true, bgp: EMPTY_FORM.bgp }))).toEqual({ bgp: {} });
  });

  it('passes an ASN that is no number on as text, for the schema to judge', () => {
    const bgp = { ...EMPTY_FORM.bgp, customer_asn: 'AS65001' };
    expect(toRequest(filled({ bgpEnabled: true, bgp }))).toEqual({ bgp: { customer_asn: 'AS65001' } });
  });
});

describe('fieldOfPath', () => {
  it.each([
    [['name'], 'name'],
    [['bgp', 'md5_key'], 'bgp.md5_key'],
    [['bgp', 'extra_prefixes', 1], 'bgp.extra_prefixes'],
    [['bgp'], 'bgpEnabled'],
    [['health_check', 'target', 'saved'], 'health_check.target'],
    [['something_else'], undefined],
    [[], undefined],
  ])('%j belongs to %s', (path, field) => {
    expect(fieldOfPath(path)).toBe(field);
  });
});
