// A tunnel's two ends inside it, against the routes that lead through it.

import { formatCidr, parseCidr, peerAddress } from '../../ip/cidr.ts';
import { routesOnLink } from '../../ipsec-tunnels/static-routes.ts';
import type { Cause, DiagnosisInput } from '../cause.ts';

const MAX_NAMED = 3;

/**
 * A static route's next hop is the router's side (Cloudflare's guide "Traffic steering"). Where every route names the side
 * that the tunnel has for Cloudflare's, the router has probably that one, and probes go to an address that nobody has.
 */
export function* endsSwapped({ tunnel, routes = [] }: DiagnosisInput): Iterable<Cause> {
  const { through, mistaken } = routesOnLink(routes, { interface_address: tunnel.interface_address });
  const atCloudflare = mistaken.filter(({ isCloudflareSide }) => isCloudflareSide);
  const [first] = atCloudflare;
  const written = parseCidr(tunnel.interface_address);
  const router = written && peerAddress(written);
  if (first === undefined || through.length > 0 || written === undefined || router === undefined) return;
  const exchanged = formatCidr({ address: router, prefixLength: written.prefixLength });
  const count = atCloudflare.length === 1 ? 'The only static route' : `All ${atCloudflare.length} static routes`;
  const verb = atCloudflare.length === 1 ? 'points' : 'point';
  yield {
    cause: 'ends-swapped',
    likelihood: 'likely',
    sentence: `${count} to this tunnel ${verb} at ${first.route.nexthop}, which it has for Cloudflare's own side. Either its two ends are exchanged, and the router has that address, or the next hop has to be ${first.rightNextHop}.`,
    evidence: [
      `Interface address, Cloudflare's side: ${tunnel.interface_address}`,
      ...atCloudflare.slice(0, MAX_NAMED).map(({ route }) => `Static route: ${route.prefix} via ${route.nexthop}`),
    ],
    fix: { label: `Exchange the ends: ${exchanged}`, values: { interface_address: exchanged } },
  };
}
