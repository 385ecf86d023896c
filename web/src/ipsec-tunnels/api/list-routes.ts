import { queryOptions } from '@tanstack/react-query';
import { API_PREFIX, routesPath } from '@tunnel-desk/shared/api/paths';
import { parseIp } from '@tunnel-desk/shared/ip/address';
import { contains, parseCidr } from '@tunnel-desk/shared/ip/cidr';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import { callApi } from '../../lib/api-client.ts';

const routeSchema = z.looseObject({
  id: z.string(),
  prefix: z.string(),
  nexthop: z.string(),
  priority: z.number().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
});
const routeListSchema = z.object({ routes: z.array(routeSchema) });

/** A static route of the account. */
export type StaticRoute = z.infer<typeof routeSchema>;

/** The account's static routes; `null` where they can't be read, which is no reason to show anything else than the rest. */
export function routesQuery(accountId: string) {
  return queryOptions({
    queryKey: ['routes', accountId],
    queryFn: async (): Promise<StaticRoute[] | null> => {
      const response = await callApi(API_PREFIX + routesPath(accountId));
      if (response.kind !== 'response' || !response.envelope.success) return null;
      return routeListSchema.safeParse(response.envelope.result).data?.routes ?? null;
    },
  });
}

/** The routes whose next hop is on the tunnel's link. */
export function routesThrough(routes: readonly StaticRoute[], tunnel: IpsecTunnel): StaticRoute[] {
  const links = [tunnel.interface_address, tunnel.interface_address6].flatMap((text) => {
    const link = text === undefined ? undefined : parseCidr(text);
    return link === undefined ? [] : [link];
  });
  return routes.filter(({ nexthop }) => {
    const address = parseIp(nexthop);
    return address !== undefined && links.some((link) => contains(link, address));
  });
}
