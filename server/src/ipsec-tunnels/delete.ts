// The deletion of an IPsec tunnel, as submissions handle it.

import type { IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { Change, SentChange, Trace } from '../submissions/change.ts';
import { lookAtTunnels, type SeenTunnel } from './look-at-tunnels.ts';
import { responseTo, responseToInterrupted, responseToReconciled } from './responses.ts';

/** Its request is empty, and its options are the form of the health-check target. */
export type IpsecTunnelDelete = Change<object, IpsecTunnelRules['healthCheckTarget']>;

export function ipsecTunnelDelete(
  cloudflare: Pick<CloudflareClient, 'deleteIpsecTunnel' | 'getIpsecTunnel' | 'listIpsecTunnels'>,
): IpsecTunnelDelete {
  return {
    resourceKind: 'ipsec-tunnel',
    action: 'delete',
    toRecord: (request) => request,
    send: async ({ accountId, resourceId, options: healthCheckTarget }) => {
      const options = { healthCheckTarget, validateOnly: false };
      return { upstream: asked(resourceId, await cloudflare.deleteIpsecTunnel(accountId, resourceId, options)) };
    },
    validate: ({ accountId, resourceId, options: healthCheckTarget }) =>
      cloudflare.deleteIpsecTunnel(accountId, resourceId, { healthCheckTarget, validateOnly: true }),
    async look(accountId, sent, limitMs) {
      const seen = await lookAtTunnels(cloudflare, accountId, sent, limitMs);
      return seen && { traceOf: (change) => traceOfDelete(change, seen(change.resourceId)) };
    },
    respond: responseTo,
    respondNotDone: (open) => responseToReconciled('delete', { kind: 'not-done' }, open),
    respondOpen: (open, known) => responseToReconciled('delete', { kind: 'unknown', ...known }, open),
    interrupted: responseToInterrupted('delete'),
  };
}

type Deleted = Awaited<ReturnType<CloudflareClient['deleteIpsecTunnel']>>;

/** A success that says nothing was deleted, or another tunnel was, leaves open what became of this one. */
function asked(tunnelId: string, response: Deleted): UpstreamResponse {
  if (response.kind !== 'response' || !response.success) return response;
  const { deleted, deleted_ipsec_tunnel: tunnel } = response.result ?? {};
  if (deleted !== false && (tunnel?.id ?? tunnelId) === tunnelId) return response;
  const { status, cfRay, retryAfter } = response;
  return { kind: 'unintelligible', status, cfRay, retryAfter, content: 'a tunnel of other values than were sent' };
}

function traceOfDelete({ before }: SentChange, now: SeenTunnel): Trace {
  if (now.kind === 'unseen') return now;
  if (now.kind === 'there') return { kind: 'absent' };
  const result = { deleted: true, deleted_ipsec_tunnel: before };
  return { kind: 'done', respond: (open) => responseToReconciled('delete', { kind: 'done', result }, open) };
}
