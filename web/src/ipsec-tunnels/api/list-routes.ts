import { queryOptions } from '@tanstack/react-query';
import { API_PREFIX, routesPath } from '@tunnel-desk/shared/api/paths';
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

/** The account's static routes; `null` where they can't be read, which is said where they would stand, and stops nothing. */
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
