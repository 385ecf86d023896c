// Finding out how a create ended whose response does not say: looking for the tunnel in the account's list.

import { setTimeout as delay } from 'node:timers/promises';
import { formatIp, parseIp } from '@tunnel-desk/shared/ip/address';
import { formatCidr, parseCidr } from '@tunnel-desk/shared/ip/cidr';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { CloudflareClient, TunnelOptions } from './client.ts';
import type { UpstreamResponse } from './response.ts';

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

/** Whether the response to a create leaves open if the tunnel was created: it was sent, and nobody refused it. */
export function isAmbiguous(response: UpstreamResponse): boolean {
  switch (response.kind) {
    case 'unreachable':
      return false;
    case 'timed-out':
    case 'connection-lost':
      return true;
    case 'unintelligible':
      return response.status !== 429;
    case 'response':
      return response.status >= 500;
  }
}

/**
 * Looks for one tunnel for each create that was sent to the account; the results are in the same order. It has the create's
 * name and values, and was created since. An older tunnel with the name is not it: names are unique, so with that one there
 * the request cannot have been carried out.
 */
export async function reconcile(
  cloudflare: Pick<CloudflareClient, 'listIpsecTunnels'>,
  accountId: string,
  creates: readonly SentCreate[],
  options: TunnelOptions,
): Promise<Reconciliation[]> {
  let found: Reconciliation[] = [];
  for (const pause of PAUSES_MS) {
    await delay(pause);
    const response = await cloudflare.listIpsecTunnels(accountId, options);
    if (response.kind !== 'response' || !response.success) return creates.map(() => ({ kind: 'unknown' }));
    found = creates.map((sent) => find(sent, response.result));
    if (found.every(({ kind }) => kind === 'created')) break;
  }
  return found;
}

function find(sent: SentCreate, tunnels: readonly IpsecTunnel[]): Reconciliation {
  const tunnel = tunnels.find((each) => isCreatedBy(sent, each));
  return tunnel === undefined ? { kind: 'not-created' } : { kind: 'created', tunnel };
}

function isCreatedBy({ request, startedAt }: SentCreate, tunnel: IpsecTunnel): boolean {
  const createdOn = tunnel.created_on === undefined ? Number.NaN : Date.parse(tunnel.created_on);
  return (
    tunnel.name === request.name &&
    isSameAddress(tunnel.cloudflare_endpoint, request.cloudflare_endpoint) &&
    isSameAddress(tunnel.interface_address, request.interface_address) &&
    isSameAddress(tunnel.customer_endpoint || undefined, request.customer_endpoint) &&
    // Without a readable date the name and values must be enough.
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
