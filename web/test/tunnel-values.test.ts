import { identitiesOf } from '@tunnel-desk/shared/ipsec-tunnels/identities';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, it } from 'vitest';
import { unknownFields } from '../src/ipsec-tunnels/detail/unknown-fields.ts';
import { ageInWords } from '../src/ui/age.tsx';

const TUNNEL: IpsecTunnel = {
  id: 'tunnel',
  name: 'branch-ams-1',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
};

describe('the IKE identities of a router', () => {
  it('are made of both IDs where the tunnel tells none, or only empty ones', () => {
    for (const remote_identities of [undefined, { fqdn_id: '', user_id: '', hex_id: '' }]) {
      expect(identitiesOf('account', { ...TUNNEL, remote_identities })).toEqual([
        { kind: 'fqdn', label: 'FQDN identity', value: 'tunnel.account.ipsec.cloudflare.com' },
        { kind: 'user_fqdn', label: 'User FQDN identity', value: 'ipsec@tunnel.account.ipsec.cloudflare.com' },
      ]);
    }
  });

  it('are those the tunnel tells', () => {
    const remote_identities = { fqdn_id: 'a.example', user_id: 'ipsec@a.example', hex_id: 'abc' };
    const custom_remote_identities = { fqdn_id: 'custom.example' };
    const values = identitiesOf('account', { ...TUNNEL, remote_identities, custom_remote_identities });
    expect(values.map(({ value }) => value)).toEqual(['a.example', 'ipsec@a.example', 'abc', 'custom.example']);
  });
});

describe('the fields that the page has no place for', () => {
  it('are none of a tunnel that it knows', () => {
    expect(unknownFields({ ...TUNNEL, health_check: { enabled: true } })).toBeUndefined();
  });

  it('are kept as they came, in a known group too', () => {
    const tunnel = { ...TUNNEL, new_one: null, health_check: { enabled: true, new_two: [1] } };
    expect(unknownFields(tunnel)).toEqual({ new_one: null, health_check: { new_two: [1] } });
  });
});

it.each([
  [59_000, 'less than a minute ago'],
  [150_000, '2 minutes ago'],
  [3_600_000, '1 hour ago'],
  [200_000_000, '2 days ago'],
])('says %i ms as %s', (milliseconds, words) => {
  expect(ageInWords(milliseconds)).toBe(words);
});
