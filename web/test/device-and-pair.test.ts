import { describe, expect, it } from 'vitest';
import { namesOf, toRequest } from '../src/forms/fields.ts';
import { LiveValidation } from '../src/forms/live-validation.ts';
import { createAdvice } from '../src/ipsec-tunnels/form/advice.ts';
import * as deviceAndPair from '../src/ipsec-tunnels/form/device-and-pair.ts';
import { EMPTY_FORM, TUNNEL_FORM, type TunnelFormValues } from '../src/ipsec-tunnels/form/fields.ts';
import { tunnelRules } from '../src/ipsec-tunnels/form/rules.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';
const TAKEN = {
  id: '1',
  name: 'branch-2',
  cloudflare_endpoint: '203.0.113.1',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.0.0.8/31',
  custom_remote_identities: { fqdn_id: `ams-2.${ACCOUNT}.custom.ipsec.cloudflare.com` },
};
const PAIR: TunnelFormValues = {
  ...EMPTY_FORM,
  name: 'ams',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.88.99.20',
  interface_address: '10.0.0.0/31',
  isPair: true,
  'pair/second_endpoint': '203.0.113.1',
  'pair/second_interface_address': '10.0.0.2/31',
};

function validating(values: Partial<TunnelFormValues>, { isLoaded } = { isLoaded: true }) {
  const rules = tunnelRules({
    accountId: ACCOUNT,
    rules: { interfaceAddressRules: 'reference' },
    advice: createAdvice({ interfaceAddressRules: 'reference', cloudflareEndpoints: [], otherTunnels: [TAKEN] }),
    deviceAndPair: isLoaded ? deviceAndPair : undefined,
  });
  const request = toRequest(TUNNEL_FORM, { ...PAIR, ...values }, { accountId: ACCOUNT });
  const validation = new LiveValidation(namesOf(TUNNEL_FORM.fields), rules, request);
  const messagesOn = (field: string) => {
    const { issues, advisories } = validation.stateOf(field);
    return [...issues, ...advisories].map(({ message }) => message);
  };
  return { rules, validation, request, messagesOn };
}

describe('a form that makes a pair', () => {
  it('is two requests once both are right', () => {
    const { rules, request, validation } = validating({});
    expect(validation.issues).toEqual([]);
    expect(rules.parseAll(request)?.map(({ name }) => name)).toEqual(['ams-1', 'ams-2']);
  });

  it('is none while either is wrong, or both cannot be', () => {
    for (const values of [
      { name: '' },
      { 'pair/second_interface_address': '' },
      { 'pair/second_interface_address': '10.0.0.1/31' },
      { 'pair/second_suffix': ' -1 ' },
      { 'pair/second_endpoint': '198.51.100' },
    ]) {
      const { rules, request, validation } = validating(values);
      expect(validation.issues, JSON.stringify(values)).not.toEqual([]);
      expect(rules.parseAll(request), JSON.stringify(values)).toBeUndefined();
      expect(rules.parse(request)).toBeUndefined();
    }
  });

  it('is none before the rules of a pair are loaded, and says so', () => {
    const { rules, request, messagesOn } = validating({}, { isLoaded: false });
    expect(rules.parse(request)).toBeUndefined();
    expect(messagesOn('isPair')).toEqual(["what a pair needs can't be loaded just now"]);
  });

  it('is one request while the pair is off, whatever was entered for it', () => {
    const { rules, request, validation } = validating({ isPair: false, 'pair/second_endpoint': 'x' });
    expect(validation.issues).toEqual([]);
    expect(rules.requestsOf(request)).toEqual([rules.parse(request)]);
    expect(rules.parse(request)?.name).toBe('ams');
  });

  it('holds its names against those of the account, each at its own field', () => {
    const { messagesOn } = validating({ name: 'branch' });
    expect(messagesOn('name')).toEqual([]);
    expect(messagesOn('pair/second_suffix')).toEqual([expect.stringContaining('already has a tunnel named branch-2')]);
  });

  it('says of the second only what it does not say of the first', () => {
    const { messagesOn, validation } = validating({ name: 'a b' });
    expect(messagesOn('name')).toEqual([expect.stringContaining('without spaces')]);
    expect(messagesOn('pair/second_suffix')).toEqual([]);
    // A fix would be the name with its suffix.
    expect(validation.stateOf('name').advisories[0]?.suggestion).toBeUndefined();
  });

  it('holds the second endpoints and the second identity against the account', () => {
    const { messagesOn } = validating({
      customer_endpoint: '192.88.99.10',
      'custom_remote_identities/fqdn_id': 'ams',
    });
    expect(messagesOn('pair/second_endpoint')).toEqual([expect.stringContaining('has the same pair of endpoints')]);
    expect(messagesOn('pair/shares_identity')).toEqual([
      expect.stringContaining('branch-2 has this identity on the same Cloudflare endpoint'),
    ]);
  });

  it('asks for a second key of its own, and for none where both have one', () => {
    const own = { pskSource: 'own', psk: 'correct horse battery staple' } as const;
    expect(validating({ ...own }).messagesOn('pair/second_psk')).toEqual(['a pre-shared key cannot be empty']);
    const { rules, request } = validating({ ...own, 'pair/shares_key': true });
    expect(rules.parseAll(request)?.map(({ psk }) => psk)).toEqual([own.psk, own.psk]);
    const separate = validating({ ...own, 'pair/second_psk': 'correct horse battery stable' });
    expect(separate.rules.parseAll(separate.request)?.map(({ psk }) => psk)).toEqual([
      own.psk,
      'correct horse battery stable',
    ]);
  });
});

describe('a form that follows a guide', () => {
  it('is not warned of what its guide asks for', () => {
    const on = { replay_protection: true };
    expect(validating({ ...on }).messagesOn('replay_protection')).toHaveLength(1);
    expect(validating({ ...on, device: 'pfsense' }).messagesOn('replay_protection')).toEqual([]);
    expect(validating({ ...on, device: 'fortigate' }).messagesOn('replay_protection')).toHaveLength(1);
  });

  it('is told of interface addresses that do not suit the device, of both tunnels', () => {
    const { validation } = validating({ device: 'azure' });
    for (const field of ['interface_address', 'pair/second_interface_address']) {
      expect(validation.stateOf(field).advisories).toEqual([
        {
          path: field.split('/'),
          severity: 'risk',
          message: expect.stringMatching(/has 10\.0\.0\.[02] for Cloudflare/),
        },
      ]);
    }
  });

  it('never sends the device', () => {
    const { rules, request } = validating({ device: 'azure', isPair: false });
    expect(rules.requestsOf(request)[0]).not.toHaveProperty('device');
  });
});
