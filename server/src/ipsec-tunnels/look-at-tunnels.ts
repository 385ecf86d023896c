// Looking at tunnels that exist, to find out what became of changes to them.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { RecordedChange, SentChange, Trace } from '../submissions/change.ts';

type SeenTunnel =
  | { readonly kind: 'there'; readonly tunnel: IpsecTunnel }
  | { readonly kind: 'gone' }
  /** It could not be looked at. */
  | { readonly kind: 'unseen' };

/** Up to so many tunnels are read one by one; for more of them one list takes less. */
const MOST_SINGLE_READS = 4;
/** As the API has it for a tunnel that does not exist. */
const NO_SUCH_TUNNEL = 1032;

type Reads = Pick<CloudflareClient, 'getIpsecTunnel' | 'listIpsecTunnels'>;

/** Looks at the tunnels of changes; `traceOf` is what the tunnel as it is now says of its change, `undefined` where it is gone. */
export function lookByTunnel(
  cloudflare: Reads,
  traceOf: (change: SentChange, now: IpsecTunnel | undefined) => Trace,
): RecordedChange['look'] {
  return async (accountId, sent, limitMs) => {
    const seen = await lookAtTunnels(cloudflare, accountId, sent, limitMs);
    return (
      seen && {
        traceOf(change) {
          const now = seen(change.resourceId);
          return now.kind === 'unseen' ? now : traceOf(change, now.kind === 'gone' ? undefined : now.tunnel);
        },
      }
    );
  };
}

/** The tunnels of these changes as they are now, with health-check targets as objects; `undefined` where none can be seen. */
async function lookAtTunnels(
  cloudflare: Reads,
  accountId: string,
  sent: readonly SentChange[],
  limitMs: number,
): Promise<((tunnelId: string) => SeenTunnel) | undefined> {
  const ids = [...new Set(sent.map(({ resourceId }) => resourceId))];
  const options = { healthCheckTarget: 'object' } as const;
  if (ids.length > MOST_SINGLE_READS) {
    const list = await cloudflare.listIpsecTunnels(accountId, options, limitMs);
    if (list.kind !== 'response' || !list.success) return undefined;
    const { tunnels, isComplete } = list.result;
    const byId = new Map(tunnels.map((tunnel) => [tunnel.id, tunnel]));
    return (id) => {
      const tunnel = byId.get(id);
      if (tunnel !== undefined) return { kind: 'there', tunnel };
      return { kind: isComplete ? 'gone' : 'unseen' };
    };
  }
  const reads = await Promise.all(
    ids.map(async (id) => [id, seenIn(await cloudflare.getIpsecTunnel(accountId, id, options, limitMs))] as const),
  );
  const seen = new Map(reads);
  if (reads.every(([, { kind }]) => kind === 'unseen')) return undefined;
  return (id) => seen.get(id) ?? { kind: 'unseen' };
}

/** What a response to reading one says of it. */
export function seenIn(response: UpstreamResponse<IpsecTunnel>): SeenTunnel {
  if (response.kind !== 'response') return { kind: 'unseen' };
  if (response.success) return { kind: 'there', tunnel: response.result };
  const isGone = response.status === 404 || response.envelope.errors.some(({ code }) => code === NO_SUCH_TUNNEL);
  return { kind: isGone ? 'gone' : 'unseen' };
}
