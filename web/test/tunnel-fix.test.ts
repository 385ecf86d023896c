import { expect, it } from 'vitest';
import { fieldToFill, withFix } from '../src/ipsec-tunnels/edit/tunnel-fix.ts';
import { EMPTY_FORM } from '../src/ipsec-tunnels/form/fields.ts';

it.each([
  ['customer_endpoint', 'only a person knows the address'],
  ['interface_address', 'the same inside the tunnel'],
  ['custom_remote_identities/fqdn_id', 'a new label is for a person to choose'],
  ['bgp/customer_asn', 'the router has the right number'],
] as const)('an empty %s keeps what is there, and asks for another: %s', (field, _why) => {
  const values = { ...EMPTY_FORM, [field]: 'as it is' };
  expect(withFix(values, { [field]: '' })[field]).toBe('as it is');
  expect(fieldToFill({ [field]: '' })).toBe(field);
});

it('puts values in, and asks for none of them', () => {
  const fix = {
    'health_check/direction': 'bidirectional',
    'health_check/enabled': true,
    customer_endpoint: '192.0.2.1',
  };
  expect(withFix({ ...EMPTY_FORM, 'health_check/enabled': false }, fix)).toMatchObject(fix);
  expect(fieldToFill(fix)).toBeUndefined();
});
