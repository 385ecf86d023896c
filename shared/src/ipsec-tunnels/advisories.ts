// What good practice advises of a request that is not wrong. An advisory warns and never blocks sending.

import { type IpAddress, parseIp } from '../ip/address.ts';
import { type Cidr, cidr, contains, formatCidr, overlaps, parseCidr } from '../ip/cidr.ts';
import { GUIDE_LINK_LOCAL_BLOCK } from './fields.ts';
import type { CreateIpsecTunnelRequest } from './request.ts';
import type { IpsecTunnel } from './tunnel.ts';

export interface Advisory {
  readonly path: readonly (string | number)[];
  /** A sentence that says whose advice it is. */
  readonly message: string;
}

/** What is known beyond the request itself. */
export interface AdvisoryContext {
  /** The account's other tunnels, as far as they are known. */
  readonly otherTunnels: readonly IpsecTunnel[];
  /** The anycast addresses Cloudflare assigned to the account, where they are known. */
  readonly cloudflareEndpoints?: readonly string[];
}

/** A request that may be half typed: advice is given on the fields that are there and readable. */
export type DraftRequest = { readonly [Key in keyof CreateIpsecTunnelRequest]?: unknown };

/** Linux refuses a longer key for its TCP-MD5 option (TCP_MD5SIG_MAXKEYLEN). */
const MAX_TCP_MD5_KEY_LENGTH = 80;
const MIN_PSK_LENGTH = 16;
const CLOUDFLARE_ASN = 13335;

/** Kinds of addresses that neither side of a tunnel over the internet can have (IANA special-purpose registries). */
const SPECIAL_BLOCKS = namedBlocks({
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  loopback: ['127.0.0.0/8', '::1/128'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  unspecified: ['0.0.0.0/32', '::/128'],
});

/** Further space that is not publicly routable (RFC 6890, RFC 9637). */
const NOT_PUBLIC_BLOCKS = [
  ...SPECIAL_BLOCKS,
  ...namedBlocks({
    'carrier-grade NAT': ['100.64.0.0/10'],
    '“this network”': ['0.0.0.0/8'],
    'protocol-assignment': ['192.0.0.0/24'],
    documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
    benchmarking: ['198.18.0.0/15', '2001:2::/48'],
    reserved: ['240.0.0.0/4'],
    'IPv4-mapped': ['::ffff:0:0/96'],
    'discard-only': ['100::/64'],
  }),
];

const RESERVED_ASNS = new Map([
  [0, 'RFC 7607'],
  [23456, 'RFC 6793'],
  [65535, 'RFC 7300'],
  [4294967295, 'RFC 7300'],
]);

/**
 * Every advisory on the request, in the order of its fields. Fields that are absent or of the wrong type get
 * no advice beyond what their absence deserves: that they are wrong is the schema's to say.
 */
export function adviseOn(request: DraftRequest, context: AdvisoryContext): Advisory[] {
  const { otherTunnels, cloudflareEndpoints = [] } = context;
  const healthCheck = asObject(request.health_check);
  const bgp = asObject(request.bgp);
  const fqdnId = asObject(request.custom_remote_identities)?.['fqdn_id'];
  return [
    ...under(['name'], adviseOnName(request.name, otherTunnels)),
    ...under(['cloudflare_endpoint'], adviseOnCloudflareEndpoint(request.cloudflare_endpoint, cloudflareEndpoints)),
    ...under(['customer_endpoint'], adviseOnCustomerEndpoint(request.customer_endpoint)),
    ...under(['interface_address'], adviseOnInterfaceAddress(request.interface_address, otherTunnels)),
    ...under(['psk'], adviseOnPsk(request.psk)),
    ...under(['replay_protection'], adviseOnReplayProtection(request.replay_protection)),
    ...under(
      ['custom_remote_identities', 'fqdn_id'],
      adviseOnFqdnId(fqdnId, request.cloudflare_endpoint, otherTunnels),
    ),
    ...under(['health_check', 'enabled'], adviseOnHealthCheckEnabled(healthCheck?.['enabled'])),
    ...under(['health_check', 'type'], adviseOnHealthCheckType(healthCheck)),
    ...under(['health_check', 'direction'], adviseOnHealthCheckDirection(healthCheck)),
    ...under(['health_check', 'target'], adviseOnHealthCheckTarget(healthCheck)),
    ...under(['bgp', 'customer_asn'], adviseOnCustomerAsn(bgp?.['customer_asn'], otherTunnels)),
    ...under(['bgp', 'md5_key'], adviseOnMd5Key(bgp?.['md5_key'])),
    ...adviseOnExtraPrefixes(bgp?.['extra_prefixes']),
    ...under(['automatic_return_routing'], adviseOnAutomaticReturnRouting(request.automatic_return_routing)),
  ];
}

function* adviseOnName(name: unknown, otherTunnels: readonly IpsecTunnel[]): Iterable<string> {
  if (typeof name !== 'string' || name.trim() === '') return;
  if (otherTunnels.some((tunnel) => tunnel.name === name)) {
    yield `This account already has a tunnel named ${name}. Cloudflare refuses a second one.`;
  }
  if (!/^[A-Za-z0-9._-]*$/.test(name)) {
    yield "Cloudflare's guide asks for a name without spaces or special characters: letters, digits, - _ and . only.";
  }
  if ([...name].length > 15) yield `Cloudflare's guide asks for 15 characters or fewer; this has ${[...name].length}.`;
}

function* adviseOnCloudflareEndpoint(endpoint: unknown, assigned: readonly string[]): Iterable<string> {
  const address = typeof endpoint === 'string' ? parseIp(endpoint) : undefined;
  if (address === undefined) return;
  const kind = kindOfAddress(endpoint, SPECIAL_BLOCKS);
  if (kind !== undefined) {
    yield `This is ${withArticle(kind)} address. Cloudflare's guide asks for one of the two anycast addresses assigned to your account.`;
  } else if (assigned.length > 0 && !assigned.some((each) => isSameAddress(parseIp(each), address))) {
    yield `This is not one of your account's addresses, ${assigned.join(', ')}. Cloudflare's guide asks for one of them.`;
  }
}

function isSameAddress(a: IpAddress | undefined, b: IpAddress): boolean {
  return a?.version === b.version && a.value === b.value;
}

function* adviseOnCustomerEndpoint(endpoint: unknown): Iterable<string> {
  if (endpoint === undefined) {
    yield "Without it proactive traceroutes will not work (Cloudflare's API reference), and routers whose IKE ID is of type ID_IPV4_ADDR need it (Cloudflare's guide).";
    return;
  }
  const kind = kindOfAddress(endpoint, NOT_PUBLIC_BLOCKS);
  if (kind !== undefined) {
    yield `This is ${withArticle(kind)} address, which is not publicly routable. Good practice: your router's public address.`;
  }
}

function* adviseOnInterfaceAddress(text: unknown, otherTunnels: readonly IpsecTunnel[]): Iterable<string> {
  const subnet = typeof text === 'string' ? parseCidr(text) : undefined;
  if (subnet === undefined) return;
  for (const other of otherTunnels) {
    const theirs = parseCidr(other.interface_address);
    if (theirs !== undefined && overlaps(subnet, theirs)) {
      yield `This overlaps ${other.interface_address} of the tunnel ${other.name}. Good practice: one subnet per tunnel.`;
    }
  }
  if (subnet.prefixLength === 30) {
    yield "A /30 is allowed by Cloudflare's guide, but not by its API reference, which asks for a /31. Validate before you create.";
  }
  if (contains(GUIDE_LINK_LOCAL_BLOCK, subnet.address)) {
    yield "169.254.240.0/20 is allowed by Cloudflare's guide, but not by its API reference. Validate before you create.";
  }
}

function* adviseOnPsk(psk: unknown): Iterable<string> {
  if (psk === undefined) {
    yield "Cloudflare's guide: the tunnel carries no traffic until a pre-shared key is generated or set.";
  }
  if (typeof psk !== 'string' || psk === '') return;
  if ([...psk].length < MIN_PSK_LENGTH) {
    yield `Good practice asks for ${MIN_PSK_LENGTH} characters or more; this has ${[...psk].length}.`;
  }
  if (psk.trim() !== psk) {
    yield 'This begins or ends with white space. Good practice: a key without it, because routers often drop it.';
  }
  if (/[^ -~]/.test(psk.trim())) {
    yield 'This holds characters beyond ASCII. Good practice: letters, digits and signs, because routers encode others differently.';
  }
}

function* adviseOnReplayProtection(enabled: unknown): Iterable<string> {
  if (enabled !== true) return;
  yield "Cloudflare's guide advises this only for devices that cannot turn it off: Cisco Meraki, VeloCloud, AWS VPN gateway.";
}

function* adviseOnFqdnId(
  fqdnId: unknown,
  cloudflareEndpoint: unknown,
  otherTunnels: readonly IpsecTunnel[],
): Iterable<string> {
  const clash = otherTunnels.find(
    (tunnel) =>
      fqdnId !== undefined &&
      tunnel.custom_remote_identities?.fqdn_id === fqdnId &&
      tunnel.cloudflare_endpoint === cloudflareEndpoint,
  );
  if (clash !== undefined) {
    yield `The tunnel ${clash.name} has this identity on the same Cloudflare endpoint. Cloudflare's API reference: two tunnels cannot share both.`;
  }
}

function* adviseOnHealthCheckEnabled(enabled: unknown): Iterable<string> {
  if (enabled === false) {
    yield "Cloudflare's guide: without health checks the tunnel shows as down in Cloudflare's dashboard even when it works.";
  }
}

function* adviseOnHealthCheckType(healthCheck: Group): Iterable<string> {
  if (healthCheck?.['enabled'] === false) return;
  if (healthCheck?.['type'] === undefined || healthCheck['type'] === 'reply') {
    yield "Cloudflare's guide: firewalls may drop reply probes. Choose request if yours does.";
  }
}

function* adviseOnHealthCheckDirection(healthCheck: Group): Iterable<string> {
  if (healthCheck?.['enabled'] === false || healthCheck?.['direction'] !== undefined) return;
  yield "Cloudflare's guide: the default is bidirectional for Magic WAN and unidirectional for Magic Transit.";
}

function* adviseOnHealthCheckTarget(healthCheck: Group): Iterable<string> {
  if (healthCheck?.['direction'] === 'bidirectional' && healthCheck['target'] !== undefined) {
    yield "Cloudflare's API reference: the target is ignored while the direction is bidirectional.";
  }
}

function* adviseOnCustomerAsn(asn: unknown, otherTunnels: readonly IpsecTunnel[]): Iterable<string> {
  if (typeof asn !== 'number') return;
  const reservedBy = RESERVED_ASNS.get(asn);
  if (reservedBy !== undefined) yield `AS ${asn} is reserved (${reservedBy}); no network can use it.`;
  if (asn === CLOUDFLARE_ASN) {
    yield `AS ${CLOUDFLARE_ASN} is Cloudflare's default for your account, and Cloudflare's guide supports eBGP only: the two sides need different ASNs.`;
  }
  const others = otherTunnels.filter((tunnel) => tunnel.bgp?.customer_asn === asn).map((tunnel) => tunnel.name);
  if (others.length > 0) {
    yield `${others.join(', ')} ${others.length === 1 ? 'uses' : 'use'} this ASN too. Cloudflare's guide: tunnels with one ASN exchange no routes with each other unless duplicates are allowed.`;
  }
}

function* adviseOnMd5Key(key: unknown): Iterable<string> {
  if (typeof key !== 'string' || key === '') return;
  yield "Cloudflare's API reference: not a security measure, it only guards against misconfiguration.";
  if (key.length > MAX_TCP_MD5_KEY_LENGTH) {
    yield `Linux routers accept ${MAX_TCP_MD5_KEY_LENGTH} characters at most (TCP-MD5); this has ${key.length}.`;
  }
}

function adviseOnExtraPrefixes(prefixes: unknown): Advisory[] {
  if (!Array.isArray(prefixes)) return [];
  const blocks = prefixes.map((prefix: unknown) => (typeof prefix === 'string' ? parseCidr(prefix) : undefined));
  // Canonical, because IPv6 has many spellings of one prefix.
  const texts = blocks.map((block) => block && formatCidr(block));
  return texts.flatMap((text, index) => {
    if (text === undefined) return [];
    const isRepeated = texts.indexOf(text) < index;
    const isIpv6 = blocks[index]?.address.version === 6;
    return under(
      ['bgp', 'extra_prefixes', index],
      [
        ...(isRepeated ? [`${text} is listed twice. Good practice: once is enough.`] : []),
        ...(isIpv6 ? [`${text} is IPv6. Cloudflare's guide documents the Magic routing table for IPv4.`] : []),
      ],
    );
  });
}

function* adviseOnAutomaticReturnRouting(enabled: unknown): Iterable<string> {
  if (enabled !== true) return;
  yield "Cloudflare's API refuses this unless your account has the coupler_integration flag.";
}

type Group = Readonly<Record<string, unknown>> | undefined;

function asObject(value: unknown): Group {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function under(path: Advisory['path'], messages: Iterable<string>): Advisory[] {
  return Array.from(messages, (message) => ({ path, message }));
}

interface NamedBlock {
  readonly kind: string;
  readonly block: Cidr;
}

function namedBlocks(kinds: Readonly<Record<string, readonly string[]>>): NamedBlock[] {
  return Object.entries(kinds).flatMap(([kind, blocks]) => blocks.map((block) => ({ kind, block: cidr(block) })));
}

function kindOfAddress(text: unknown, blocks: readonly NamedBlock[]): string | undefined {
  const address = typeof text === 'string' ? parseIp(text) : undefined;
  return address && blocks.find(({ block }) => contains(block, address))?.kind;
}

function withArticle(kind: string): string {
  return `${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind}`;
}
