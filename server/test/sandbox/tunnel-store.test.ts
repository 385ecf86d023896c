// One account's tunnels and their conflicts, without HTTP.

import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { describe, expect, it } from 'vitest';
import { TunnelStore } from '../../src/sandbox/tunnel-store.ts';
import { ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');
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
    const tunnel = new TunnelStore({ now: () => NOW }).create(SMALLEST_REQUEST);
    expect(tunnel).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      settings: {
        ...SMALLEST_REQUEST,
        replay_protection: false,
        automatic_return_routing: false,
        health_check: { enabled: true, rate: 'mid', type: 'reply', direction: 'bidirectional' },
      },
      createdOn: expect.stringMatching(/^2026-01-02T03:04:05\.\d{9}Z$/),
      modifiedOn: tunnel.createdOn,
      bgpSince: NOW,
    });
  });

  it('keeps what was said otherwise', () => {
    const { settings } = new TunnelStore().create({
      ...SMALLEST_REQUEST,
      replay_protection: true,
      health_check: { enabled: false, rate: 'low' },
    });
    expect(settings.replay_protection).toBe(true);
    expect(settings.health_check).toMatchObject({ enabled: false, rate: 'low', type: 'reply' });
  });

  it('remembers that it has a pre-shared key, and not the key', () => {
    const store = storeWith({ ...SMALLEST_REQUEST, psk: PSK });
    expect(store.list()).toMatchObject([{ keySetOn: expect.any(String) }]);
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

describe('an update', () => {
  const KEY = { psk: PSK };
  const BEFORE: CreateIpsecTunnelRequest = {
    ...SMALLEST_REQUEST,
    ...KEY,
    description: 'The branch in the north',
    customer_endpoint: '203.0.113.7',
    health_check: { enabled: false, rate: 'low', type: 'request', direction: 'unidirectional' },
    custom_remote_identities: { fqdn_id: FQDN_ID },
    bgp: { customer_asn: 65001, md5_key: 'md5' },
  };

  function updated(updates: 'replace' | 'merge', request: CreateIpsecTunnelRequest) {
    const store = new TunnelStore({ updates });
    const before = store.create(BEFORE);
    return { store, before, after: store.update(before, request) };
  }

  it('resets every optional field that it leaves out', () => {
    const { store, before, after } = updated('replace', { ...SMALLEST_REQUEST, name: 'branch-2' });
    expect(after.settings).toEqual(new TunnelStore().create({ ...SMALLEST_REQUEST, name: 'branch-2' }).settings);
    expect([after.id, after.createdOn]).toEqual([before.id, before.createdOn]);
    expect(store.list()).toEqual([after]);
  });

  it('keeps them where it merges, also in groups that it changes', () => {
    const { after } = updated('merge', {
      ...SMALLEST_REQUEST,
      health_check: { rate: 'high' },
      bgp: { customer_asn: 65002 },
    });
    const { psk: _, ...kept } = BEFORE;
    expect(after.settings).toMatchObject({
      ...kept,
      health_check: { ...BEFORE.health_check, rate: 'high' },
      bgp: { customer_asn: 65002, md5_key: 'md5' },
    });
  });

  it.each(['replace', 'merge'] as const)('leaves the key alone unless it has one (%s)', (updates) => {
    const { store, before, after } = updated(updates, SMALLEST_REQUEST);
    expect(after.keySetOn).toBe(before.keySetOn);
    const rekeyed = store.update(after, { ...SMALLEST_REQUEST, ...KEY });
    expect(rekeyed.keySetOn).toBe(rekeyed.modifiedOn);
    expect(rekeyed.keySetOn).not.toBe(after.keySetOn);
  });

  it('changes modified_on, each time and even within one millisecond', () => {
    const store = new TunnelStore({ now: () => NOW });
    const tunnel = store.create(SMALLEST_REQUEST);
    const dates = Array.from({ length: 50 }, () => store.update(tunnel, SMALLEST_REQUEST).modifiedOn);
    expect(new Set([tunnel.modifiedOn, ...dates]).size).toBe(51);
    expect(dates.toSorted()).toEqual(dates);
  });

  it('conflicts with the other tunnels, and not with what the tunnel itself had', () => {
    const store = storeWith(BEFORE, anotherTunnel({}));
    const [tunnel, other] = store.list();
    if (tunnel === undefined || other === undefined) throw new Error('there are not two tunnels');
    expect(store.conflictsWith(tunnel.settings, tunnel)).toEqual([]);
    expect(store.conflictsWith(other.settings, tunnel).map(({ path }) => path[0])).toEqual([
      'name',
      'interface_address',
    ]);
  });

  it('that only previews changes nothing', () => {
    const store = storeWith(BEFORE);
    const [tunnel] = store.list();
    if (tunnel === undefined) throw new Error('there is no tunnel');
    store.preview(tunnel, anotherTunnel({ psk: PSK }));
    expect(store.list()).toEqual([tunnel]);
  });
});

describe('what a tunnel had is free for another one', () => {
  it.each([
    [
      'once it is changed',
      (store: TunnelStore) => store.list().map((tunnel) => store.update(tunnel, anotherTunnel({}))),
    ],
    ['once it is deleted', (store: TunnelStore) => store.list().map((tunnel) => store.delete(tunnel))],
  ])('%s', (_when, change) => {
    const store = storeWith(SMALLEST_REQUEST);
    change(store);
    expect(store.conflictsWith(SMALLEST_REQUEST)).toEqual([]);
  });
});

it('a neighbour’s name and interface subnet are taken too', () => {
  const store = new TunnelStore({ neighbours: [{ name: 'gre-1', interface_address: '10.0.0.1/31' }] });
  const paths = store.conflictsWith({ ...SMALLEST_REQUEST, name: 'gre-1' }).map(({ path }) => path[0]);
  expect(paths).toEqual(['name', 'interface_address']);
});
