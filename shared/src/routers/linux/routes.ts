// Static routes into the tunnels.

import { formatIp, parseIpv4 } from '../../ip/address.ts';
import { contains, parseCidr } from '../../ip/cidr.ts';
import { isSpeakerOutside, tunnelsOfOneAsn } from '../bgp-tunnels.ts';
import type { RouterInput } from '../configuration.ts';
import { besideOwnDefault, leftOutOfRoutes, remoteNetworks } from '../remote-networks.ts';
import type { RouterTunnel } from '../router-tunnel.ts';

export interface StaticRoute {
  readonly prefix: string;
  /** More than one share the traffic (ECMP). */
  readonly through: readonly RouterTunnel[];
}

/** To the networks behind Cloudflare where there is no BGP, else to its BGP speakers that are beyond the tunnels' ends. */
export function staticRoutes({ tunnels, settings }: RouterInput): readonly StaticRoute[] {
  if (settings.routing === 'static')
    return besideOwnDefault(remoteNetworks(settings)).map((prefix) => ({ prefix, through: tunnels }));
  return tunnelsOfOneAsn(tunnels)
    .filter(isSpeakerOutside)
    .map((tunnel) => ({ prefix: `${tunnel.bgp.peer}/32`, through: [tunnel] }));
}

/** Cloudflare's endpoints that those routes would lead into the very tunnels that they carry; no route is for IPv6. */
export function endpointsToPin(input: RouterInput): readonly string[] {
  const routed = staticRoutes(input).flatMap(({ prefix }) => parseCidr(prefix) ?? []);
  const endpoints = input.tunnels.flatMap(({ cloudflareEndpoint }) => parseIpv4(cloudflareEndpoint) ?? []);
  const covered = endpoints.filter((endpoint) => routed.some((prefix) => contains(prefix, endpoint)));
  return [...new Set(covered.map(formatIp))];
}

/** What the static routes lack, each a sentence. */
export function leftOutOfStatic(input: RouterInput): readonly string[] {
  const { tunnels, settings } = input;
  return [
    ...leftOutOfRoutes(settings),
    ...(settings.remotePrefixes.length > 0 && tunnels.length > 1
      ? ['Fail-over between the tunnels: static routes stay while a tunnel is down, and only BGP notices that.']
      : []),
    ...(settings.uplink === undefined && endpointsToPin(input).length > 0
      ? ["The route that keeps Cloudflare's endpoint outside the tunnels: it needs the name of the uplink."]
      : []),
  ];
}
