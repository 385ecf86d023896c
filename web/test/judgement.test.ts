import { describe, expect, it } from 'vitest';
import { JudgementStore } from '../src/ipsec-tunnels/create/judgement.ts';
import { EMPTY_FORM, type TunnelFormValues } from '../src/ipsec-tunnels/create/tunnel-form.ts';

const CONTEXT = { rules: { interfaceAddressRules: 'reference' }, cloudflareEndpoints: [], otherTunnels: [] } as const;
const VALID: TunnelFormValues = {
  ...EMPTY_FORM,
  account_id: '0123456789abcdef0123456789abcdef',
  name: 'ams',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
};

describe('JudgementStore', () => {
  it('has a request exactly while there is no problem', () => {
    const store = new JudgementStore(VALID, CONTEXT);
    expect(store.judgement.request).toEqual({
      name: 'ams',
      cloudflare_endpoint: '198.51.100.1',
      interface_address: '10.0.0.0/31',
    });
    store.setValues({ ...VALID, name: '' });
    expect(store.judgement.request).toBeUndefined();
    expect(store.verdictOn('name').problems).toMatchObject([{ message: 'a name is required' }]);
  });

  it('asks for the account before anything can be sent', () => {
    const store = new JudgementStore({ ...VALID, account_id: '' }, CONTEXT);
    expect(store.judgement.request).toBeUndefined();
    expect(store.verdictOn('account_id').problems).toHaveLength(1);
  });

  it('keeps the identity of a verdict that says the same, so that its field does not render', () => {
    const store = new JudgementStore({ ...VALID, interface_address: 'x' }, CONTEXT);
    const before = store.verdictOn('interface_address');
    store.setValues({ ...VALID, interface_address: 'x', name: 'ams-2' });
    expect(store.verdictOn('interface_address')).toBe(before);
    store.setValues({ ...VALID, interface_address: 'y', name: 'ams-2' });
    expect(store.verdictOn('interface_address')).not.toBe(before);
  });

  it('counts changes of values only, and tells its listeners', () => {
    const store = new JudgementStore(VALID, CONTEXT);
    let calls = 0;
    const unsubscribe = store.subscribe(() => {
      calls += 1;
    });
    store.setValues({ ...VALID });
    expect([store.version, calls]).toEqual([0, 0]);
    store.setValues({ ...VALID, name: 'b' });
    expect([store.version, calls]).toEqual([1, 1]);
    unsubscribe();
    store.setValues(VALID);
    expect([store.version, calls]).toEqual([2, 1]);
  });

  it("lets a server's refusal lapse when its field changes, and only then", () => {
    const store = new JudgementStore(VALID, CONTEXT);
    store.setRefusals([{ field: 'name', message: 'taken' }]);
    store.setValues({ ...VALID, description: 'x' });
    expect(store.verdictOn('name').refusals).toEqual(['taken']);
    store.setValues({ ...VALID, description: 'x', name: 'ams-2' });
    expect(store.verdictOn('name').refusals).toEqual([]);
  });

  it('advises on the other tunnels as soon as they are known', () => {
    const store = new JudgementStore(VALID, CONTEXT);
    const other = { id: '1', name: 'ams', cloudflare_endpoint: '198.51.100.1', interface_address: '10.9.0.0/31' };
    store.setContext({ ...CONTEXT, otherTunnels: [other] });
    expect(store.verdictOn('name').advisories.join()).toContain('already has a tunnel named ams');
  });
});
