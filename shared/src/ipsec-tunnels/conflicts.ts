// An index over an account's tunnels, and over what shares names and subnets with them, that answers, without a scan, with
// which of them a new tunnel would collide.

import { plainText } from '../characters.ts';
import { formatIp, ipv4Value, parseIp } from '../ip/address.ts';
import type { Cidr } from '../ip/cidr.ts';
import { SubnetIndex } from '../ip/subnet-index.ts';

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
  const { step, index } = indexInSteps(tunnels, neighbours);
  while (step());
  return index;
}

export interface IndexInSteps {
  /** Takes the next few hundred tunnels; says whether any are left. */
  step(): boolean;
  /** Knows what was taken so far. */
  readonly index: TunnelIndex;
}

/** The same index, built in steps of a millisecond or so, for a page that must not stand still meanwhile. */
export function indexInSteps(tunnels: readonly KnownTunnel[], neighbours: readonly Neighbour[] = []): IndexInSteps {
  const kinds = new Map<NamedLink, TunnelKind>(neighbours.map((neighbour) => [neighbour, neighbour.kind]));
  const named = (link: NamedLink): NamedTunnel => ({ kind: kinds.get(link) ?? 'ipsec', name: link.name });
  const matchesIn = (links: readonly NamedLink[]): Matches =>
    links.length === 0 ? NO_MATCHES : { count: links.length, first: links.slice(0, MAX_NAMED).map(named) };
  const byLooks = new Groups<string, NamedLink>();
  const byAsn = new Groups<number, NamedLink>();
  const atEndpoint = new Map<string, TunnelsAtEndpoint>();
  const subnets = new SubnetIndex<NamedLink>();
  const canonicalEndpoint = rememberCanonical();

  const addLink = (link: NamedLink) => {
    byLooks.add(looksOf(link.name), link);
    subnets.add(link, link.interface_address);
    if (link.interface_address6 !== undefined) subnets.add(link, link.interface_address6);
  };
  const addTunnel = (tunnel: KnownTunnel) => {
    addLink(tunnel);
    const asn = tunnel.bgp?.customer_asn;
    if (asn !== undefined) byAsn.add(asn, tunnel);
    const endpoint = canonicalEndpoint(tunnel.cloudflare_endpoint);
    if (endpoint === undefined) return;
    const there = atEndpoint.get(endpoint) ?? { byCustomer: new Groups(), byIdentity: new Groups() };
    atEndpoint.set(endpoint, there);
    const customer = canonicalAddress(tunnel.customer_endpoint);
    if (customer !== undefined) there.byCustomer.add(customer, tunnel);
    const identity = tunnel.custom_remote_identities?.fqdn_id;
    if (identity) there.byIdentity.add(identity, tunnel);
  };
  const lookingLike = (name: string) => byLooks.get(looksOf(name));
  const tunnelsAt = (endpoint: string) => atEndpoint.get(canonicalEndpoint(endpoint) ?? '');

  let taken = 0;
  return {
    step() {
      for (const end = taken + STEP; taken < end; taken += 1) {
        const tunnel = tunnels[taken];
        const neighbour = neighbours[taken - tunnels.length];
        if (tunnel !== undefined) addTunnel(tunnel);
        else if (neighbour !== undefined) addLink(neighbour);
        else {
          subnets.sort();
          return false;
        }
      }
      return true;
    },
    index: {
      named: (name) => matchesIn(lookingLike(name).filter((link) => link.name === name)),
      nearlyNamed: (name) => matchesIn(lookingLike(name).filter((link) => link.name !== name)),
      overlapping(subnet) {
        const { count, first } = subnets.overlapping(subnet, MAX_NAMED);
        return { count, first: first.map(({ owner, text }) => ({ of: named(owner), text })) };
      },
      withEndpoints: (cloudflareEndpoint, customerEndpoint) =>
        matchesIn(tunnelsAt(cloudflareEndpoint)?.byCustomer.get(canonicalAddress(customerEndpoint) ?? '') ?? []),
      withIdentity: (fqdnId, cloudflareEndpoint) =>
        matchesIn(tunnelsAt(cloudflareEndpoint)?.byIdentity.get(fqdnId) ?? []),
      withAsn: (asn) => matchesIn(byAsn.get(asn)),
    },
  };
}

const NO_MATCHES: Matches = { count: 0, first: [] };

interface TunnelsAtEndpoint {
  /** By their customer endpoint, as this desk writes it. */
  readonly byCustomer: Groups<string, NamedLink>;
  readonly byIdentity: Groups<string, NamedLink>;
}

/** Items by a key that few of them share. */
class Groups<Key, Item> {
  readonly #first = new Map<Key, Item>();
  readonly #several = new Map<Key, Item[]>();

  add(key: Key, item: Item): void {
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, item);
      return;
    }
    const several = this.#several.get(key);
    if (several === undefined) this.#several.set(key, [first, item]);
    else several.push(item);
  }

  get(key: Key): readonly Item[] {
    const first = this.#first.get(key);
    return first === undefined ? [] : (this.#several.get(key) ?? [first]);
  }
}

/** How many tunnels a step takes. */
const STEP = 500;

/** The address as this desk writes it, however it is spelled; `undefined` for what is none. */
export function canonicalAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  // IPv4 has one spelling only.
  if (ipv4Value(text) !== undefined) return text;
  const address = parseIp(text);
  return address && formatIp(address);
}

/** For Cloudflare's endpoints: thousands of tunnels have a few. */
function rememberCanonical(): (text: string | undefined) => string | undefined {
  const known = new Map<string | undefined, string | undefined>();
  return (text) => {
    const address = known.get(text) ?? canonicalAddress(text);
    known.set(text, address);
    return address;
  };
}

/** The name as it looks to a person who does not look closely. */
export function looksOf(name: string): string {
  const plain = /^[!-~]*$/.test(name) ? name : plainText(name.normalize('NFKC')).trim();
  return plain.toLowerCase();
}
