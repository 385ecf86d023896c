import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { queryClient } from '../../lib/query-client.ts';
import type { Found } from '../../submission/outcome-check.ts';
import { findSubmission } from './find-submission.ts';
import { ipsecTunnelsQuery } from './list-ipsec-tunnels.ts';

/** A create that was sent. */
export interface SentCreate {
  readonly accountId: string;
  readonly idempotencyKey: string;
  readonly name: string;
  readonly interfaceAddress: string;
}

/** What became of a create. Where the server has no record of it, the account's list is searched. */
export function findCreate(sent: SentCreate): Promise<Found<IpsecTunnel>> {
  return findSubmission<IpsecTunnel>(
    sent.idempotencyKey,
    (tunnel) => (tunnel ? { kind: 'done', result: tunnel } : { kind: 'failed' }),
    () => findInList(sent),
  );
}

async function findInList({ accountId, name, interfaceAddress }: SentCreate): Promise<Found<IpsecTunnel>> {
  const tunnels = await queryClient.fetchQuery({ ...ipsecTunnelsQuery(accountId), staleTime: 0 });
  const tunnel = tunnels.find((each) => each.name === name && each.interface_address === interfaceAddress);
  return tunnel ? { kind: 'listed', result: tunnel } : { kind: 'absent' };
}
