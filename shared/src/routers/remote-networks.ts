// What a router that has static routes alone reaches through Cloudflare, and what its list has none of.

import { parseIp } from '../ip/address.ts';
import { contains, parseCidr } from '../ip/cidr.ts';
import type { RouterInput } from './configuration.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';

export const DEFAULT_ROUTE = '0.0.0.0/0';

/** The networks behind Cloudflare; none where BGP was chosen, which such a router is given no settings for. */
export function remoteNetworks({ routing, remotePrefixes }: RouterSettings): readonly string[] {
  return routing === 'static' ? remotePrefixes : [];
}

const HALVES_OF_EVERYTHING = ['0.0.0.0/1', '128.0.0.0/1'];

/** The same with the default route as its two halves: more specific than that of the uplink, which stays as it is. */
export function besideOwnDefault(networks: readonly string[]): readonly string[] {
  return [...new Set(networks.flatMap((network) => (network === DEFAULT_ROUTE ? HALVES_OF_EVERYTHING : [network])))];
}

/** Sentences about BGP and routes that the list has not, where that is so. */
export function missingRouting({ settings, tunnels }: RouterInput, reasonAgainstBgp: string): readonly string[] {
  const isBgpChosen = settings.routing === 'bgp';
  return [
    ...(isBgpChosen || tunnels.some(({ bgp }) => bgp !== undefined) ? [`BGP: ${reasonAgainstBgp}`] : []),
    ...(isBgpChosen ? ['Static routes: BGP was chosen, so the list has none.'] : []),
    ...leftOutOfRoutes(settings),
  ];
}

/** A sentence where static routes were chosen and no networks for them. */
export function leftOutOfRoutes(settings: RouterSettings): readonly string[] {
  return settings.routing === 'static' && settings.remotePrefixes.length === 0
    ? ['Static routes: no networks behind Cloudflare were named.']
    : [];
}

/** Sentences about the tunnels whose own packets the static routes would lead into the tunnel, for want of a next hop. */
export function leftOutOfEndpoints(tunnels: readonly RouterTunnel[], settings: RouterSettings): readonly string[] {
  return tunnels
    .filter(({ cloudflareEndpoint }) => remoteNetworks(settings).some((network) => holds(network, cloudflareEndpoint)))
    .map(
      ({ label, cloudflareEndpoint }) =>
        `The route to ${cloudflareEndpoint} through the uplink: the static routes cover it, and the packets of ${label} itself must not go into a tunnel.`,
    );
}

function holds(network: string, endpoint: string): boolean {
  const block = parseCidr(network);
  const address = parseIp(endpoint);
  return block !== undefined && address !== undefined && contains(block, address);
}
