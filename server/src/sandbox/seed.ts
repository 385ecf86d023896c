// The tunnels that the sandbox starts with where it is asked for some: believable, many, and the same at every start. Only
// their dates move, by whole days, so that they are always from the last two years.

import { formatIp, type IpAddress } from '@tunnel-desk/shared/ip/address';
import { cidr, contains, firstAddress } from '@tunnel-desk/shared/ip/cidr';
import { HELD_BGP_STATES } from './bgp-status.ts';
import { idOf, type Neighbours, type Route, routeThrough } from './neighbours.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';
import { formatTimestamp } from './timestamps.ts';
import type { StoredTunnel, TunnelSettings } from './tunnel-store.ts';

export interface SeedOptions {
  readonly accountId: string;
  readonly count: number;
  /** The account's IPv6 prefix, in CIDR; one for documentation when absent. */
  readonly virtualSubnet6?: string | undefined;
  readonly bgpFilterProfiles: Neighbours['bgpFilterProfiles'];
  /** In milliseconds since the epoch. */
  readonly now: number;
}

const DAY_MS = 86_400_000;
const DAYS = 730;

/** The places that tunnels come from: mostly branches. */
const SITES = ['branch', 'branch', 'branch', 'branch', 'store', 'store', 'plant', 'office', 'dc'] as const;
const CITIES = [
  ['ams', 'Amsterdam'],
  ['arn', 'Stockholm'],
  ['ath', 'Athens'],
  ['bcn', 'Barcelona'],
  ['bom', 'Mumbai'],
  ['bru', 'Brussels'],
  ['cdg', 'Paris'],
  ['cph', 'Copenhagen'],
  ['dfw', 'Dallas'],
  ['dub', 'Dublin'],
  ['dus', 'Düsseldorf'],
  ['ewr', 'Newark'],
  ['fra', 'Frankfurt'],
  ['gru', 'São Paulo'],
  ['gva', 'Geneva'],
  ['ham', 'Hamburg'],
  ['hel', 'Helsinki'],
  ['hkg', 'Hong Kong'],
  ['iad', 'Ashburn'],
  ['jnb', 'Johannesburg'],
  ['lax', 'Los Angeles'],
  ['lhr', 'London'],
  ['lis', 'Lisbon'],
  ['mad', 'Madrid'],
  ['man', 'Manchester'],
  ['mex', 'Mexico City'],
  ['muc', 'Munich'],
  ['mxp', 'Milan'],
  ['nrt', 'Tokyo'],
  ['ord', 'Chicago'],
  ['osl', 'Oslo'],
  ['prg', 'Prague'],
  ['sea', 'Seattle'],
  ['sin', 'Singapore'],
  ['sjc', 'San Jose'],
  ['syd', 'Sydney'],
  ['vie', 'Vienna'],
  ['waw', 'Warsaw'],
  ['yyz', 'Toronto'],
  ['zrh', 'Zurich'],
] as const;
/** The two that the sandbox offers carry most of them. */
const CLOUDFLARE_ENDPOINTS = [
  '198.51.100.1',
  '203.0.113.1',
  '198.51.100.1',
  '203.0.113.1',
  '198.51.100.9',
  '203.0.113.9',
];
/** Of access providers all over the world; nothing is ever sent there. */
const CUSTOMER_NETWORKS = [
  '62.4',
  '77.12',
  '80.81',
  '91.33',
  '109.42',
  '145.53',
  '176.95',
  '185.12',
  '193.81',
  '213.61',
];
const NOTES = ['MPLS replacement', 'LTE backup line', 'managed by the region', 'see CHG-40713', 'moves next quarter'];
/** Behind what people type first, and apart from the neighbours. */
const FIRST_INTERFACE_ADDRESS = cidr('172.16.0.0/12').address;
const DOCUMENTATION_SUBNET6 = '2001:db8:f::/48';

/** Makes the tunnels; the first ones are the same however many there are. */
export function seedTunnels(options: SeedOptions): StoredTunnel[] {
  const random = seededRandom(options.accountId);
  const today = Math.floor(options.now / DAY_MS) * DAY_MS;
  const numbers = new Map<string, number>();
  return Array.from({ length: options.count }, (_, index) => {
    const place = { site: random.pick(SITES), city: random.pick(CITIES) };
    const prefix = `${place.site}-${place.city[0]}`;
    const number = (numbers.get(prefix) ?? 0) + 1;
    numbers.set(prefix, number);
    const name = `${prefix}-${String(number).padStart(4, '0')}`;
    const settings = settingsOf({ name, index, description: describe(place, random) }, options, random);
    return { id: idOf(options.accountId, name), settings, ...historyOf(settings, today, random) };
  });
}

/** Every fifth tunnel without BGP has a static route to the network behind it. */
export function seedRoutes(tunnels: readonly StoredTunnel[], accountId: string): Route[] {
  return tunnels.flatMap((tunnel, index) => {
    if (tunnel.settings.bgp !== undefined || index % 5 !== 0) return [];
    return routeThrough(tunnel, accountId, `10.${64 + (index >> 8)}.${index & 255}.0/24`);
  });
}

interface Site {
  readonly name: string;
  readonly index: number;
  readonly description: string | undefined;
}

function settingsOf({ name, index, description }: Site, options: SeedOptions, random: SeededRandom): TunnelSettings {
  return {
    name,
    ...(description !== undefined && { description }),
    cloudflare_endpoint: random.pick(CLOUDFLARE_ENDPOINTS),
    ...(random.chance(0.9) && { customer_endpoint: customerEndpoint(random) }),
    interface_address: interfaceAddress(index),
    ...(random.chance(0.08) && interfaceAddress6(index, options.virtualSubnet6)),
    ...(random.chance(0.02) && {
      custom_remote_identities: { fqdn_id: `${name}.${options.accountId}.custom.ipsec.cloudflare.com` },
    }),
    replay_protection: random.chance(0.1),
    automatic_return_routing: false,
    health_check: {
      enabled: random.chance(0.96),
      rate: random.pick(['mid', 'mid', 'mid', 'low', 'high'] as const),
      type: random.pick(['reply', 'request'] as const),
      direction: random.pick(['bidirectional', 'bidirectional', 'unidirectional'] as const),
    },
    ...(random.chance(1 / 3) && { bgp: bgpOf(index, options, random) }),
  };
}

function bgpOf(index: number, { bgpFilterProfiles }: SeedOptions, random: SeededRandom): TunnelSettings['bgp'] {
  const [importFilter, exportFilter] = bgpFilterProfiles;
  return {
    // Private ASNs of four bytes (RFC 6996), each on one tunnel only.
    customer_asn: 4_200_000_000 + index,
    ...(random.chance(0.3) && { md5_key: `bgp-${random.below(1_000_000)}` }),
    ...(random.chance(0.2) && { extra_prefixes: [`192.168.${random.below(256)}.0/24`] }),
    ...(importFilter && random.chance(0.3) && { import_filter_id: importFilter.id }),
    ...(exportFilter && random.chance(0.2) && { export_filter_id: exportFilter.id }),
  };
}

function describe({ site, city }: { site: string; city: readonly [string, string] }, random: SeededRandom) {
  if (!random.chance(0.4)) return undefined;
  const place = `${city[1]} ${site === 'dc' ? 'data centre' : site}`;
  return random.chance(0.5) ? place : `${place}, ${random.pick(NOTES)}`;
}

function customerEndpoint(random: SeededRandom): string {
  return `${random.pick(CUSTOMER_NETWORKS)}.${random.below(256)}.${1 + random.below(254)}`;
}

function interfaceAddress(index: number): string {
  return `${formatIp(plus(FIRST_INTERFACE_ADDRESS, 2 * index))}/31`;
}

/** None where the prefix has no room for it. */
function interfaceAddress6(index: number, subnet = DOCUMENTATION_SUBNET6): { interface_address6?: string } {
  const block = cidr(subnet);
  const address = plus(firstAddress(block), 2 * (index + 1));
  return contains(block, address) ? { interface_address6: `${formatIp(address)}/127` } : {};
}

function plus({ version, value }: IpAddress, offset: number): IpAddress {
  return { version, value: value + BigInt(offset) };
}

/** When it was created and last changed, whether it has a key, and how its BGP session is. */
function historyOf({ bgp }: TunnelSettings, today: number, random: SeededRandom) {
  const created = today - 1 - random.below(DAYS * DAY_MS);
  const modified = random.chance(0.4) ? created : created + random.below(today - created);
  const keySet = random.chance(0.94) ? created + random.below(modified - created + 1) : undefined;
  const createdOn = timestamp(created, random);
  return {
    createdOn,
    modifiedOn: modified === created ? createdOn : timestamp(modified, random),
    keySetOn: keySet === undefined ? undefined : keySet === created ? createdOn : timestamp(keySet, random),
    bgpSince: modified,
    heldBgpState: bgp !== undefined && random.chance(0.2) ? random.pick(HELD_BGP_STATES) : undefined,
  };
}

function timestamp(ms: number, random: SeededRandom): string {
  return formatTimestamp(ms, random.below(1_000_000));
}
