import { expect, it } from 'vitest';
import { withSuggestion } from '../src/ipsec-tunnels/create/suggestions.ts';
import { EMPTY_FORM } from '../src/ipsec-tunnels/create/tunnel-form.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';

it('puts a suggestion for a plain field there as it is', () => {
  const suggestion = { path: ['interface_address'], suggestion: '10.0.0.0/31' };
  expect(withSuggestion(EMPTY_FORM, 'interface_address', suggestion)).toBe('10.0.0.0/31');
});

it('puts only the label of a suggested identity into its field', () => {
  const values = { ...EMPTY_FORM, account_id: ACCOUNT };
  const suggestion = {
    path: ['custom_remote_identities', 'fqdn_id'],
    suggestion: `ams.${ACCOUNT}.custom.ipsec.cloudflare.com`,
  };
  expect(withSuggestion(values, 'custom_remote_identities.fqdn_id', suggestion)).toBe('ams');
});

it('replaces the one prefix that is wrong and keeps the list as it was typed', () => {
  const values = { ...EMPTY_FORM, bgp: { ...EMPTY_FORM.bgp, extra_prefixes: '10.0.0.1/8, 10.0.0.1/8\n 10.2.0.0/16' } };
  const suggestion = { path: ['bgp', 'extra_prefixes', 1], suggestion: '10.0.0.0/8' };
  expect(withSuggestion(values, 'bgp.extra_prefixes', suggestion)).toBe('10.0.0.1/8, 10.0.0.0/8\n 10.2.0.0/16');
});
