import { queryOptions } from '@tanstack/react-query';
import { API_PREFIX, ipsecTunnelPath } from '@tunnel-desk/shared/api/paths';
import { type IpsecTunnel, tunnelResultSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { callApi } from '../../lib/api-client.ts';

/** A tunnel as it is now. */
export interface TunnelVersion {
  readonly tunnel: IpsecTunnel;
  /** Identifies this version: a change that is sent with it is refused when the tunnel is another by then. */
  readonly etag: string | undefined;
}

/** One tunnel; `null` where the account has none with this ID. */
export function ipsecTunnelQuery(accountId: string, tunnelId: string) {
  return queryOptions({
    queryKey: ['ipsec-tunnel', accountId, tunnelId],
    queryFn: () => getIpsecTunnel(accountId, tunnelId),
  });
}

/** Cloudflare's code for a tunnel that does not exist, as met in the field. */
export const NO_SUCH_TUNNEL = 1032;
const NOT_FOUND = 404;

/** Rejects where it can't be told whether there is one. */
export async function getIpsecTunnel(accountId: string, tunnelId: string): Promise<TunnelVersion | null> {
  const response = await callApi(API_PREFIX + ipsecTunnelPath(accountId, tunnelId));
  if (response.kind !== 'response') throw new Error('this server did not respond');
  if (response.status === NOT_FOUND) return null;
  if (!response.envelope.success) throw new Error('the tunnel could not be read');
  return { tunnel: tunnelResultSchema.parse(response.envelope.result).ipsec_tunnel, etag: response.etag };
}
