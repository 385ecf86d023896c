import { describe, expect, it } from 'vitest';
import { namesOf, toRequest } from '../src/forms/fields.ts';
import { LiveValidation } from '../src/forms/live-validation.ts';
import { createAdvice } from '../src/ipsec-tunnels/form/advice.ts';
import { EMPTY_FORM, TUNNEL_FORM, type TunnelFormValues } from '../src/ipsec-tunnels/form/fields.ts';
import { type TunnelRulesOptions, tunnelRules } from '../src/ipsec-tunnels/form/rules.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';
const NOTHING_KNOWN = { interfaceAddressRules: 'reference', cloudflareEndpoints: [], otherTunnels: [] } as const;
const OPTIONS: TunnelRulesOptions = {
  accountId: ACCOUNT,
  rules: { interfaceAddressRules: 'reference' },
  advice: createAdvice(NOTHING_KNOWN),
};
const VALID: TunnelFormValues = {
  ...EMPTY_FORM,
  name: 'ams',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
};

const request = (values: TunnelFormValues) => toRequest(TUNNEL_FORM, values, { accountId: ACCOUNT });

function validating(values: TunnelFormValues, options: Partial<TunnelRulesOptions> = {}) {
  const rules = tunnelRules({ ...OPTIONS, ...options });
  return { rules, validation: new LiveValidation(namesOf(TUNNEL_FORM.fields), rules, request(values)) };
}

describe('the rules of a tunnel', () => {
  it('have a request exactly while there is no issue', () => {
    const { rules, validation } = validating(VALID);
    expect(rules.parse(validation.request)).toEqual({
      name: 'ams',
      cloudflare_endpoint: '198.51.100.1',
      interface_address: '10.0.0.0/31',
      health_check: { direction: 'bidirectional' },
    });
    validation.change('name', request({ ...VALID, name: '' }));
    expect(rules.parse(validation.request)).toBeUndefined();
    expect(validation.stateOf('name').issues).toMatchObject([{ message: 'a name is required' }]);
  });

  it('ask for the account before anything can be sent', () => {
    const { rules, validation } = validating(VALID, { accountId: '' });
    expect(rules.parse(validation.request)).toBeUndefined();
  });

  it('say of every field what the whole request would be told', () => {
    const wrong: TunnelFormValues = {
      ...VALID,
      name: ' ',
      cloudflare_endpoint: '198.51.100',
      customer_endpoint: 'router',
      interface_address: '10.0.0.0/24',
      interface_address6: '2001:db8::3/127',
      pskSource: 'own',
      'custom_remote_identities/fqdn_id': '-',
      'health_check/target': 'x',
      bgpEnabled: true,
      'bgp/customer_asn': 'AS65001',
      'bgp/md5_key': '"',
      'bgp/extra_prefixes': '10.0.0.1/8, 10.1.0.0/16, x',
      'bgp/import_filter_id': 'x',
      'bgp/export_filter_id': 'x',
    };
    const { validation } = validating(wrong);
    expect(new Set(validation.issues.map(({ path }) => path.join('/')))).toEqual(
      new Set([
        ...['name', 'cloudflare_endpoint', 'customer_endpoint', 'interface_address', 'interface_address6', 'psk'],
        ...['custom_remote_identities/fqdn_id', 'health_check/target', 'bgp/customer_asn', 'bgp/md5_key'],
        ...['bgp/extra_prefixes/0', 'bgp/extra_prefixes/2', 'bgp/import_filter_id', 'bgp/export_filter_id'],
      ]),
    );
  });

  it('advise on the other tunnels as soon as they are known', () => {
    const { validation } = validating(VALID);
    const other = { id: '1', name: 'ams', cloudflare_endpoint: '198.51.100.1', interface_address: '10.9.0.0/31' };
    const advice = createAdvice({ ...NOTHING_KNOWN, otherTunnels: [other] });
    validation.setRules(tunnelRules({ ...OPTIONS, advice }), request(VALID));
    expect(validation.stateOf('name').advisories).toMatchObject([
      { severity: 'conflict', message: expect.stringContaining('already has a tunnel named ams') },
    ]);
  });

  it('validate without advice until it is loaded', () => {
    const { validation } = validating({ ...VALID, name: '' }, { advice: undefined });
    expect(validation.stateOf('name').issues).toHaveLength(1);
    expect(validation.stateOf('psk').advisories).toEqual([]);
    validation.setRules(tunnelRules(OPTIONS), request({ ...VALID, name: '' }));
    expect(validation.stateOf('psk').advisories).toHaveLength(1);
  });

  it('validate again what depends on a field that changed', () => {
    const { validation } = validating({ ...VALID, bgpEnabled: true, interface_address: '10.0.0.0/31' });
    expect(validation.stateOf('bgp/customer_asn').issues).toHaveLength(1);
    validation.change('bgpEnabled', request({ ...VALID, bgpEnabled: false }));
    expect(validation.issues).toEqual([]);
    const endpoints = { ...VALID, customer_endpoint: '198.51.100.2' };
    validation.change('customer_endpoint', request(endpoints));
    const before = validation.stateOf('customer_endpoint').advisories;
    validation.change('cloudflare_endpoint', request({ ...endpoints, cloudflare_endpoint: '198.51.100.2' }));
    expect(validation.stateOf('customer_endpoint').advisories).not.toEqual(before);
  });
});

describe('LiveValidation', () => {
  it('validates only what changed and what depends on it', () => {
    const rules = tunnelRules(OPTIONS);
    const validated: string[] = [];
    const validation = new LiveValidation(
      namesOf(TUNNEL_FORM.fields),
      {
        ...rules,
        findingsOn: (field, value) => {
          validated.push(field);
          return rules.findingsOn(field, value);
        },
      },
      request(VALID),
    );
    validated.length = 0;
    validation.change('bgp/md5_key', request(VALID));
    expect(validated).toEqual(['bgp/md5_key', 'interface_address']);
  });

  it('keeps the identity of a state that says the same, so that its field does not render', () => {
    const { validation } = validating({ ...VALID, interface_address: 'x' });
    const before = validation.stateOf('interface_address');
    validation.change(undefined, request({ ...VALID, interface_address: 'x', name: 'ams-2' }));
    expect(validation.stateOf('interface_address')).toBe(before);
    validation.change('interface_address', request({ ...VALID, interface_address: 'y', name: 'ams-2' }));
    expect(validation.stateOf('interface_address')).not.toBe(before);
  });

  it('counts changes, and tells its listeners until they unsubscribe', () => {
    const { validation } = validating(VALID);
    let calls = 0;
    const unsubscribe = validation.subscribe(() => {
      calls += 1;
    });
    validation.change('name', request({ ...VALID, name: 'b' }));
    expect([validation.version, calls]).toEqual([1, 1]);
    unsubscribe();
    validation.change('name', request(VALID));
    expect([validation.version, calls]).toEqual([2, 1]);
  });

  it("lets a server's issue lapse when its field changes, and only then", () => {
    const { validation } = validating(VALID);
    const taken = { field: 'name', message: 'taken' };
    validation.setServerIssues([taken]);
    validation.change('description', request({ ...VALID, description: 'x' }));
    expect(validation.stateOf('name').serverIssues).toEqual([taken]);
    expect(validation.serverIssues).toEqual([taken]);
    validation.change('name', request({ ...VALID, description: 'x', name: 'ams-2' }));
    expect(validation.stateOf('name').serverIssues).toEqual([]);
    expect(validation.serverIssues).toEqual([]);
  });
});
