// The update of an IPsec tunnel, as submissions handle it.

import { differences } from '@tunnel-desk/shared/ipsec-tunnels/differences';
import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { Change, SentChange, Trace } from '../submissions/change.ts';
import { aboutAsked, isDoneTo } from './about-asked.ts';
import { afterUpdate } from './after.ts';
import { lookByTunnel } from './look-at-tunnels.ts';
import { recordedRequest, withTargetAs } from './recorded.ts';
import { responsesOf, responseToReconciled } from './responses.ts';

/** Its options are the form of the health-check target. */
export type IpsecTunnelUpdate = Change<CreateIpsecTunnelRequest, IpsecTunnelRules['healthCheckTarget']>;

export function ipsecTunnelUpdate(
  cloudflare: Pick<CloudflareClient, 'updateIpsecTunnel' | 'getIpsecTunnel' | 'listIpsecTunnels'>,
): IpsecTunnelUpdate {
  return {
    resourceKind: 'ipsec-tunnel',
    ...responsesOf('update'),
    after: afterUpdate,
    toRecord: recordedRequest,
    send: async ({ accountId, resourceId, request, options: healthCheckTarget }) => {
      const options = { healthCheckTarget, validateOnly: false };
      const response = await cloudflare.updateIpsecTunnel(accountId, resourceId, request, options);
      const upstream = aboutAsked(response, (result) =>
        isDoneTo(resourceId, result?.modified, result?.modified_ipsec_tunnel),
      );
      return { upstream };
    },
    validate: ({ accountId, resourceId, request, options: healthCheckTarget }) =>
      cloudflare.updateIpsecTunnel(accountId, resourceId, request, { healthCheckTarget, validateOnly: true }),
    look: lookByTunnel(cloudflare, traceOfUpdate),
  };
}

/**
 * What became of an update, by the tunnel as it is now; `undefined` where it is gone. As long as `modified_on` is what it was,
 * nothing was done. Once it is another one, the values decide; where somebody else may have changed them since, nobody can tell.
 */
export function traceOfUpdate(
  { request, before, options }: Pick<SentChange, 'request' | 'before' | 'options'>,
  tunnel: IpsecTunnel | undefined,
): Trace {
  if (tunnel === undefined) return { kind: 'other', found: 'The tunnel does not exist any more.', isFinal: true };
  const earlier = ipsecTunnelSchema.safeParse(before).data;
  if (earlier === undefined) return { kind: 'other', found: 'What the tunnel was cannot be read from the record.' };
  const isUntouched = tunnel.modified_on !== undefined && tunnel.modified_on === earlier.modified_on;
  const [missing] = differences(request, tunnel);
  if (missing !== undefined) {
    if (isUntouched || tunnel.modified_on === undefined) return { kind: 'absent' };
    const found = `The tunnel was changed on ${tunnel.modified_on}, and its ${missing.field} is not what was sent.`;
    return { kind: 'other', found, isFinal: true };
  }
  const done: Trace = {
    kind: 'done',
    respond: (open) => {
      const result = { modified: true, modified_ipsec_tunnel: withTargetAs(options, tunnel) };
      return responseToReconciled('update', { kind: 'done', result }, open);
    },
  };
  const setsKey = 'psk' in request;
  if (!setsKey || differences(request, earlier).length > 0 || hasNewKey(earlier, tunnel)) return done;
  if (isUntouched) return { kind: 'absent' };
  const found =
    'The tunnel has the values that were sent, and had them before; whether its key is the new one cannot be told.';
  return { kind: 'other', found, isFinal: true };
}

/** Whether the tunnel was given a key since. */
export function hasNewKey(before: IpsecTunnel, now: IpsecTunnel): boolean {
  const setOn = now.psk_metadata?.last_generated_on;
  return setOn !== undefined && setOn !== before.psk_metadata?.last_generated_on;
}
