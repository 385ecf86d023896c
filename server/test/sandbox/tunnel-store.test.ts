import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { describe, expect, it } from 'vitest';
import { present, TunnelStore } from '../../src/sandbox/tunnel-store.ts';
import { ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';

const FQDN_ID = `branch.${ACCOUNT_ID}.custom.ipsec.cloudflare.com`;

/** Another tunnel, which clashes with nothing unless told to. */
function anotherTunnel(fields: Partial<CreateIpsecTunnelRequest>): CreateIpsecTunnelRequest {
  return { name: 'branch-2', cloudflare_endpoint: '198.51.100.2', interface_address: '10.0.0.2/31', ...fields };
}

function storeWith(...requests: CreateIpsecTunnelRequest[]): TunnelStore {
  const store = new TunnelStore();
  for (const request of requests) store.create(request);
  return store;
}

describe('a new tunnel', () => {
  it('gets an ID of 32 hexadecimal characters, its dates, and Cloudflare’s defaults', () => {
    const tunnel = new TunnelStore().create(SMALLEST_REQUEST);
    expect(tunnel).toEqual({
      ...SMALLEST_REQUEST,
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      replay_protection: false,
      automatic_return_routing: false,
      health_check: { enabled: true, rate: 'mid', type: 'reply', direction: 'bidirectional' },
      created_on: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      modified_on: tunnel.created_on,
    });
  });

  it('keeps what was said otherwise', () => {
    const tunnel = new TunnelStore().create({
      ...SMALLEST_REQUEST,
      replay_protection: true,
      health_check: { enabled: false, rate: 'low' },
    });
    expect(tunnel.replay_protection).toBe(true);
    expect(tunnel.health_check).toMatchObject({ enabled: false, rate: 'low', type: 'reply' });
  });

  it('remembers that it has a pre-shared key, and not the key', () => {
    const store = storeWith({ ...SMALLEST_REQUEST, psk: PSK });
    expect(store.list()).toMatchObject([{ psk_metadata: { last_generated_on: expect.any(String) } }]);
    expect(JSON.stringify(store.list())).not.toContain(PSK);
  });

  it('is found by its ID, and in the order of arrival', () => {
    const store = new TunnelStore();
    const tunnels = [store.create(SMALLEST_REQUEST), store.create(anotherTunnel({}))];
    expect(store.list()).toEqual(tunnels);
    expect(tunnels.map(({ id }) => store.get(id))).toEqual(tunnels);
    expect(store.get('0'.repeat(32))).toBeUndefined();
  });
});

describe('a request clashes with another tunnel', () => {
  const EXISTING: CreateIpsecTunnelRequest = {
    ...SMALLEST_REQUEST,
    interface_address6: '2001:db8::2/127',
    custom_remote_identities: { fqdn_id: FQDN_ID },
  };
  const sameIdentity = { custom_remote_identities: { fqdn_id: FQDN_ID } };

  it.each([
    ['the same name', { name: 'branch-1' }, '/name'],
    ['the other side of its /31', { interface_address: '10.0.0.1/31' }, '/interface_address'],
    ['a /30 around its /31', { interface_address: '10.0.0.2/30' }, '/interface_address'],
    ['the same /127', { interface_address6: '2001:db8::2/127' }, '/interface_address6'],
    ['the same /127 in another spelling', { interface_address6: '2001:DB8:0::2/127' }, '/interface_address6'],
    [
      'the same identity at the same endpoint',
      { ...sameIdentity, cloudflare_endpoint: '198.51.100.1' },
      '/custom_remote_identities/fqdn_id',
    ],
  ])('by %s', (_reason, fields, pointer) => {
    const problems = storeWith(EXISTING).conflictsWith(anotherTunnel(fields));
    expect(problems.map(({ path }) => `/${path.join('/')}`)).toEqual([pointer]);
    expect(problems[0]?.message).toContain('branch-1');
  });

  it.each([
    ['another case of its name', { name: 'Branch-1' }],
    ['the /31 beside it', { interface_address: '10.0.0.2/31' }],
    ['the /127 beside it', { interface_address6: '2001:db8::4/127' }],
    ['the same identity at another endpoint', sameIdentity],
    ['the same endpoint with another identity', { cloudflare_endpoint: '198.51.100.1' }],
  ])('but not by %s', (_reason, fields) => {
    expect(storeWith(EXISTING).conflictsWith(anotherTunnel(fields))).toEqual([]);
  });

  it('in every way at once, tunnel by tunnel', () => {
    const store = storeWith(EXISTING, anotherTunnel({}));
    const paths = store.conflictsWith({ ...EXISTING, interface_address: '10.0.0.2/31' }).map(({ path }) => path[0]);
    expect(paths).toEqual(['name', 'interface_address6', 'custom_remote_identities', 'interface_address']);
  });
});

describe('the health-check target is answered in the form asked for', () => {
  it.each([
    ['none', undefined, undefined, '', ''],
    ['none, so that the customer endpoint takes effect', undefined, '203.0.113.7', '', '203.0.113.7'],
    ['the string form', '203.0.113.9', '203.0.113.7', '203.0.113.9', '203.0.113.9'],
    ['the object form', { saved: '203.0.113.9' }, '203.0.113.7', '203.0.113.9', '203.0.113.9'],
  ])('when %s was given', (_given, target, customer_endpoint, saved, effective) => {
    const tunnel = new TunnelStore().create({ ...SMALLEST_REQUEST, customer_endpoint, health_check: { target } });
    expect(present(tunnel, 'string').health_check.target).toBe(saved);
    expect(present(tunnel, 'object').health_check.target).toEqual({ saved, effective });
  });
});
