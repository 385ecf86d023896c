import { queryOptions } from '@tanstack/react-query';
import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { type IpsecTunnel, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { callApi } from '../../lib/api-client.ts';

/** The account's tunnels, as Cloudflare lists them. */
export function ipsecTunnelsQuery(accountId: string) {
  return queryOptions({
    queryKey: ['ipsec-tunnels', accountId],
    queryFn: () => listIpsecTunnels(accountId),
    enabled: accountId !== '',
  });
}

async function listIpsecTunnels(accountId: string): Promise<IpsecTunnel[]> {
  const response = await callApi(API_PREFIX + ipsecTunnelsPath(accountId));
  if (response.kind !== 'response' || !response.envelope.success) throw new Error('the tunnels could not be listed');
  return tunnelListSchema.parse(response.envelope.result).ipsec_tunnels;
}
