// A tunnel as the router at its other end has to know it. Only values that passed validation are in it, each one line.

import { ADDRESS_BITS, formatIp, type IpAddress, parseIp, parseIpv4 } from '../ip/address.ts';
import { type Cidr, parseCidr, peerAddress } from '../ip/cidr.ts';
import { cloudflareIdentifier, customerAsn, fqdnId, md5Key } from '../ipsec-tunnels/fields.ts';
import type { IpsecTunnel } from '../ipsec-tunnels/tunnel.ts';

export interface RouterTunnel {
  readonly id: string;
  /** As a person gave it: any text at all, so for comments alone, and there by {@link inComment}. */
  readonly name: string;
  /** For names in a configuration: 1 to 40 of a-z, 0-9 and `-`, beginning with a letter; unique in one configuration. */
  readonly label: string;
  /** The same in at most 12 characters, for interfaces. */
  readonly shortLabel: string;
  /** The number of its interface on the router, from 1 to 8,192; the same each time, and unique in one configuration. */
  readonly number: number;
  /** One of Cloudflare's anycast addresses. */
  readonly cloudflareEndpoint: string;
  /** The router's public address. */
  readonly customerEndpoint: string | undefined;
  /** Cloudflare's address inside the tunnel. */
  readonly cloudflareAddress: string;
  /** The router's address inside the tunnel. */
  readonly routerAddress: string;
  /** 31, or 30 under the guide's rules. */
  readonly prefixLength: number;
  readonly identities: RouterIdentities;
  readonly replayProtection: boolean;
  readonly healthCheck: HealthCheck;
  /** Absent where the tunnel has no BGP. */
  readonly bgp: RouterBgp | undefined;
  /** How long its keys last, in seconds; those of a pair end at different times. */
  readonly ikeLifetime: number;
  readonly childLifetime: number;
  /** Only where the person asked for it in the files. */
  readonly psk: string | undefined;
}

export interface RouterIdentities {
  /** What the router identifies itself by where nothing else is asked for: the custom identity where the tunnel has one. */
  readonly fqdn: string;
  /** `ipsec@` and Cloudflare's own FQDN. */
  readonly userFqdn: string;
  readonly isCustom: boolean;
}

export interface HealthCheck {
  readonly enabled: boolean;
  readonly type: string;
  readonly direction: string;
  readonly target: string | undefined;
}

export interface RouterBgp {
  readonly customerAsn: number;
  /** The address Cloudflare's BGP speaker has, as the tunnel's BGP state tells it, else its address inside the tunnel. */
  readonly peer: string;
  readonly md5Key: string | undefined;
}

/** Cloudflare's ASN on IPsec tunnels. Source: traffic steering reference. */
export const CLOUDFLARE_ASN = 13_335;
/** TCP's largest segment inside the tunnel, in bytes. Source: MSS clamping guide. */
export const MAX_SEGMENT_SIZE = 1_360;

/** The longest that keys last, in seconds: those of a tunnel that is alone, or the first of a pair. */
export const IKE_LIFETIME = 86_400;
export const CHILD_LIFETIME = 28_800;
/** How much sooner those of the second tunnel end, in seconds: a rekeyed tunnel is degraded for up to 150 s. */
const IKE_STAGGER = 7_200;
const CHILD_STAGGER = 3_600;

export interface TunnelForRouter {
  readonly tunnel: IpsecTunnel;
  readonly psk?: string | undefined;
}

export type ReadTunnels =
  | { readonly kind: 'usable'; readonly tunnels: readonly RouterTunnel[] }
  /** What the tunnels lack, each as a sentence. */
  | { readonly kind: 'unusable'; readonly reasons: readonly string[] };

/** Reads the tunnels of one router, in the order given. */
export function readRouterTunnels(accountId: string, tunnels: readonly TunnelForRouter[]): ReadTunnels {
  const reasons: string[] = [];
  const read: RouterTunnel[] = [];
  for (const given of tunnels) {
    const result = readRouterTunnel(accountId, given, read);
    if (typeof result === 'string') reasons.push(result);
    else read.push(result);
  }
  return reasons.length > 0 ? { kind: 'unusable', reasons } : { kind: 'usable', tunnels: read };
}

function readRouterTunnel(
  accountId: string,
  { tunnel, psk }: TunnelForRouter,
  earlier: readonly RouterTunnel[],
): RouterTunnel | string {
  const link = parseCidr(tunnel.interface_address);
  const routerSide = link && peerAddress(link);
  const cloudflareEndpoint = parseIp(tunnel.cloudflare_endpoint);
  const customerEndpoint = tunnel.customer_endpoint ? parseIp(tunnel.customer_endpoint) : undefined;
  if (!cloudflareIdentifier.safeParse(tunnel.id).success) return 'Its ID is not one of Cloudflare.';
  if (link?.address.version !== 4 || !routerSide) return 'Its interface address has no other end.';
  if (!cloudflareEndpoint) return 'Its Cloudflare endpoint is not an IP address.';
  if (tunnel.customer_endpoint && !customerEndpoint) return 'Its customer endpoint is not an IP address.';
  const bgp = readBgp(tunnel, link.address);
  if (typeof bgp === 'string') return bgp;

  const number = freeNumber(numberOf(link.address), earlier);
  const label = freeLabel(tunnel, number, earlier);
  const isSecond = isSecondOfPair(link, earlier.at(-1));
  return {
    id: tunnel.id,
    name: tunnel.name,
    label,
    shortLabel: freeShortLabel(label, number, earlier),
    number,
    cloudflareEndpoint: formatIp(cloudflareEndpoint),
    customerEndpoint: customerEndpoint && formatIp(customerEndpoint),
    cloudflareAddress: formatIp(link.address),
    routerAddress: formatIp(routerSide),
    prefixLength: link.prefixLength,
    identities: identitiesOf(accountId, tunnel),
    replayProtection: tunnel.replay_protection ?? false,
    healthCheck: {
      enabled: tunnel.health_check?.enabled ?? true,
      type: tunnel.health_check?.type ?? 'reply',
      direction: tunnel.health_check?.direction ?? 'bidirectional',
      target: targetOf(tunnel),
    },
    bgp,
    ikeLifetime: isSecond ? IKE_LIFETIME - IKE_STAGGER : IKE_LIFETIME,
    childLifetime: isSecond ? CHILD_LIFETIME - CHILD_STAGGER : CHILD_LIFETIME,
    psk,
  };
}

function identitiesOf(accountId: string, tunnel: IpsecTunnel): RouterIdentities {
  const own = `${tunnel.id}.${accountId}.ipsec.cloudflare.com`;
  const told = tunnel.remote_identities;
  const custom = tunnel.custom_remote_identities?.fqdn_id;
  const isCustom = custom !== undefined && fqdnId(accountId).safeParse(custom).success;
  const fqdn = told?.fqdn_id && isDomainName(told.fqdn_id) ? told.fqdn_id : own;
  const userFqdn = told?.user_id && USER_FQDN_PATTERN.test(told.user_id) ? told.user_id : `ipsec@${own}`;
  return { fqdn: isCustom ? custom : fqdn, userFqdn, isCustom };
}

const DOMAIN_NAME_PATTERN = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/i;
const USER_FQDN_PATTERN = /^[a-z0-9._-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/i;

function isDomainName(text: string): boolean {
  return DOMAIN_NAME_PATTERN.test(text);
}

function readBgp({ bgp, bgp_status }: IpsecTunnel, own: IpAddress): RouterBgp | string | undefined {
  if (bgp === undefined) return undefined;
  const asn = customerAsn.safeParse(bgp.customer_asn);
  if (!asn.success) return 'Its customer ASN is not an AS number.';
  if (bgp.md5_key && !md5Key.safeParse(bgp.md5_key).success)
    return 'Its MD5 key has characters that no MD5 key can have.';
  const speaker = bgp_status?.cf_speaker_ip ? parseIpv4(bgp_status.cf_speaker_ip) : undefined;
  return { customerAsn: asn.data, peer: formatIp(speaker ?? own), md5Key: bgp.md5_key || undefined };
}

function targetOf({ health_check }: IpsecTunnel): string | undefined {
  const { target } = health_check ?? {};
  const text = typeof target === 'object' ? target.saved : target;
  const address = text ? parseIp(text) : undefined;
  return address && formatIp(address);
}

const MAX_NUMBER = 8_192;
const MAX_LABEL = 40;
const MAX_SHORT_LABEL = 12;

/** The other one than the tunnel before it; one that is alone is told apart from its neighbour by its interface subnet. */
function isSecondOfPair({ address, prefixLength }: Cidr, before: RouterTunnel | undefined): boolean {
  if (before !== undefined) return before.ikeLifetime === IKE_LIFETIME;
  return (address.value >> BigInt(ADDRESS_BITS[address.version] - prefixLength)) % 2n === 1n;
}

/** Neighbouring interface subnets have neighbouring numbers. */
function numberOf({ value }: IpAddress): number {
  return Number((value >> 1n) % BigInt(MAX_NUMBER)) + 1;
}

function freeNumber(wanted: number, taken: readonly RouterTunnel[]): number {
  let number = wanted;
  while (taken.some((other) => other.number === number)) number = (number % MAX_NUMBER) + 1;
  return number;
}

/** Lower case as Debian's and VyOS's names are; whatever else a name has becomes a hyphen. */
function freeLabel({ name }: IpsecTunnel, number: number, taken: readonly RouterTunnel[]): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_LABEL)
    .replace(/-+$/, '');
  const label = plain === '' ? `tunnel-${number}` : plain;
  const labels = taken.map((other) => other.label);
  return labels.includes(label) ? numbered(label, MAX_LABEL, number, labels) : label;
}

function freeShortLabel(label: string, number: number, taken: readonly RouterTunnel[]): string {
  const labels = taken.map((other) => other.shortLabel);
  const isFree = label.length <= MAX_SHORT_LABEL && !labels.includes(label);
  return isFree ? label : numbered(label, MAX_SHORT_LABEL, number, labels);
}

const MAX_NUMBER_LENGTH = '-8192'.length;

/** The label with the number behind it; with a higher one where another tunnel is called that already. */
function numbered(label: string, maxLength: number, number: number, taken: readonly string[]): string {
  const start = label.slice(0, maxLength - MAX_NUMBER_LENGTH).replace(/-+$/, '');
  let suffix = number;
  while (taken.includes(`${start}-${suffix}`)) suffix += 1;
  return `${start}-${suffix}`;
}
