// What an account has beside its IPsec tunnels, and how each is listed. Cloudflare documents no pages for these lists.

import { bgpFilterProfilesPath, greTunnelsPath, interconnectsPath, routesPath } from '@tunnel-desk/shared/api/paths';
import {
  bgpFilterProfileListSchema,
  greTunnelListSchema,
  interconnectListSchema,
  routeListSchema,
} from '@tunnel-desk/shared/neighbours';

export const NEIGHBOUR_LISTS = [
  { name: 'list-gre-tunnels', path: greTunnelsPath, result: greTunnelListSchema },
  { name: 'list-interconnects', path: interconnectsPath, result: interconnectListSchema },
  { name: 'list-bgp-filter-profiles', path: bgpFilterProfilesPath, result: bgpFilterProfileListSchema },
  { name: 'list-routes', path: routesPath, result: routeListSchema },
] as const;

export type NeighbourList = (typeof NEIGHBOUR_LISTS)[number];
