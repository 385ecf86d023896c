// The lowest interface subnet that no tunnel has: a free /31 in the pools it may come from.

import { formatIp, type IpAddress } from '../ip/address.ts';
import { type Cidr, contains, firstAddress, formatCidr, parseCidr } from '../ip/cidr.ts';
import type { KnownTunnel } from './conflicts.ts';
import { PRIVATE_IPV4_BLOCKS } from './interface-address.ts';

/** What of a tunnel takes up addresses. */
export type AddressHolder = Pick<KnownTunnel, 'interface_address'>;

export type FreeSubnet =
  /** The address of Cloudflare's side, with its length, and the pool that it is in. */
  | { readonly kind: 'free'; readonly interfaceAddress: string; readonly pool: string }
  | { readonly kind: 'full'; readonly pools: readonly string[] };

/** IPv4 addresses as numbers, the last one included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** How long the block used most is, and how far it is widened where it is full, before its whole private block. */
const BLOCK_LENGTHS = [24, 16];
const BLOCK_SIZE = 256;
/** 10.0.0.0, where the search begins while no tunnel has an address. */
const FIRST_BLOCK = 0x0a00_0000;

/**
 * The lowest /31 of the pools that shares no address with a tunnel's IPv4 interface subnet. Pools are IPv4 blocks of /31 or
 * shorter, in any order. Takes as long as sorting the tunnels.
 */
export function lowestFreeSubnet(pools: readonly Cidr[], tunnels: readonly AddressHolder[]): FreeSubnet {
  return lowestFreeBeside(rangesOf(tunnels).toSorted(byFirst), pools);
}

/**
 * The lowest free /31 of the /24 in RFC 1918 space that most tunnels have their addresses in, the lowest one where several
 * have as many; where it is full, of its /16, and then of its whole private block. Without any such tunnel, of 10.0.0.0/8.
 * Link-local pairs do not count: the other side dictates them, as AWS does. `others` are tunnels of other kinds: they
 * take addresses, and have no say in the block.
 */
export function lowestFreeInBlockUsedMost(
  tunnels: readonly AddressHolder[],
  others: readonly AddressHolder[],
): FreeSubnet {
  const used = rangesOf(tunnels);
  const blocks = blocksUsedMost(used);
  const taken = [...used, ...rangesOf(others)].toSorted(byFirst);
  for (const block of blocks) {
    const found = lowestFreeBeside(taken, [block]);
    if (found.kind === 'free') return found;
  }
  return { kind: 'full', pools: blocks.slice(-1).map(formatCidr) };
}

/** One pass over the pools and over what is taken, both in the order of their first addresses. */
function lowestFreeBeside(taken: readonly Range[], pools: readonly Cidr[]): FreeSubnet {
  const texts = pools.map(formatCidr);
  const inOrder = pools.map((pool, index) => ({ ...rangeOf(pool), text: texts[index] ?? '' })).toSorted(byFirst);
  let candidate = 0;
  let passed = 0;
  for (const { first, last, text } of inOrder) {
    candidate = Math.max(candidate, first);
    for (let next = taken[passed]; next !== undefined && next.first <= candidate + 1; next = taken[++passed]) {
      candidate = Math.max(candidate, evenAfter(next.last));
    }
    if (candidate < last) return { kind: 'free', interfaceAddress: `${formatIp(addressAt(candidate))}/31`, pool: text };
  }
  return { kind: 'full', pools: texts };
}

/** The block used most, then what is around it; never beyond its private block. */
function blocksUsedMost(used: readonly Range[]): Cidr[] {
  const counts = new Map<number, number>();
  for (const { first } of used) {
    const start = first - (first % BLOCK_SIZE);
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  const byUse = [...counts].toSorted(([a, countA], [b, countB]) => countB - countA || a - b);
  for (const start of [...byUse.map(([each]) => each), FIRST_BLOCK]) {
    const whole = PRIVATE_IPV4_BLOCKS.find((block) => contains(block, addressAt(start)));
    if (whole === undefined) continue;
    const lengths = BLOCK_LENGTHS.filter((length) => length > whole.prefixLength);
    return [...lengths.map((prefixLength) => blockAround({ address: addressAt(start), prefixLength })), whole];
  }
  return [];
}

/** What the tunnels take up; what is not IPv4 takes up nothing here. */
function rangesOf(tunnels: readonly AddressHolder[]): Range[] {
  return tunnels.flatMap(({ interface_address }) => {
    const subnet = parseCidr(interface_address);
    return subnet?.address.version === 4 ? [rangeOf(subnet)] : [];
  });
}

function rangeOf({ address, prefixLength }: Cidr): Range {
  const value = Number(address.value);
  const size = 2 ** (32 - prefixLength);
  const first = value - (value % size);
  return { first, last: first + size - 1 };
}

function blockAround(block: Cidr): Cidr {
  return { ...block, address: firstAddress(block) };
}

function addressAt(value: number): IpAddress {
  return { version: 4, value: BigInt(value) };
}

/** The lowest even address behind this one. */
function evenAfter(address: number): number {
  return address + 2 - (address % 2);
}

function byFirst(a: Range, b: Range): number {
  return a.first - b.first;
}
