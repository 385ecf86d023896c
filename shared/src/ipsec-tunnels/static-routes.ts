// The static routes that lead through a tunnel, told by their next hops.

import { formatIp, type IpAddress, parseIp } from '../ip/address.ts';
import { type Cidr, contains, parseCidr, peerAddress } from '../ip/cidr.ts';

/** What is needed of a static route. */
export interface RouteToNextHop {
  readonly prefix: string;
  readonly nexthop: string;
}

/** What is needed of a tunnel. */
export interface LinkAddresses {
  readonly interface_address?: string | undefined;
  readonly interface_address6?: string | undefined;
}

/** A route whose next hop is on the tunnel's link, and is not the router. */
export interface MistakenRoute<Route> {
  readonly route: Route;
  /** Whether its next hop is Cloudflare's own side; else it is an address of a /30 that nobody has. */
  readonly isCloudflareSide: boolean;
  /** The router's side of the link: a static route's next hop (Cloudflare's guide "Traffic steering"). */
  readonly rightNextHop: string;
}

export interface RoutesOnLink<Route> {
  /** Those to the router at the tunnel's other end. */
  readonly through: readonly Route[];
  readonly mistaken: readonly MistakenRoute<Route>[];
}

/** The routes whose next hop is on one of the tunnel's links, in the order given. */
export function routesOnLink<Route extends RouteToNextHop>(
  routes: readonly Route[],
  tunnel: LinkAddresses,
): RoutesOnLink<Route> {
  const links = linksOf(tunnel);
  const through: Route[] = [];
  const mistaken: MistakenRoute<Route>[] = [];
  for (const route of routes) {
    const nextHop = parseIp(route.nexthop);
    const link = nextHop && links.find(({ cloudflareSide }) => contains(cloudflareSide, nextHop));
    if (link === undefined) continue;
    const { cloudflareSide, router } = link;
    if (router === undefined || isSame(router, nextHop)) through.push(route);
    else {
      const isCloudflareSide = isSame(cloudflareSide.address, nextHop);
      mistaken.push({ route, isCloudflareSide, rightNextHop: formatIp(router) });
    }
  }
  return { through, mistaken };
}

/** The routes that lead through the tunnel as it is, and nowhere once it has these addresses. */
export function routesLeftBehind<Route extends RouteToNextHop>(
  routes: readonly Route[],
  before: LinkAddresses,
  after: LinkAddresses,
): Route[] {
  const kept = new Set(routesOnLink(routes, after).through);
  return routesOnLink(routes, before).through.filter((route) => !kept.has(route));
}

interface Link {
  readonly cloudflareSide: Cidr;
  /** The router's address; `undefined` where it can't be told. */
  readonly router: IpAddress | undefined;
}

function linksOf({ interface_address, interface_address6 }: LinkAddresses): Link[] {
  return [interface_address, interface_address6].flatMap((text) => {
    const cloudflareSide = text === undefined ? undefined : parseCidr(text);
    return cloudflareSide === undefined ? [] : [{ cloudflareSide, router: peerAddress(cloudflareSide) }];
  });
}

function isSame(one: IpAddress, other: IpAddress | undefined): boolean {
  return one.version === other?.version && one.value === other.value;
}
