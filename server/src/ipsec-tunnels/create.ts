// The creation of an IPsec tunnel, as submissions handle it.

import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { isAnswerTo, isSameRequest, traceOf } from '../cloudflare/reconcile.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { TunnelList } from '../cloudflare/tunnel-list.ts';
import type { Change, Look } from '../submissions/change.ts';
import { INTERRUPTED, responseAfterEarlier, responseTo, responseToReconciled } from './responses.ts';

/** Its options are the form of the health-check target, in which its tunnel is returned. */
export type IpsecTunnelCreate = Change<CreateIpsecTunnelRequest, IpsecTunnelRules['healthCheckTarget']>;

/** What a tunnel is recognized by, as it was recorded. */
const recordedSchema = z.object({
  name: z.string(),
  cloudflare_endpoint: z.string(),
  interface_address: z.string(),
  customer_endpoint: z.string().optional(),
  interface_address6: z.string().optional(),
});

export function ipsecTunnelCreate(
  cloudflare: Pick<CloudflareClient, 'createIpsecTunnel' | 'validateIpsecTunnel' | 'listIpsecTunnels'>,
): IpsecTunnelCreate {
  return {
    resourceKind: 'ipsec-tunnel',
    action: 'create',
    results: { done: 'created', notDone: 'not-created' },
    toRecord: ({ psk: _, ...recorded }) => recorded,
    send: async (accountId, request, healthCheckTarget) =>
      asked(request, await cloudflare.createIpsecTunnel(accountId, request, { healthCheckTarget })),
    validate: (accountId, request, healthCheckTarget) =>
      cloudflare.validateIpsecTunnel(accountId, request, { healthCheckTarget }),
    async look(accountId, limitMs) {
      // With targets as objects, from which both forms can be made: one list is enough for all creates of an account.
      const response = await cloudflare.listIpsecTunnels(accountId, { healthCheckTarget: 'object' }, limitMs);
      return response.kind === 'response' && response.success ? lookAt(response.result) : undefined;
    },
    isSameRequest(a, b) {
      const [one, other] = [a, b].map((request) => recordedSchema.safeParse(request).data);
      return one !== undefined && other !== undefined && isSameRequest(one, other);
    },
    respond: responseTo,
    respondNotDone: (open) => responseToReconciled({ kind: 'not-created' }, open),
    respondOpen: (open, known) => responseToReconciled({ kind: 'unknown', ...known }, open),
    respondEarlier: responseAfterEarlier,
    interrupted: INTERRUPTED,
  };
}

/** A success about another tunnel says nothing of the one that was asked for. */
function asked(
  request: CreateIpsecTunnelRequest,
  response: UpstreamResponse<IpsecTunnel>,
): UpstreamResponse<IpsecTunnel> {
  if (response.kind !== 'response' || !response.success || isAnswerTo(request, response.result)) return response;
  const { status, cfRay, retryAfter } = response;
  return { kind: 'unintelligible', status, cfRay, retryAfter, content: 'a tunnel of other values than were sent' };
}

function lookAt(list: TunnelList): Look {
  return {
    isComplete: list.isComplete,
    traceOf({ request, options, startedAt }, isClaimed) {
      const recorded = recordedSchema.safeParse(request);
      if (!recorded.success) return { kind: 'other', found: 'What was sent cannot be read from the record.' };
      const trace = traceOf({ request: recorded.data, startedAt }, list, isClaimed);
      if (trace.kind !== 'found') return trace;
      const candidates = trace.tunnels.map((tunnel) => ({
        id: tunnel.id,
        respond: (open: Parameters<typeof responseToReconciled>[1]) =>
          responseToReconciled(
            { kind: 'created', tunnel: options === 'object' ? tunnel : withTargetAsText(tunnel) },
            open,
          ),
      }));
      return { kind: 'found', candidates };
    },
  };
}

function withTargetAsText(tunnel: IpsecTunnel): IpsecTunnel {
  const target = tunnel.health_check?.target;
  if (typeof target !== 'object') return tunnel;
  return { ...tunnel, health_check: { ...tunnel.health_check, target: target.saved ?? '' } };
}
