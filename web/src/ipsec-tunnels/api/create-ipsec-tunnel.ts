import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { IDEMPOTENCY_KEY_HEADER } from '@tunnel-desk/shared/api/submissions';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { type ApiResponse, callApi } from '../../lib/api-client.ts';

/** Creates the tunnel. Sent once; under the same key again, the server sends nothing and returns the first outcome. */
export function createIpsecTunnel(
  accountId: string,
  request: CreateIpsecTunnelRequest,
  idempotencyKey: string,
): Promise<ApiResponse> {
  return callApi(API_PREFIX + ipsecTunnelsPath(accountId), request, { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey });
}

/** Has Cloudflare check the tunnel without persisting anything. */
export function validateIpsecTunnel(accountId: string, request: CreateIpsecTunnelRequest): Promise<ApiResponse> {
  return callApi(`${API_PREFIX}${ipsecTunnelsPath(accountId)}?validate_only=true`, request);
}
