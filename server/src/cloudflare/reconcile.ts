// Finding out what became of a create whose answer does not say: looking for the tunnel in the account's list.

import { setTimeout as delay } from 'node:timers/promises';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/create-request';
import { type IpsecTunnel, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { UpstreamAnswer } from './answer.ts';
import type { CloudflareClient, ListOptions } from './client.ts';

/** A create that was sent, and when. */
export interface SentCreate {
  readonly accountId: string;
  readonly request: CreateIpsecTunnelRequest;
  readonly startedAt: Date;
}

export type Reconciliation =
  /** It is there. */
  | { readonly kind: 'created'; readonly tunnel: IpsecTunnel }
  /** It was looked for, and is not there. */
  | { readonly kind: 'not-created' }
  /** It could not be looked for. */
  | { readonly kind: 'unknown' };

/** Before each look, in milliseconds: a request that was on its way may still arrive. */
const PAUSES_MS = [0, 500, 1000];
/** How far Cloudflare's clock may be behind this server's, in milliseconds. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Whether an answer to a create leaves open if the tunnel was created: it was sent, and nobody refused it. */
export function leavesOpen(answer: UpstreamAnswer): boolean {
  switch (answer.kind) {
    case 'unreachable':
      return false;
    case 'timed-out':
    case 'connection-lost':
      return true;
    case 'unintelligible':
      return answer.status !== 429;
    case 'answered':
      return answer.status >= 500;
  }
}

/**
 * Looks for a tunnel of this name with these values, created since it was sent. An older one of the name is not it:
 * names are unique, so with that one there the request cannot have been carried out.
 */
export async function reconcile(
  cloudflare: Pick<CloudflareClient, 'listIpsecTunnels'>,
  sent: SentCreate,
  options: ListOptions,
): Promise<Reconciliation> {
  let last: Reconciliation = { kind: 'unknown' };
  for (const pause of PAUSES_MS) {
    await delay(pause);
    last = await look(cloudflare, sent, options);
    if (last.kind !== 'not-created') break;
  }
  return last;
}

async function look(
  cloudflare: Pick<CloudflareClient, 'listIpsecTunnels'>,
  sent: SentCreate,
  options: ListOptions,
): Promise<Reconciliation> {
  const answer = await cloudflare.listIpsecTunnels(sent.accountId, options);
  if (answer.kind !== 'answered' || !answer.envelope.success) return { kind: 'unknown' };
  const found = tunnelListSchema.parse(answer.envelope.result).ipsec_tunnels.find((tunnel) => isTheOne(tunnel, sent));
  return found === undefined ? { kind: 'not-created' } : { kind: 'created', tunnel: found };
}

function isTheOne(tunnel: IpsecTunnel, { request, startedAt }: SentCreate): boolean {
  const createdOn = tunnel.created_on === undefined ? Number.NaN : Date.parse(tunnel.created_on);
  return (
    tunnel.name === request.name &&
    tunnel.cloudflare_endpoint === request.cloudflare_endpoint &&
    tunnel.interface_address === request.interface_address &&
    (tunnel.customer_endpoint || undefined) === request.customer_endpoint &&
    // Without a readable date the name and values must do.
    !(createdOn < startedAt.getTime() - CLOCK_TOLERANCE_MS)
  );
}
