import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/create-request';
import { type ApiAnswer, callApi } from '../../lib/api-client.ts';

/** Creates the tunnel or, with `validateOnly`, has Cloudflare check it without persisting anything. Sent once. */
export function createIpsecTunnel(
  accountId: string,
  request: CreateIpsecTunnelRequest,
  { validateOnly }: { readonly validateOnly: boolean },
): Promise<ApiAnswer> {
  return callApi(API_PREFIX + ipsecTunnelsPath(accountId) + (validateOnly ? '?validate_only=true' : ''), request);
}
