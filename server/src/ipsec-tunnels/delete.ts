// The deletion of an IPsec tunnel, as submissions handle it.

import type { IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { Change, SentChange, Trace } from '../submissions/change.ts';
import { aboutAsked, isDoneTo } from './about-asked.ts';
import { afterDelete } from './after.ts';
import { lookByTunnel } from './look-at-tunnels.ts';
import { responsesOf, responseToReconciled } from './responses.ts';

/** Its request is empty, and its options are the form of the health-check target. */
export type IpsecTunnelDelete = Change<object, IpsecTunnelRules['healthCheckTarget']>;

export function ipsecTunnelDelete(
  cloudflare: Pick<CloudflareClient, 'deleteIpsecTunnel' | 'getIpsecTunnel' | 'listIpsecTunnels'>,
): IpsecTunnelDelete {
  return {
    resourceKind: 'ipsec-tunnel',
    ...responsesOf('delete'),
    after: afterDelete,
    toRecord: (request) => request,
    send: async ({ accountId, resourceId, options: healthCheckTarget }) => {
      const options = { healthCheckTarget, validateOnly: false };
      const response = await cloudflare.deleteIpsecTunnel(accountId, resourceId, options);
      const upstream = aboutAsked(response, (result) =>
        isDoneTo(resourceId, result?.deleted, result?.deleted_ipsec_tunnel),
      );
      return { upstream };
    },
    validate: ({ accountId, resourceId, options: healthCheckTarget }) =>
      cloudflare.deleteIpsecTunnel(accountId, resourceId, { healthCheckTarget, validateOnly: true }),
    look: lookByTunnel(cloudflare, traceOfDelete),
  };
}

function traceOfDelete({ before }: SentChange, now: IpsecTunnel | undefined): Trace {
  if (now !== undefined) return { kind: 'absent' };
  const result = { deleted: true, deleted_ipsec_tunnel: before };
  return { kind: 'done', respond: (open) => responseToReconciled('delete', { kind: 'done', result }, open) };
}
