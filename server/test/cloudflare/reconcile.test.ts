// Which tunnel of a list a create has made.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, it } from 'vitest';
import { isResponseTo, isSameRequest, traceOf } from '../../src/cloudflare/reconcile.ts';
import { SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';

const MINUTE_MS = 60_000;
/** Cloudflare's clock when the list was received, and this server's monotonic one. */
const SERVER_TIME = Date.parse('2026-01-02T05:00:00Z');
const RECEIVED_AT = 1_000_000;
const NOBODY = () => false;

/** A create that was sent so many milliseconds before the list was received. */
function trace(
  tunnels: readonly IpsecTunnel[],
  { request = SMALLEST_REQUEST, ageMs = MINUTE_MS, isClaimed = NOBODY as (id: string) => boolean } = {},
) {
  const list = { tunnels, serverTime: SERVER_TIME, receivedAt: RECEIVED_AT };
  return traceOf({ request, startedAt: RECEIVED_AT - ageMs }, list, isClaimed);
}

function tunnel(values: Partial<IpsecTunnel> = {}): IpsecTunnel {
  return { ...TUNNEL, created_on: '2026-01-02T04:59:30Z', ...values };
}

describe('is ours', () => {
  it.each<[string, object, Partial<IpsecTunnel>]>([
    ['the same values', {}, {}],
    ['a name that is stored trimmed', { name: ' branch-1 ' }, {}],
    ['an interface address without its prefix length', {}, { interface_address: '10.0.0.0' }],
    [
      'another spelling of an IPv6 address',
      { cloudflare_endpoint: '2001:DB8:0:0::1' },
      { cloudflare_endpoint: '2001:db8::1' },
    ],
    [
      'another spelling of an IPv6 interface address',
      { interface_address6: '2001:db8:0::2/127' },
      { interface_address6: '2001:db8::2/127' },
    ],
    ['an IPv6 interface address that Cloudflare chose', {}, { interface_address6: '2001:db8::2/127' }],
    ['an empty customer endpoint', {}, { customer_endpoint: '' }],
    ['the very second it was sent in', {}, { created_on: '2026-01-02T04:59:00Z' }],
    ['nine digits of a second', {}, { created_on: '2026-01-02T04:59:00.000000001Z' }],
  ])('%s', (_what, request, values) => {
    const made = tunnel(values);
    expect(trace([tunnel({ name: 'other' }), made], { request: { ...SMALLEST_REQUEST, ...request } })).toEqual({
      kind: 'found',
      tunnels: [made],
    });
  });
});

describe('is neither ours nor our absence', () => {
  it.each<[string, Partial<IpsecTunnel>, string]>([
    ['another interface address', { interface_address: '10.9.0.0/31' }, 'interface_address is 10.9.0.0/31'],
    ['the other side of the network', { interface_address: '10.0.0.1/31' }, 'interface_address is 10.0.0.1/31'],
    ['the other side without a prefix length', { interface_address: '10.0.0.1' }, 'interface_address is 10.0.0.1'],
    ['another prefix length', { interface_address: '10.0.0.0/30' }, 'interface_address is 10.0.0.0/30'],
    ['another endpoint', { cloudflare_endpoint: '198.51.100.2' }, 'cloudflare_endpoint is 198.51.100.2'],
    ['a customer endpoint', { customer_endpoint: '203.0.113.1' }, 'customer_endpoint is 203.0.113.1, not left out'],
    ['a date before it was sent', { created_on: '2026-01-02T04:58:58Z' }, 'before this create was sent'],
    ['a date that cannot be read', { created_on: 'yesterday' }, 'when it was created cannot be told'],
  ])('%s', (_what, values, found) => {
    expect(trace([tunnel(values)])).toEqual({ kind: 'other', found: expect.stringContaining(found) });
  });

  it('one of our name and values in a response without a date', () => {
    const list = { tunnels: [tunnel()], serverTime: undefined, receivedAt: RECEIVED_AT };
    const { kind } = traceOf({ request: SMALLEST_REQUEST, startedAt: 0 }, list, NOBODY);
    expect(kind).toBe('other');
  });
});

describe('is absent', () => {
  it.each([
    ['where nothing has the name', [tunnel({ name: 'Branch-1' })], NOBODY],
    ['where the one of the name is what another create made', [tunnel()], (id: string) => id === TUNNEL.id],
  ])('%s', (_what, tunnels, isClaimed) => {
    expect(trace(tunnels, { isClaimed })).toEqual({ kind: 'absent' });
  });
});

it.each([10, -10])('measures how far Cloudflare’s clock is off: %i minutes are no matter', (minutes) => {
  const offsetMs = minutes * MINUTE_MS;
  const at = (ms: number) => new Date(SERVER_TIME + offsetMs + ms).toISOString();
  const list = (created_on: string) => ({
    ...{ tunnels: [tunnel({ created_on })], serverTime: SERVER_TIME + offsetMs, receivedAt: RECEIVED_AT },
  });
  const sent = { request: SMALLEST_REQUEST, startedAt: RECEIVED_AT - MINUTE_MS };
  expect(traceOf(sent, list(at(-30_000)), NOBODY).kind).toBe('found');
  expect(traceOf(sent, list(at(-MINUTE_MS - 2000)), NOBODY).kind).toBe('other');
});

it.each<[string, Partial<IpsecTunnel>, boolean]>([
  ['as it was sent', {}, true],
  ['with what was not asked for', { customer_endpoint: '203.0.113.1' }, false],
  ['of another name', { name: 'branch-2' }, false],
  ['of other values', { interface_address: '10.9.0.0/31' }, false],
])('a success about a tunnel %s is proof: %j, %s', (_what, values, isProof) => {
  expect(isResponseTo(SMALLEST_REQUEST, tunnel(values))).toBe(isProof);
});

it('does not miss what a response leaves out', () => {
  expect(isResponseTo({ ...SMALLEST_REQUEST, customer_endpoint: '203.0.113.7' }, tunnel())).toBe(true);
});

it.each([
  [{ name: 'branch-1 ' }, true],
  [{ interface_address: '10.0.0.2/31' }, false],
  [{ customer_endpoint: '203.0.113.7' }, false],
])('knows creates of the same tunnel: %j, %s', (values, isSame) => {
  expect(isSameRequest(SMALLEST_REQUEST, { ...SMALLEST_REQUEST, ...values })).toBe(isSame);
});
