// The creation of an IPsec tunnel, as submissions handle it.

import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { z } from 'zod';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { reconcile } from '../cloudflare/reconcile.ts';
import type { Change } from '../submissions/change.ts';
import { INTERRUPTED, responseTo, responseToReconciled } from './responses.ts';

/** Its options are the form of the health-check target, by which the call was made and its tunnel is looked for. */
export type IpsecTunnelCreate = Change<CreateIpsecTunnelRequest, IpsecTunnelRules['healthCheckTarget']>;

const optionsSchema = z.enum(['string', 'object']);
/** What a tunnel is recognized by, as it was recorded. */
const recordedSchema = z.object({
  name: z.string(),
  cloudflare_endpoint: z.string(),
  interface_address: z.string(),
  customer_endpoint: z.string().optional(),
});

export function ipsecTunnelCreate(
  cloudflare: Pick<CloudflareClient, 'createIpsecTunnel' | 'validateIpsecTunnel' | 'listIpsecTunnels'>,
): IpsecTunnelCreate {
  return {
    resourceKind: 'ipsec-tunnel',
    action: 'create',
    results: { done: 'created', notDone: 'not-created' },
    toRecord: ({ psk: _, ...recorded }) => recorded,
    send: (accountId, request, healthCheckTarget) =>
      cloudflare.createIpsecTunnel(accountId, request, { healthCheckTarget }),
    validate: (accountId, request, healthCheckTarget) =>
      cloudflare.validateIpsecTunnel(accountId, request, { healthCheckTarget }),
    async reconcile(accountId, options, sent) {
      const creates = sent.map(({ request, startedAt }) => ({ request: recordedSchema.parse(request), startedAt }));
      const healthCheckTarget = optionsSchema.parse(options);
      const found = await reconcile(cloudflare, accountId, creates, { healthCheckTarget });
      return found.map((each) => ({
        result: each.kind,
        resource: each.kind === 'created' ? each.tunnel : undefined,
        respond: (open) => responseToReconciled(each, open),
      }));
    },
    respond: responseTo,
    interrupted: INTERRUPTED,
  };
}
