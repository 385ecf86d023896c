// Which tunnel of an account a create has made, where the create's own response does not say.

import { formatIp, parseIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr } from '@tunnel-desk/shared/ip/cidr';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { UpstreamResponse } from './response.ts';
import type { TunnelList } from './tunnel-list.ts';

/** What of a create its tunnel is recognized by. */
export type RecognizedBy = Pick<
  CreateIpsecTunnelRequest,
  'name' | 'cloudflare_endpoint' | 'interface_address' | 'customer_endpoint' | 'interface_address6'
>;

/** What is known of a create that was sent. */
export interface SentCreate {
  readonly request: RecognizedBy;
  /** By the clock of `performance.now()`. */
  readonly startedAt: number;
}

export type TunnelTrace =
  /** Tunnels of its name and values that were made since it was sent. */
  | { readonly kind: 'found'; readonly tunnels: readonly IpsecTunnel[] }
  /** Nothing that has its name, or only what another create has made since. */
  | { readonly kind: 'absent' }
  /** Something has its name and is not certainly the tunnel; `found` says what, as a sentence. */
  | { readonly kind: 'other'; readonly found: string };

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

/** Looks for the create's tunnel in the list; `isClaimed` is whether a tunnel is known to be that of another create. */
export function traceOf(
  create: SentCreate,
  list: Pick<TunnelList, 'tunnels' | 'serverTime' | 'receivedAt'>,
  isClaimed: (tunnelId: string) => boolean,
): TunnelTrace {
  const { request } = create;
  const named = list.tunnels.filter(({ name }) => isSameName(name, request.name));
  const doubts = named.map((tunnel) => ({ tunnel, doubt: doubtAbout(create, tunnel, list) }));
  const alike = doubts.filter(({ doubt }) => doubt === undefined).map(({ tunnel }) => tunnel);
  const tunnels = alike.filter(({ id }) => !isClaimed(id));
  if (tunnels.length > 0) return { kind: 'found', tunnels };
  const found = doubts.find(({ doubt }) => doubt !== undefined)?.doubt;
  return found === undefined ? { kind: 'absent' } : { kind: 'other', found };
}

/** Why a tunnel of the create's name is not certainly its own, as a sentence. */
function doubtAbout(
  { request, startedAt }: SentCreate,
  tunnel: IpsecTunnel,
  { serverTime, receivedAt }: Pick<TunnelList, 'serverTime' | 'receivedAt'>,
): string | undefined {
  const [difference] = differences(request, tunnel);
  if (difference !== undefined) {
    const { field, sent, found } = difference;
    return `There is a tunnel ${tunnel.name} whose ${field} is ${found ?? 'not set'}, not ${sent ?? 'left out'}.`;
  }
  const createdOn = latestTimeOf(tunnel.created_on);
  if (createdOn === undefined || serverTime === undefined) {
    return `There is a tunnel ${tunnel.name} with these values, but when it was created cannot be told.`;
  }
  // Cloudflare's clock at the moment of sending, by the response's own date: how far it is from this server's is no matter.
  const sentAt = serverTime - (receivedAt - startedAt);
  if (createdOn >= sentAt) return undefined;
  return `There is a tunnel ${tunnel.name} with these values, created on ${tunnel.created_on}, before this create was sent.`;
}

interface Difference {
  readonly field: keyof RecognizedBy;
  readonly sent: string | undefined;
  readonly found: string | undefined;
}

const ADDRESSES = ['cloudflare_endpoint', 'interface_address', 'customer_endpoint', 'interface_address6'] as const;

/** Where a tunnel has another name or values than were sent. */
function differences(request: RecognizedBy, tunnel: IpsecTunnel): Difference[] {
  const addresses = ADDRESSES.map((field) => ({
    field,
    sent: request[field],
    found: tunnel[field] || undefined,
  })).filter(({ field, sent, found }) => {
    // Cloudflare assigns one of its own where none was asked for.
    if (field === 'interface_address6' && sent === undefined) return false;
    return !isSameAddress(sent, found);
  });
  const name = { field: 'name', sent: request.name, found: tunnel.name } as const;
  return isSameName(request.name, tunnel.name) ? addresses : [name, ...addresses];
}

/** Whether the tunnel of a success is what was sent; what the response leaves out does not speak against it. */
export function isResponseTo(request: RecognizedBy, tunnel: IpsecTunnel): boolean {
  return differences(request, tunnel).every(({ found }) => found === undefined);
}

/** Whether both are names of the same tunnel: white space around a name is not kept. */
export function isSameName(a: string, b: string): boolean {
  return a.trim() === b.trim();
}

/** Whether two creates ask for the same tunnel. */
export function isSameRequest(a: RecognizedBy, b: RecognizedBy): boolean {
  return isSameName(a.name, b.name) && ADDRESSES.every((field) => isSameAddress(a[field], b[field]));
}

/**
 * Whether both are the same address, however they are spelled: IPv6 has many spellings, and the prefix length of an
 * interface address may be left out.
 */
function isSameAddress(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const [one, other] = [parseAddress(a), parseAddress(b)];
  if (one === undefined || other === undefined) return false;
  const isSameLength = [one, other].some(({ prefixLength }) => prefixLength === undefined)
    ? true
    : one.prefixLength === other.prefixLength;
  return isSameLength && formatIp(one.address) === formatIp(other.address);
}

function parseAddress(text: string) {
  const trimmed = text.trim();
  const address = parseIp(trimmed);
  return address === undefined ? parseCidr(trimmed) : { address, prefixLength: undefined };
}

/** The latest moment that a time of Cloudflare's can mean, in milliseconds since the epoch: one may have whole seconds. */
function latestTimeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  if (text === undefined || Number.isNaN(time)) return undefined;
  return /:\d\d\.\d/.test(text) ? time : time + 999;
}
