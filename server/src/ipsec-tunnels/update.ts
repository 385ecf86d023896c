// The update of an IPsec tunnel, as submissions handle it.

import { differences } from '@tunnel-desk/shared/ipsec-tunnels/differences';
import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { Change, SentChange, Trace } from '../submissions/change.ts';
import { lookAtTunnels } from './look-at-tunnels.ts';
import { recordedRequest, withTargetAs } from './recorded.ts';
import { responseTo, responseToInterrupted, responseToReconciled } from './responses.ts';

/** Its options are the form of the health-check target. */
export type IpsecTunnelUpdate = Change<CreateIpsecTunnelRequest, IpsecTunnelRules['healthCheckTarget']>;

export function ipsecTunnelUpdate(
  cloudflare: Pick<CloudflareClient, 'updateIpsecTunnel' | 'getIpsecTunnel' | 'listIpsecTunnels'>,
): IpsecTunnelUpdate {
  return {
    resourceKind: 'ipsec-tunnel',
    action: 'update',
    toRecord: recordedRequest,
    send: async ({ accountId, resourceId, request, options: healthCheckTarget }) => {
      const options = { healthCheckTarget, validateOnly: false };
      return {
        upstream: asked(resourceId, await cloudflare.updateIpsecTunnel(accountId, resourceId, request, options)),
      };
    },
    validate: ({ accountId, resourceId, request, options: healthCheckTarget }) =>
      cloudflare.updateIpsecTunnel(accountId, resourceId, request, { healthCheckTarget, validateOnly: true }),
    async look(accountId, sent, limitMs) {
      const seen = await lookAtTunnels(cloudflare, accountId, sent, limitMs);
      return (
        seen && {
          traceOf(change) {
            const now = seen(change.resourceId);
            return now.kind === 'unseen' ? now : traceOfUpdate(change, now.kind === 'gone' ? undefined : now.tunnel);
          },
        }
      );
    },
    respond: responseTo,
    respondNotDone: (open) => responseToReconciled('update', { kind: 'not-done' }, open),
    respondOpen: (open, known) => responseToReconciled('update', { kind: 'unknown', ...known }, open),
    interrupted: responseToInterrupted('update'),
  };
}

type Modified = Awaited<ReturnType<CloudflareClient['updateIpsecTunnel']>>;

/** A success that says nothing was modified, or another tunnel was, leaves open what became of this one. */
function asked(tunnelId: string, response: Modified): UpstreamResponse {
  if (response.kind !== 'response' || !response.success) return response;
  const { modified, modified_ipsec_tunnel: tunnel } = response.result ?? {};
  if (modified !== false && (tunnel?.id ?? tunnelId) === tunnelId) return response;
  const { status, cfRay, retryAfter } = response;
  return { kind: 'unintelligible', status, cfRay, retryAfter, content: 'a tunnel of other values than were sent' };
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
