import { describe, expect, it } from 'vitest';
import { differences } from '../../src/ipsec-tunnels/differences.ts';

const TUNNEL = {
  id: 'c4a7362d577a6c3019a474fd6f485821',
  name: 'branch-1',
  cloudflare_endpoint: '2001:db8::1',
  interface_address: '10.0.0.0/31',
  description: 'north',
  health_check: { enabled: true, rate: 'mid', target: { saved: '203.0.113.9', effective: '203.0.113.9' } },
  bgp: { customer_asn: 65001, extra_prefixes: ['10.2.0.0/16', '10.1.0.0/16'] },
};

describe('differences', () => {
  it.each<[string, object]>([
    ['another spelling of an address', { cloudflare_endpoint: '2001:DB8:0:0::1' }],
    ['white space around a text', { description: ' north ' }],
    ['an empty text where there is none', { customer_endpoint: '' }],
    ['a default where nothing is told', { replay_protection: false, health_check: { type: 'reply' } }],
    ['a target as a text', { health_check: { target: '203.0.113.9' } }],
    ['a target as an object', { health_check: { target: { saved: '203.0.113.9' } } }],
    ['a list in another order', { bgp: { extra_prefixes: ['10.1.0.0/16', '10.2.0.0/16'] } }],
    ['an empty target, the default', { health_check: { enabled: true } }],
    ['a key, which no tunnel tells', { psk: 'secret' }],
    ['a field that is left out', { description: undefined }],
  ])('are none for %s', (_what, request) => {
    expect(differences(request, TUNNEL)).toEqual([]);
  });

  it.each<[object, string, unknown]>([
    [{ name: 'branch-2' }, 'name', 'branch-1'],
    [{ description: '' }, 'description', 'north'],
    [{ interface_address: '10.0.0.1/31' }, 'interface_address', '10.0.0.0/31'],
    [{ customer_endpoint: '203.0.113.7' }, 'customer_endpoint', undefined],
    [{ replay_protection: true }, 'replay_protection', undefined],
    [{ health_check: { rate: 'high' } }, 'health_check.rate', 'mid'],
    [{ health_check: { target: '' } }, 'health_check.target', TUNNEL.health_check.target],
    [{ bgp: { customer_asn: 65002 } }, 'bgp.customer_asn', 65001],
    [{ bgp: { extra_prefixes: ['10.1.0.0/16'] } }, 'bgp.extra_prefixes', TUNNEL.bgp.extra_prefixes],
    [{ custom_remote_identities: { fqdn_id: 'a.b' } }, 'custom_remote_identities.fqdn_id', undefined],
  ])('of %j are in %s', (request, field, found) => {
    expect(differences(request, TUNNEL)).toMatchObject([{ field, found }]);
  });
});
