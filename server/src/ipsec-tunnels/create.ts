// The creation of an IPsec tunnel, as submissions handle it.

import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { z } from 'zod';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { isResponseTo, isSameRequest, traceOf } from '../cloudflare/reconcile.ts';
import type { TunnelList } from '../cloudflare/tunnel-list.ts';
import type { ApiResponse } from '../http/response.ts';
import type { Change, Look } from '../submissions/change.ts';
import { aboutAsked } from './about-asked.ts';
import { afterCreate } from './after.ts';
import { recordedRequest, withTargetAs } from './recorded.ts';
import { responseAfterEarlier, responsesOf, responseToReconciled } from './responses.ts';

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
    ...responsesOf('create'),
    after: afterCreate,
    toRecord: recordedRequest,
    async send({ accountId, request, options: healthCheckTarget }) {
      const response = await cloudflare.createIpsecTunnel(accountId, request, { healthCheckTarget });
      const upstream = aboutAsked(response, (tunnel) => isResponseTo(request, tunnel));
      return { upstream, made: upstream.kind === 'response' && upstream.success ? upstream.result : undefined };
    },
    validate: ({ accountId, request, options: healthCheckTarget }) =>
      cloudflare.validateIpsecTunnel(accountId, request, { healthCheckTarget }),
    async look(accountId, _sent, limitMs) {
      // With targets as objects, from which both forms can be made: one list is enough for all creates of an account.
      const response = await cloudflare.listIpsecTunnels(accountId, { healthCheckTarget: 'object' }, limitMs);
      return response.kind === 'response' && response.success ? lookAt(response.result) : undefined;
    },
    repetition: {
      isSame(a, b) {
        const [one, other] = [a, b].map((request) => recordedSchema.safeParse(request).data);
        return one !== undefined && other !== undefined && isSameRequest(one, other);
      },
      respond: responseAfterEarlier,
    },
  };
}

function lookAt(list: TunnelList): Look {
  return {
    traceOf({ request, options, startedAt }, isClaimed) {
      const recorded = recordedSchema.safeParse(request);
      if (!recorded.success) return { kind: 'other', found: 'What was sent cannot be read from the record.' };
      const trace = traceOf({ request: recorded.data, startedAt }, list, isClaimed);
      if (trace.kind === 'absent') return list.isComplete ? trace : { kind: 'unseen' };
      if (trace.kind === 'other') return trace;
      const candidates = trace.tunnels.map((tunnel) => ({
        id: tunnel.id,
        respond: (open: ApiResponse) =>
          responseToReconciled('create', { kind: 'done', result: withTargetAs(options, tunnel) }, open),
      }));
      return { kind: 'found', candidates };
    },
  };
}
