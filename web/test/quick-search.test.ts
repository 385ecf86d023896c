import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { expect, test } from 'vitest';
import { inAccount } from '../src/app/paths.ts';
import { findTunnels } from '../src/ipsec-tunnels/quick-search.ts';

const tunnel = (name: string, some: Partial<IpsecTunnel> = {}): IpsecTunnel => ({
  id: `id-of-${name}`,
  name,
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  ...some,
});

const namesFound = (tunnels: readonly IpsecTunnel[], text: string) =>
  findTunnels(tunnels, text, 50).shown.map(({ name }) => name);

test('the tunnel that is called so comes first, then those that begin so, then the others', () => {
  const tunnels = [tunnel('old-ams', { description: 'ams' }), tunnel('ams-10'), tunnel('nyc'), tunnel('AMS')];
  expect(namesFound(tunnels, ' ams ')).toEqual(['AMS', 'ams-10', 'old-ams']);
});

const ADDRESSED = tunnel('addressed', {
  id: '0123456789abcdef0123456789abcdef',
  cloudflare_endpoint: '203.0.113.7',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.7.0.2/31',
  interface_address6: '2001:db8::2/127',
});

test.each([
  { text: '203.0.113.7', what: "Cloudflare's endpoint" },
  { text: '192.88.99', what: "the beginning of the customer's endpoint" },
  { text: '10.7.0.2/31', what: "Cloudflare's interface address" },
  { text: '10.7.0.3', what: "the router's interface address, which the list does not say" },
  { text: '2001:DB8::2', what: 'an IPv6 address in capitals' },
  { text: '2001:db8::3', what: "the router's IPv6 address" },
  { text: '89abcdef', what: 'the end of the ID' },
])('a tunnel is found by $what', ({ text }) => {
  const other = tunnel('other', { interface_address: '10.9.0.0/31' });
  expect(namesFound([other, ADDRESSED], text)).toEqual(['addressed']);
});

test('no more are shown than asked for, and how many more there are is said', () => {
  const tunnels = Array.from({ length: 10_000 }, (_, index) => tunnel(`branch-${index}`));
  const { shown, more } = findTunnels(tunnels, '', 50);
  expect([shown.length, more]).toEqual([50, 9950]);
  expect(findTunnels(tunnels, 'branch-9999', 50)).toMatchObject({ shown: [{ name: 'branch-9999' }], more: 0 });
});

test.each([
  { path: '/ipsec-tunnels/new', to: '/accounts/b/ipsec-tunnels/new' },
  { path: '/accounts/a/ipsec-tunnels/new', to: '/accounts/b/ipsec-tunnels/new' },
  { path: '/accounts/a/ipsec-tunnels', to: '/accounts/b/ipsec-tunnels' },
  { path: '/accounts/a/ipsec-tunnels/0123', to: '/accounts/b/ipsec-tunnels' },
  { path: '/accounts/a/ipsec-tunnels/0123/edit', to: '/accounts/b/ipsec-tunnels' },
  { path: '/activity', to: '/accounts/b/ipsec-tunnels' },
])('another account is shown from $path at $to', ({ path, to }) => {
  expect(inAccount(path, 'b')).toBe(to);
});
