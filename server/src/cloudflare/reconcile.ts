// Finding out what became of a create whose answer does not say: looking for the tunnel in the account's list.

import { setTimeout as delay } from 'node:timers/promises';
import { formatIp, parseIp } from '@tunnel-desk/shared/ip/address';
import { formatCidr, parseCidr } from '@tunnel-desk/shared/ip/cidr';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { type IpsecTunnel, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { UpstreamAnswer } from './answer.ts';
import type { CloudflareClient, ListOptions } from './client.ts';

/** What is known of a create that was sent. */
export interface SentCreate {
  readonly request: Pick<
    CreateIpsecTunnelRequest,
    'name' | 'cloudflare_endpoint' | 'interface_address' | 'customer_endpoint'
  >;
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
export function isAmbiguous(answer: UpstreamAnswer): boolean {
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
 * Looks for one tunnel for each create that was sent to the account, and answers in the same order. It has the create's name
 * and values, and was created since. An older one of the name is not it: names are unique, so with that one there the
 * request cannot have been carried out.
 */
export async function reconcile(
  cloudflare: Pick<CloudflareClient, 'listIpsecTunnels'>,
  accountId: string,
  creates: readonly SentCreate[],
  options: ListOptions,
): Promise<Reconciliation[]> {
  let found: Reconciliation[] = [];
  for (const pause of PAUSES_MS) {
    await delay(pause);
    const answer = await cloudflare.listIpsecTunnels(accountId, options);
    if (answer.kind !== 'answered' || !answer.envelope.success) return creates.map(() => ({ kind: 'unknown' }));
    const { ipsec_tunnels } = tunnelListSchema.parse(answer.envelope.result);
    found = creates.map((sent) => look(ipsec_tunnels, sent));
    if (found.every(({ kind }) => kind === 'created')) break;
  }
  return found;
}

function look(tunnels: readonly IpsecTunnel[], sent: SentCreate): Reconciliation {
  const tunnel = tunnels.find((each) => isTheOne(each, sent));
  return tunnel === undefined ? { kind: 'not-created' } : { kind: 'created', tunnel };
}

function isTheOne(tunnel: IpsecTunnel, { request, startedAt }: SentCreate): boolean {
  const createdOn = tunnel.created_on === undefined ? Number.NaN : Date.parse(tunnel.created_on);
  return (
    tunnel.name === request.name &&
    isSameAddress(tunnel.cloudflare_endpoint, request.cloudflare_endpoint) &&
    isSameAddress(tunnel.interface_address, request.interface_address) &&
    isSameAddress(tunnel.customer_endpoint || undefined, request.customer_endpoint) &&
    // Without a readable date the name and values must do.
    !(createdOn < startedAt.getTime() - CLOCK_TOLERANCE_MS)
  );
}

/** Whether both are the same address or prefix, however they are spelled: IPv6 has many spellings. */
function isSameAddress(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));
}

function canonical(text: string): string {
  const address = parseIp(text);
  if (address !== undefined) return formatIp(address);
  const prefix = parseCidr(text);
  return prefix === undefined ? text : formatCidr(prefix);
}
