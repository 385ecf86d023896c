import { queryOptions } from '@tanstack/react-query';
import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { type IpsecTunnel, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { callApi } from '../../lib/api-client.ts';
import { keepUnchanged } from './keep-unchanged.ts';
import { ListFailure } from './list-failure.ts';

/** The account's tunnels, as Cloudflare lists them; one that is as it was before stays the same object. */
export function ipsecTunnelsQuery(accountId: string) {
  const queryKey = ['ipsec-tunnels', accountId];
  return queryOptions({
    queryKey,
    queryFn: async ({ client }) =>
      keepUnchanged(
        client.getQueryData<IpsecTunnel[]>(queryKey) ?? [],
        await listIpsecTunnels(accountId),
        ({ id }) => id,
      ),
    // It would compare row by row what another tunnel has moved on by one row, and copy what it compares.
    structuralSharing: false,
    enabled: accountId !== '',
  });
}

async function listIpsecTunnels(accountId: string): Promise<IpsecTunnel[]> {
  const response = await callApi(API_PREFIX + ipsecTunnelsPath(accountId));
  if (response.kind !== 'response' || !response.envelope.success) throw new ListFailure(response);
  return tunnelListSchema.parse(response.envelope.result).ipsec_tunnels;
}
