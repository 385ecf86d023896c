import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRouterTunnels } from '../../src/routers/router-tunnel.ts';
import { HOSTILE_NAMES } from './hostile.ts';
import { ACCOUNT_ID, firstTunnel, readable, secondTunnel } from './inputs.ts';

const OWN_FQDN = `0123456789abcdef0123456789abcde1.${ACCOUNT_ID}.ipsec.cloudflare.com`;

function read(changes: object = {}) {
  const [tunnel] = readable({ tunnel: firstTunnel(changes) });
  return tunnel;
}

/** Names that come to the same label, or to one that another gets with its number. */
const collidingName = fc.constantFrom(
  'x',
  'X',
  'x-5',
  'x-7',
  '!',
  '5',
  'tunnel-5',
  'longname-one',
  'longname-two',
  'longnam-3',
);

describe('the labels and numbers of tunnels', () => {
  it('are unique in one configuration, and fit into names', () => {
    const named = fc.tuple(collidingName, fc.nat(20));
    fc.assert(
      fc.property(fc.array(named, { minLength: 1, maxLength: 8 }), (given) => {
        const tunnels = readable(
          ...given.map(([name, index]) => ({
            tunnel: firstTunnel({ name, interface_address: `10.0.0.${2 * index}/31` }),
          })),
        );
        for (const key of ['label', 'shortLabel', 'number'] as const)
          expect(new Set(tunnels.map((tunnel) => tunnel[key])).size).toBe(tunnels.length);
        for (const { label, shortLabel } of tunnels) {
          expect(label).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
          expect(shortLabel).toMatch(/^[a-z][a-z0-9-]{0,11}$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are plain whatever the name is', () => {
    for (const { text } of HOSTILE_NAMES) expect(read({ name: text })?.label).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
  });

  it('are the same each time, and the number the same whatever else is read', () => {
    expect(read()).toEqual(read());
    const [, second] = readable({ tunnel: firstTunnel() }, { tunnel: secondTunnel() });
    expect(second?.number).toBe(readable({ tunnel: secondTunnel() })[0]?.number);
  });
});

describe('the addresses', () => {
  it.each([
    { interface_address: '10.0.0.0/31', cloudflare: '10.0.0.0', router: '10.0.0.1', why: 'Cloudflare has the lower' },
    { interface_address: '10.0.0.1/31', cloudflare: '10.0.0.1', router: '10.0.0.0', why: 'Cloudflare has the upper' },
    { interface_address: '169.254.244.1/30', cloudflare: '169.254.244.1', router: '169.254.244.2', why: 'a /30' },
  ])('of $interface_address are $cloudflare and $router: $why', ({ interface_address, cloudflare, router }) => {
    expect(read({ interface_address })).toMatchObject({ cloudflareAddress: cloudflare, routerAddress: router });
  });

  it('have the BGP speaker that the BGP state tells, else the end of the tunnel', () => {
    expect(read({ bgp_status: { state: 'BGP_UP', cf_speaker_ip: '172.64.0.9' } })?.bgp?.peer).toBe('172.64.0.9');
    expect(read({ bgp_status: { state: 'BGP_UP', cf_speaker_ip: 'x\ny' } })?.bgp?.peer).toBe('10.0.0.0');
    expect(read()?.bgp?.peer).toBe('10.0.0.0');
  });
});

describe('the identity', () => {
  const custom = `label.${ACCOUNT_ID}.custom.ipsec.cloudflare.com`;

  it.each([
    { changes: {}, fqdn: OWN_FQDN, why: 'nothing is told' },
    {
      changes: { remote_identities: { fqdn_id: 'a.ipsec.cloudflare.com' } },
      fqdn: 'a.ipsec.cloudflare.com',
      why: 'told',
    },
    { changes: { remote_identities: { fqdn_id: '' } }, fqdn: OWN_FQDN, why: 'an empty one is told' },
    { changes: { remote_identities: { fqdn_id: 'a.b\nsecret' } }, fqdn: OWN_FQDN, why: 'it is no domain name' },
    { changes: { custom_remote_identities: { fqdn_id: custom } }, fqdn: custom, why: 'it is custom' },
    { changes: { custom_remote_identities: { fqdn_id: `x\n${custom}` } }, fqdn: OWN_FQDN, why: 'that one is wrong' },
  ])('is $fqdn where $why', ({ changes, fqdn }) => {
    expect(read(changes)?.identities).toMatchObject({ fqdn, isCustom: fqdn === custom });
  });
});

describe('a tunnel is unusable', () => {
  it.each([
    { changes: { id: '0123' }, why: 'its ID is none of Cloudflare' },
    { changes: { interface_address: '10.0.0.0/24' }, why: 'its subnet has more than two ends' },
    { changes: { interface_address: '10.0.0.0/31\nx' }, why: 'its interface address is none' },
    { changes: { cloudflare_endpoint: 'example.com' }, why: 'its endpoint is no address' },
    { changes: { customer_endpoint: '203.0.113.10\nx' }, why: 'its customer endpoint is no address' },
    { changes: { bgp: { customer_asn: 1.5 } }, why: 'its ASN is none' },
    { changes: { bgp: { customer_asn: 65_010, md5_key: 'a\nb' } }, why: 'its MD5 key has a line break' },
    { changes: { bgp: { customer_asn: 65_010, md5_key: 'a"b' } }, why: 'its MD5 key has a quotation mark' },
  ])('where $why', ({ changes }) => {
    const result = readRouterTunnels(ACCOUNT_ID, [{ tunnel: firstTunnel(changes) }, { tunnel: secondTunnel() }]);
    expect(result).toEqual({ kind: 'unusable', reasons: [expect.stringMatching(/^[A-Z].*\.$/)] });
  });
});
