// An index over an account's tunnels, and over what shares names and subnets with them, that answers, without a scan, with
// which of them a new tunnel would collide.

import { plainText } from '../characters.ts';
import { formatIp, parseIp } from '../ip/address.ts';
import { blockSize, type Cidr, firstAddress, parseCidr } from '../ip/cidr.ts';

/** What has a name and interface subnets of its own in an account. */
export const TUNNEL_KINDS = ['ipsec', 'gre', 'interconnect'] as const;
export type TunnelKind = (typeof TUNNEL_KINDS)[number];

interface NamedLink {
  readonly name: string;
  readonly interface_address: string;
  readonly interface_address6?: string | undefined;
}

/** What is known of a GRE tunnel or an interconnect, which share names and interface subnets with IPsec tunnels. */
export interface Neighbour extends NamedLink {
  readonly kind: Exclude<TunnelKind, 'ipsec'>;
}

/** What is known of an IPsec tunnel. */
export interface KnownTunnel extends NamedLink {
  readonly cloudflare_endpoint?: string | undefined;
  readonly customer_endpoint?: string | undefined;
  readonly custom_remote_identities?: { readonly fqdn_id?: string | undefined } | undefined;
  readonly bgp?: { readonly customer_asn?: number | undefined } | undefined;
}

/** What a message says of another tunnel. */
export interface NamedTunnel {
  readonly kind: TunnelKind;
  readonly name: string;
}

/** The tunnels that were asked for: how many, and the first few, so that a message about thousands stays short. */
export interface Matches<Match = NamedTunnel> {
  readonly count: number;
  /** At most {@link MAX_NAMED}. */
  readonly first: readonly Match[];
}

/** An interface subnet, as it is written there, and whose it is. */
export interface InterfaceSubnet {
  readonly of: NamedTunnel;
  readonly text: string;
}

/** How many matches a message names. */
export const MAX_NAMED = 3;

/** Each question takes the same time whether there are ten tunnels or ten thousand. */
export interface TunnelIndex {
  /** The tunnels, of whatever kind, with exactly this name. */
  named(name: string): Matches;
  /** Those whose name differs only in case, in invisible characters or in look-alikes (Unicode NFKC). */
  nearlyNamed(name: string): Matches;
  /** The interface subnets, of either family, that share an address with this one. */
  overlapping(subnet: Cidr): Matches<InterfaceSubnet>;
  /** The tunnels between the same two addresses, however they are spelled. */
  withEndpoints(cloudflareEndpoint: string, customerEndpoint: string): Matches;
  /** The tunnels with this `fqdn_id` on the same Cloudflare endpoint, however that is spelled. */
  withIdentity(fqdnId: string, cloudflareEndpoint: string): Matches;
  /** The tunnels with this customer ASN. */
  withAsn(asn: number): Matches;
}

/** Builds the index, once per list. Leave out the tunnel that is being edited: it does not collide with itself. */
export function indexTunnels(tunnels: readonly KnownTunnel[], neighbours: readonly Neighbour[] = []): TunnelIndex {
  const kinds = new Map<NamedLink, TunnelKind>(neighbours.map((neighbour) => [neighbour, neighbour.kind]));
  const named = (link: NamedLink): NamedTunnel => ({ kind: kinds.get(link) ?? 'ipsec', name: link.name });
  const matchesIn = (links: readonly NamedLink[] = []): Matches => ({
    count: links.length,
    first: links.slice(0, MAX_NAMED).map(named),
  });
  const links: readonly NamedLink[] = [...tunnels, ...neighbours];
  const byName = groupBy(links, ({ name }) => name);
  const byLooks = groupBy(links, ({ name }) => looksOf(name));
  const byEndpoints = groupBy(tunnels, (tunnel) => endpointsKey(tunnel.cloudflare_endpoint, tunnel.customer_endpoint));
  const byIdentity = groupBy(tunnels, (tunnel) =>
    identityKey(tunnel.custom_remote_identities?.fqdn_id, tunnel.cloudflare_endpoint),
  );
  const byAsn = groupBy(tunnels, ({ bgp }) => bgp?.customer_asn);
  return {
    named: (name) => matchesIn(byName.get(name)),
    nearlyNamed: (name) => matchesIn(byLooks.get(looksOf(name))?.filter((tunnel) => tunnel.name !== name)),
    overlapping: indexSubnets(links, named),
    withEndpoints: (...endpoints) => matchesIn(byEndpoints.get(endpointsKey(...endpoints) ?? '')),
    withIdentity: (...identity) => matchesIn(byIdentity.get(identityKey(...identity) ?? '')),
    withAsn: (asn) => matchesIn(byAsn.get(asn)),
  };
}

interface PlacedSubnet {
  readonly link: NamedLink;
  readonly text: string;
  readonly block: Cidr;
  readonly first: bigint;
}

/**
 * Two prefixes overlap only where one lies inside the other. Those inside the one that is asked about follow each other in
 * the order of their first addresses; each that it lies inside is its own bits, cut to one of the shorter lengths there are.
 */
function indexSubnets(
  links: readonly NamedLink[],
  named: (link: NamedLink) => NamedTunnel,
): TunnelIndex['overlapping'] {
  const subnets = links.flatMap(subnetsOf).toSorted((a, b) => compare(a, b));
  const byVersion = groupBy(subnets, ({ block }) => block.address.version);
  const byPrefix = groupBy(subnets, ({ block }) => prefixKey(block));
  const lengths = [...new Set(subnets.map(({ block }) => block.prefixLength))].toSorted((a, b) => a - b);

  return (asked) => {
    const { address, prefixLength } = asked;
    const start = firstAddress(asked).value;
    const neighbours = byVersion.get(address.version) ?? [];
    const from = countWhile(neighbours, (subnet) => compare(subnet, { first: start, block: asked }) < 0);
    const to = countWhile(neighbours, ({ first }) => first < start + blockSize(asked));
    const around = lengths
      .filter((length) => length < prefixLength)
      .map((length) => byPrefix.get(prefixKey({ address, prefixLength: length })) ?? []);
    return {
      count: around.reduce((sum, { length }) => sum + length, to - from),
      first: [
        ...around.flatMap((group) => group.slice(0, MAX_NAMED)),
        ...neighbours.slice(from, Math.min(to, from + MAX_NAMED)),
      ]
        .slice(0, MAX_NAMED)
        .map(({ link, text }) => ({ of: named(link), text })),
    };
  };
}

function subnetsOf(link: NamedLink): PlacedSubnet[] {
  return [link.interface_address, link.interface_address6].flatMap((text) => {
    const block = text === undefined ? undefined : parseCidr(text);
    return text === undefined || block === undefined ? [] : [{ link, text, block, first: firstAddress(block).value }];
  });
}

/** By first address, and what lies around before what lies inside. */
function compare(a: Pick<PlacedSubnet, 'first' | 'block'>, b: Pick<PlacedSubnet, 'first' | 'block'>): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.block.prefixLength - b.block.prefixLength;
}

/** How many items at the front the condition holds for, when it holds for none behind them: a binary search. */
function countWhile<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function prefixKey(block: Cidr): string {
  const first = firstAddress(block);
  return `${first.version}/${block.prefixLength}/${first.value}`;
}

function endpointsKey(
  cloudflareEndpoint: string | undefined,
  customerEndpoint: string | undefined,
): string | undefined {
  const [cloudflare, customer] = [canonical(cloudflareEndpoint), canonical(customerEndpoint)];
  return cloudflare && customer && `${cloudflare} ${customer}`;
}

function identityKey(fqdnId: string | undefined, cloudflareEndpoint: string | undefined): string | undefined {
  const endpoint = canonical(cloudflareEndpoint);
  return fqdnId && endpoint && `${endpoint} ${fqdnId}`;
}

function canonical(text: string | undefined): string | undefined {
  const address = text === undefined ? undefined : parseIp(text);
  // IPv4 has one spelling only.
  return address?.version === 4 ? text : address && formatIp(address);
}

/** The name as it looks to a person who does not look closely. */
function looksOf(name: string): string {
  const plain = /^[!-~]*$/.test(name) ? name : plainText(name.normalize('NFKC')).trim();
  return plain.toLowerCase();
}

/** The items by their key; those without one are left out. */
function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key | undefined): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
