import { queryOptions } from '@tanstack/react-query';
import { API_PREFIX, routerSettingsPath } from '@tunnel-desk/shared/api/paths';
import { type KeptRouterSettings, keptRouterSettingsSchema } from '@tunnel-desk/shared/routers/settings';
import { z } from 'zod';
import { callApi } from '../../lib/api-client.ts';

const keptListSchema = z.array(keptRouterSettingsSchema);

/** What is kept about the routers of an account's tunnels; `null` where it can't be read, which is no reason to stop. */
export function routerSettingsQuery(accountId: string) {
  return queryOptions({
    queryKey: ['router-settings', accountId],
    queryFn: async (): Promise<KeptRouterSettings[] | null> => {
      const response = await callApi(API_PREFIX + routerSettingsPath(accountId));
      if (response.kind !== 'response' || !response.envelope.success) return null;
      return keptListSchema.safeParse(response.envelope.result).data ?? null;
    },
  });
}
