// A tunnel as the sandbox responds with it.

import { describe, expect, it } from 'vitest';
import { type Presentation, present } from '../../src/sandbox/present.ts';
import { TunnelStore } from '../../src/sandbox/tunnel-store.ts';
import { ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const FORM: Presentation = { accountId: ACCOUNT_ID, healthCheckTarget: 'string', now: NOW };
const newStore = () => new TunnelStore({ now: () => NOW });

it('has the identities its router can have, and says whether it has a key', () => {
  const tunnel = newStore().create(SMALLEST_REQUEST);
  const fqdnId = `${tunnel.id}.${ACCOUNT_ID}.ipsec.cloudflare.com`;
  expect(present(tunnel, FORM)).toMatchObject({
    remote_identities: {
      hex_id: Buffer.from(`${ACCOUNT_ID}_${tunnel.id}`).toString('hex'),
      fqdn_id: fqdnId,
      user_id: `ipsec@${fqdnId}`,
    },
    allow_null_cipher: false,
    created_on: tunnel.createdOn,
    modified_on: tunnel.modifiedOn,
  });
  expect(present(tunnel, FORM).psk_metadata).toEqual({});
  const keyed = newStore().create({ ...SMALLEST_REQUEST, psk: PSK });
  expect(present(keyed, FORM).psk_metadata).toEqual({ last_generated_on: keyed.createdOn });
});

describe('the health-check target is answered in the form asked for', () => {
  it.each([
    ['none', undefined, undefined, '', ''],
    ['none, so that the customer endpoint takes effect', undefined, '203.0.113.7', '', '203.0.113.7'],
    ['the string form', '203.0.113.9', '203.0.113.7', '203.0.113.9', '203.0.113.9'],
    ['the object form', { saved: '203.0.113.9' }, '203.0.113.7', '203.0.113.9', '203.0.113.9'],
  ])('when %s was given', (_given, target, customer_endpoint, saved, effective) => {
    const tunnel = newStore().create({ ...SMALLEST_REQUEST, customer_endpoint, health_check: { target } });
    expect(present(tunnel, FORM).health_check.target).toBe(saved);
    const object = present(tunnel, { ...FORM, healthCheckTarget: 'object' });
    expect(object.health_check.target).toEqual({ saved, effective });
  });
});

describe('the BGP session', () => {
  const BGP = { ...SMALLEST_REQUEST, bgp: { customer_asn: 65001 } };
  const statusAfter = (request: typeof BGP & { psk?: string }, ms: number) =>
    present(newStore().create(request), { ...FORM, now: NOW + ms }).bgp_status;

  it.each([
    ['is down at first', 9_999, 'BGP_DOWN', false, '2026-01-02T03:04:05.000Z'],
    ['comes up after a while', 10_000, 'BGP_ESTABLISHING', true, '2026-01-02T03:04:15.000Z'],
    ['is up then', 30_000, 'BGP_UP', true, '2026-01-02T03:04:35.000Z'],
    ['stays up', 3_000_000, 'BGP_UP', true, '2026-01-02T03:04:35.000Z'],
  ])('%s', (_what, age, state, tcp_established, updated_at) => {
    expect(statusAfter({ ...BGP, psk: PSK }, age)).toMatchObject({
      state,
      tcp_established,
      updated_at,
      cf_speaker_ip: '10.0.0.0',
      customer_speaker_ip: '10.0.0.1',
    });
  });

  it('stays down without a key, and does not exist without BGP', () => {
    expect(statusAfter(BGP, 3_000_000)).toMatchObject({ state: 'BGP_DOWN', tcp_established: false });
    expect(present(newStore().create(SMALLEST_REQUEST), FORM)).not.toHaveProperty('bgp_status');
  });

  it.each([
    ['another key', { ...BGP, psk: PSK }, 'BGP_DOWN'],
    ['another ASN', { ...BGP, bgp: { customer_asn: 65002 } }, 'BGP_DOWN'],
    ['another interface address', { ...BGP, interface_address: '10.0.0.2/31' }, 'BGP_DOWN'],
    ['another description', { ...BGP, description: 'North' }, 'BGP_UP'],
  ])('begins anew with what it needs: %s', (_change, request, state) => {
    let now = NOW;
    const store = new TunnelStore({ now: () => now });
    const tunnel = store.create({ ...BGP, psk: PSK });
    now += 60_000;
    expect(present(store.update(tunnel, request), { ...FORM, now }).bgp_status?.state).toBe(state);
  });

  it('begins anew with a generated key', () => {
    let now = NOW;
    const store = new TunnelStore({ now: () => now });
    const tunnel = store.create(BGP);
    now += 60_000;
    expect(present(store.setKey(tunnel), { ...FORM, now: now + 30_000 }).bgp_status?.state).toBe('BGP_UP');
    expect(present(store.setKey(tunnel), { ...FORM, now }).bgp_status?.state).toBe('BGP_DOWN');
  });
});
