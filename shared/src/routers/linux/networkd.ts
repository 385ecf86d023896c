// The same interfaces and routes for a router whose network is set up by systemd-networkd.

import type { RouterInput } from '../configuration.ts';
import type { RouterTunnel } from '../router-tunnel.ts';
import { interfaceName } from './names.ts';
import { staticRoutes } from './routes.ts';

/** Sorted before what matches every interface, which would take it and flush its addresses. */
export function networkdName(tunnel: RouterTunnel, ending: 'netdev' | 'network'): string {
  return `10-${interfaceName(tunnel)}.${ending}`;
}

export function netdevUnit(tunnel: RouterTunnel): string {
  return `[NetDev]
Name=${interfaceName(tunnel)}
Kind=xfrm

[Xfrm]
InterfaceId=${tunnel.number}
# So that the unit of the uplink need not name it.
Independent=yes
`;
}

/** Routes with a next hop in each tunnel are in the first one's. */
export function networkUnit(input: RouterInput, tunnel: RouterTunnel): string {
  const routes = staticRoutes(input).filter(({ through }) => through[0] === tunnel);
  return `[Match]
Name=${interfaceName(tunnel)}

[Link]
RequiredForOnline=no

[Network]
Address=${tunnel.routerAddress}/${tunnel.prefixLength}
LinkLocalAddressing=no
IPv6AcceptRA=no
ConfigureWithoutCarrier=yes
${routes.map(({ prefix, through }) => `\n[Route]\nDestination=${prefix}\n${nextHops(through)}`).join('')}`;
}

function nextHops(tunnels: readonly RouterTunnel[]): string {
  const [first, ...others] = tunnels;
  if (first !== undefined && others.length === 0) return `Gateway=${first.cloudflareAddress}\n`;
  return tunnels.map((tunnel) => `MultiPathRoute=${tunnel.cloudflareAddress}@${interfaceName(tunnel)}\n`).join('');
}
