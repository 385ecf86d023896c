import { describe, expect, it } from 'vitest';
import { TUNNEL_FORM } from '../src/ipsec-tunnels/form/fields.ts';

const FIELDS: Readonly<Record<string, { isUnfinished?(text: string): boolean }>> = TUNNEL_FORM.fields;
const isUnfinished = (name: string, text: string) => FIELDS[name]?.isUnfinished?.(text) ?? false;

describe('isUnfinished', () => {
  it.each([
    ['interface_address', '1'],
    ['interface_address', '10.0.0'],
    ['interface_address', '10.0.0.'],
    ['interface_address', '10.0.0.5'],
    ['interface_address', '10.0.0.0/'],
    ['interface_address', '10.0.0.0/3'],
    ['interface_address6', '2001:db8::'],
    ['interface_address6', '2001:db8::2/12'],
    ['cloudflare_endpoint', '198.51'],
    ['customer_endpoint', '2001:db8:'],
    ['health_check/target', '10.'],
    ['bgp/extra_prefixes', '10.0.0.0/8, 10.1.'],
    ['bgp/customer_asn', 'AS'],
    ['custom_remote_identities/fqdn_id', 'branch-'],
  ] as const)('%s: %s may still become right', (name, text) => {
    expect(isUnfinished(name, text)).toBe(true);
  });

  it.each([
    ['interface_address', '10.0.0.0/2', 'no wanted length begins with 2'],
    ['interface_address', '10.0.0.0/24', 'a whole length that is wrong'],
    ['interface_address', '256', 'no octet begins so'],
    ['interface_address', '010.', 'a leading zero stays'],
    ['interface_address', '10..', 'an empty octet stays'],
    ['interface_address', '10.0.0.0.0', 'a fifth octet'],
    ['interface_address', 'router', 'not the beginning of an address'],
    ['interface_address', '10.0.0.0 255', 'a blank never comes right'],
    ['interface_address6', '2001:db8::1::', 'a second ::'],
    ['interface_address6', '2001:db8:::', ':::'],
    ['interface_address6', '12345:', 'a group of five'],
    ['interface_address6', '2001:db8::2/64', 'a whole length that is wrong'],
    ['bgp/customer_asn', 'AS6', 'the suggestion is there already'],
    ['bgp/md5_key', '"', 'no typing takes a character away'],
    ['name', ' ', 'a name is validated at once'],
  ] as const)('%s: %s is validated at once: %s', (name, text, _reason) => {
    expect(isUnfinished(name, text)).toBe(false);
  });
});
