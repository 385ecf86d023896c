// The changes to a tunnel that exists. Each is sent once; under the same key again, the server sends nothing and returns the
// first outcome.

import { API_PREFIX, generatePskPath, ipsecTunnelPath } from '@tunnel-desk/shared/api/paths';
import { IDEMPOTENCY_KEY_HEADER } from '@tunnel-desk/shared/api/submissions';
import { type ApiResponse, sendToApi } from '../../lib/api-client.ts';

/** Which tunnel, and the version that the change is based on. */
export interface TunnelTarget {
  readonly accountId: string;
  readonly tunnelId: string;
  readonly etag: string | undefined;
}

/** Makes the tunnel what the request says: the complete object, with a pre-shared key only where that changes. */
export function updateIpsecTunnel(target: TunnelTarget, body: object, idempotencyKey: string): Promise<ApiResponse> {
  const headers = { ...ifMatch(target), [IDEMPOTENCY_KEY_HEADER]: idempotencyKey };
  return sendToApi(pathOf(target), { method: 'PUT', body, headers });
}

/** Has Cloudflare check the update without persisting anything. */
export function validateUpdate(target: TunnelTarget, body: object): Promise<ApiResponse> {
  return sendToApi(`${pathOf(target)}?validate_only=true`, { method: 'PUT', body, headers: ifMatch(target) });
}

export function deleteIpsecTunnel(target: TunnelTarget, idempotencyKey: string): Promise<ApiResponse> {
  const headers = { ...ifMatch(target), [IDEMPOTENCY_KEY_HEADER]: idempotencyKey };
  return sendToApi(pathOf(target), { method: 'DELETE', headers });
}

/** Replaces the tunnel's key at once by one that only the response to this tells. */
export function generatePsk(
  { accountId, tunnelId }: Omit<TunnelTarget, 'etag'>,
  idempotencyKey: string,
): Promise<ApiResponse> {
  const path = API_PREFIX + generatePskPath(accountId, tunnelId);
  return sendToApi(path, { method: 'POST', headers: { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey } });
}

function pathOf({ accountId, tunnelId }: TunnelTarget): string {
  return API_PREFIX + ipsecTunnelPath(accountId, tunnelId);
}

function ifMatch({ etag }: TunnelTarget): Readonly<Record<string, string>> {
  return etag === undefined ? {} : { 'if-match': etag };
}
