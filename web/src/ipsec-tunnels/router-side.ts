import { formatIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';

/** The router's side of an interface address, with the same prefix length; `undefined` where it has none. */
export function routerSide(interfaceAddress: string | undefined): string | undefined {
  const link = interfaceAddress === undefined ? undefined : parseCidr(interfaceAddress);
  const router = link && peerAddress(link);
  return link && router && `${formatIp(router)}/${link.prefixLength}`;
}
