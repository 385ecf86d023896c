// Tunnels as exports meet them, their texts as hostile as an API lets them be.

import fc from 'fast-check';
import { type IpsecTunnel, ipsecTunnelSchema } from '../../../src/ipsec-tunnels/tunnel.ts';
import { ACCOUNT_ID, FULL_REQUEST } from '../validating.ts';

export const KEY = FULL_REQUEST.psk;
const { psk: _, ...withoutKey } = FULL_REQUEST;

/** Every field of a create request but the key, as an export has it. */
export const EXPORTED_REQUEST = withoutKey;

/** A tunnel with every field, some that are not known here, and a key. */
export const FULL_TUNNEL: IpsecTunnel = ipsecTunnelSchema.parse({
  ...withoutKey,
  id: 'cccccccccccccccccccccccccccccccc',
  health_check: { ...withoutKey.health_check, target: { saved: '10.0.0.1', effective: '10.0.0.9' }, jitter: 3 },
  psk_metadata: { last_generated_on: '2026-11-25T10:00:00.123456789Z' },
  created_on: '2026-11-25T10:00:00Z',
  modified_on: '2026-11-25T10:00:00Z',
  allow_null_cipher: false,
  remote_identities: { hex_id: 'aa', fqdn_id: 'a.ipsec.cloudflare.com', user_id: 'ipsec@a.ipsec.cloudflare.com' },
  bgp_status: { state: 'BGP_UP' },
  colour: { of: ['a', 'later', 'version'] },
});

/** Texts that mean something to a shell, to HCL, to CSV or to a spreadsheet, or that nobody sees. */
const dangerous = fc.constantFrom(
  ...["'", '"', '\\', '`', '$', '${', '$${', '%{', '%%{', '{{', '}', '$(id)', '!', '\n', '\r\n', '\t', ',', ';', ' '],
  ...['=1+1', '+', '-', '@SUM(A1)', "'=", '#', '<<EOT\n', '*/', '\0', '\u001b[31m', '\u007f', '\u202e', '\u200b'],
  ...['\u2028', '\ufeff', 'é', 'e\u0301', '🎉', '\u{e0001}', '＝', '\ud800', 'psk', '"psk": "', 'EOF'],
);
export const hostileText = fc
  .array(fc.oneof({ weight: 3, arbitrary: dangerous }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''))
  .filter((text) => text !== '');

/** Every character that Cloudflare accepts in one (domain rules), in any order. */
export const md5Key = fc.string({ unit: fc.constantFrom(...md5Characters()), minLength: 1, maxLength: 100 });

export function md5Characters(): string[] {
  const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
  return printable.filter((character) => character !== '"' && character !== '?');
}

const identifier = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
const ipv4 = fc.ipV4();
const prefix = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.${a}.${b}.0/24`);

/** A request without a key, every optional field now there and now not. */
export const exportedRequest = fc
  .record(
    {
      name: hostileText,
      description: hostileText,
      cloudflare_endpoint: ipv4,
      customer_endpoint: ipv4,
      interface_address: ipv4.map((address) => `${address}/31`),
      interface_address6: fc.ipV6().map((address) => `${address}/127`),
      replay_protection: fc.boolean(),
      automatic_return_routing: fc.boolean(),
      custom_remote_identities: fc.record({ fqdn_id: hostileText }),
      health_check: fc.record(
        {
          enabled: fc.boolean(),
          rate: fc.constantFrom('low', 'mid', 'high', 'later-word'),
          type: fc.constantFrom('reply', 'request'),
          direction: fc.constantFrom('unidirectional', 'bidirectional'),
          target: ipv4,
        },
        { requiredKeys: ['enabled'] },
      ),
      bgp: fc.record(
        {
          customer_asn: fc.nat(4_294_967_295),
          md5_key: md5Key,
          extra_prefixes: fc.array(prefix, { minLength: 1, maxLength: 4 }),
          import_filter_id: identifier,
          export_filter_id: identifier,
        },
        { requiredKeys: ['customer_asn'] },
      ),
    },
    { requiredKeys: ['name', 'cloudflare_endpoint', 'interface_address'], noNullPrototype: true },
  )
  .map((request) => structuredClone(request));

/** The tunnel that such a request made. */
export function tunnelOf(request: object, id = 'dddddddddddddddddddddddddddddddd'): IpsecTunnel {
  return ipsecTunnelSchema.parse({ ...request, id, psk_metadata: { last_generated_on: '2026-11-25T10:00:00Z' } });
}

export { ACCOUNT_ID };
