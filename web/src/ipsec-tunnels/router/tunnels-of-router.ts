// Which tunnels lead to one router.

import { parseCidr } from '@tunnel-desk/shared/ip/cidr';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

/** The others that may lead to the same router: those with its customer endpoint, and the one that is kept as its pair. */
export function possiblePartners(
  tunnel: IpsecTunnel,
  all: readonly IpsecTunnel[],
  pairedWith: string | undefined,
): IpsecTunnel[] {
  const { id, customer_endpoint: endpoint } = tunnel;
  return all.filter(
    (other) => other.id !== id && (other.id === pairedWith || (endpoint && other.customer_endpoint === endpoint)),
  );
}

/** The tunnels of one router in the order of their interface addresses, so that its files are the same from either's page. */
export function inOrder(tunnels: readonly IpsecTunnel[]): IpsecTunnel[] {
  return tunnels.toSorted((a, b) => {
    const [first, second] = [addressOf(a), addressOf(b)];
    if (first !== second) return first < second ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
}

function addressOf({ interface_address }: IpsecTunnel): bigint {
  return parseCidr(interface_address)?.address.value ?? 0n;
}
