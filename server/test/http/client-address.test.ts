import { expect, it } from 'vitest';
import { clientOf, proxyMatcher } from '../../src/http/client-address.ts';

it.each([
  ['192.0.2.1', '192.0.2.1', 'an IPv4 address'],
  ['::ffff:192.0.2.1', '192.0.2.1', 'the same on a socket for both versions'],
  ['2001:db8:1:2:3:4:5:6', '20010db800010002/64', 'a /64 of IPv6'],
  ['2001:db8:1:2:ffff::', '20010db800010002/64', 'another address of it'],
  ['fe80::1%eth0', 'fe80000000000000/64', 'with a zone'],
  ['', '', 'a connection that is gone already'],
])('%j is the client %j: %s', (address, client) => {
  expect(clientOf(address)).toBe(client);
});

it.each([
  ['loopback', ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'], ['128.0.0.1', '::2']],
  ['10.0.0.5', ['10.0.0.5', '::ffff:10.0.0.5'], ['10.0.0.6', '']],
  ['10.0.0.0/24', ['10.0.0.255'], ['10.0.1.0', 'fe80::1%eth0']],
  ['2001:db8::/32', ['2001:db8::1'], ['2001:db9::1', '10.0.0.1']],
])('TRUST_PROXY=%s names %j, not %j', (entry, proxies, others) => {
  const isProxy = proxyMatcher(['192.0.2.77', entry]);
  expect(proxies.filter(isProxy)).toEqual(proxies);
  expect(others.filter(isProxy)).toEqual([]);
});
