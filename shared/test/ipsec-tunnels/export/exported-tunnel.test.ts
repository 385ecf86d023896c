import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type ExportedRequest,
  exportedTunnel,
  tunnelToCreate,
} from '../../../src/ipsec-tunnels/export/exported-tunnel.ts';
import { toJson } from '../../../src/ipsec-tunnels/export/json.ts';
import type { CreateIpsecTunnelRequest } from '../../../src/ipsec-tunnels/request.ts';
import { ipsecTunnelSchema } from '../../../src/ipsec-tunnels/tunnel.ts';
import { accepted, FULL_REQUEST, MINIMAL_REQUEST } from '../validating.ts';
import { EXPORTED_REQUEST, FULL_TUNNEL, KEY } from './tunnels.ts';

describe('an exported tunnel', () => {
  it('has every field of the request that would create it, and nothing that is read-only or unknown', () => {
    const { request, id, hasKey } = exportedTunnel(FULL_TUNNEL);
    expect(request).toStrictEqual(EXPORTED_REQUEST);
    expect(accepted(request)).toStrictEqual(EXPORTED_REQUEST);
    expect({ id, hasKey }).toEqual({ id: FULL_TUNNEL.id, hasKey: true });
  });

  it.each([
    { found: {}, exported: {}, why: 'there is nothing more' },
    {
      found: { description: '', health_check: {}, custom_remote_identities: {} },
      exported: {},
      why: 'all of it is empty',
    },
    { found: { health_check: { target: '' } }, exported: {}, why: 'an empty target stands for the default' },
    { found: { health_check: { target: { effective: '10.0.0.9' } } }, exported: {}, why: 'the target is calculated' },
    { found: { health_check: { target: { saved: '' } } }, exported: {}, why: 'the saved target is empty' },
    {
      found: { health_check: { rate: 'sometimes' } },
      exported: { health_check: { rate: 'sometimes' } },
      why: 'a word that is not known here is one all the same',
    },
    {
      found: { bgp: { customer_asn: 65001, extra_prefixes: [] } },
      exported: { bgp: { customer_asn: 65001 } },
      why: 'no prefixes are none',
    },
  ])('of $found is $exported: $why', ({ found, exported }) => {
    const tunnel = ipsecTunnelSchema.parse({ ...MINIMAL_REQUEST, id: '1', ...found });
    expect(exportedTunnel(tunnel).request).toStrictEqual({ ...MINIMAL_REQUEST, ...exported });
  });

  it.each([
    { psk_metadata: undefined, why: 'nothing is said of it' },
    { psk_metadata: {}, why: 'it was never set' },
  ])('has no key where $why', ({ psk_metadata }) => {
    expect(exportedTunnel({ ...FULL_TUNNEL, psk_metadata }).hasKey).toBe(false);
  });
});

it('an export has all fields of a request but the key, and no others', () => {
  type Request = CreateIpsecTunnelRequest;
  expectTypeOf<keyof ExportedRequest | 'psk'>().toEqualTypeOf<keyof Request>();
  expectTypeOf<keyof Group<ExportedRequest, 'health_check'>>().toEqualTypeOf<keyof Group<Request, 'health_check'>>();
  expectTypeOf<keyof Group<ExportedRequest, 'bgp'>>().toEqualTypeOf<keyof Group<Request, 'bgp'>>();
});

type Group<Type, Key extends keyof Type> = NonNullable<Type[Key]>;

describe('a tunnel to create', () => {
  it('has no ID, and its key is not in it', () => {
    const tunnel = tunnelToCreate(FULL_REQUEST);
    expect(tunnel).toStrictEqual({ request: EXPORTED_REQUEST, hasKey: true });
    expect(JSON.stringify(tunnel)).not.toContain(KEY);
  });

  it('is exported as the form stands: BGP that lacks its ASN stays, as does an ASN that is no number', () => {
    expect(tunnelToCreate({ bgp: {} })).toStrictEqual({ request: { bgp: {} }, hasKey: false });
    expect(tunnelToCreate({ bgp: { customer_asn: 'AS65001' } }).request).toEqual({ bgp: { customer_asn: 'AS65001' } });
  });
});

describe('JSON', () => {
  it('is one request, or a list of them', () => {
    const tunnel = exportedTunnel(FULL_TUNNEL);
    expect(JSON.parse(toJson(tunnel))).toStrictEqual(EXPORTED_REQUEST);
    expect(JSON.parse(toJson([tunnel, tunnel]))).toStrictEqual([EXPORTED_REQUEST, EXPORTED_REQUEST]);
    expect(toJson(tunnel)).toMatch(/^\{\n {2}"name": [\s\S]*\}\n$/);
  });

  it('shows what nobody would see as codes, and means the same', () => {
    const description = 'a\u202eb\u007fc\u{e0001}d\n';
    const text = toJson(tunnelToCreate({ description }));
    expect(text).toContain(String.raw`"a\u202eb\u007fc\udb40\udc01d\n"`);
    expect(JSON.parse(text)).toEqual({ description });
  });
});
