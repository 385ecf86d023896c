import { API_PREFIX, tunnelRouterSettingsPath } from '@tunnel-desk/shared/api/paths';
import type { KeptRouterSettings } from '@tunnel-desk/shared/routers/settings';
import { sendToApi } from '../../lib/api-client.ts';

/** Has this desk keep what was entered about the router of one tunnel; resolves to whether it does. */
export async function keepRouterSettings(
  accountId: string,
  { tunnelId, settings }: KeptRouterSettings,
): Promise<boolean> {
  const path = API_PREFIX + tunnelRouterSettingsPath(accountId, tunnelId);
  const response = await sendToApi(path, { method: 'PUT', body: settings });
  return response.kind === 'response' && response.envelope.success;
}
