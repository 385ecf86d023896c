// Clients by the address a connection comes from.

import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { parseIp } from '@tunnel-desk/shared/ip/address';

/** Whether an address is one of the proxies in front, as `TRUST_PROXY` lists them. */
export function proxyMatcher(trustedProxies: readonly string[]): (address: string | undefined) => boolean {
  const proxies = new BlockList();
  for (const entry of trustedProxies.flatMap((text) => (text === 'loopback' ? ['127.0.0.0/8', '::1'] : [text]))) {
    const [address = '', prefixLength] = entry.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefixLength === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(prefixLength), family);
  }
  // An IPv4 rule also matches the address written as an IPv6 one, as it is on a socket that takes both.
  return (address = '') =>
    isIPv4(address) ? proxies.check(address) : isIPv6(address) && proxies.check(address, 'ipv6');
}

/** What counts as one client: an IPv4 address, or the /64 of an IPv6 one, of which a single host may have every address. */
export function clientOf(address = ''): string {
  const written = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const ip = isIPv4(written) ? undefined : parseIp(written);
  return ip === undefined ? written : `${(ip.value >> 64n).toString(16)}/64`;
}
