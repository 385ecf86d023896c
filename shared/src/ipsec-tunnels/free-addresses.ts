// The lowest interface subnets that no tunnel has: free /31s in the pools they may come from.

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
  const [found] = freeBeside(sortedRanges(tunnels), pools);
  return found ? toFreeSubnet(found) : { kind: 'full', pools: pools.map(formatCidr) };
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
  const blocks = blocksUsedMost(rangesOf(tunnels));
  const [found] = freeInBlocks(sortedRanges([...tunnels, ...others]), blocks);
  return found ? toFreeSubnet(found) : { kind: 'full', pools: blocks.slice(-1).map(formatCidr) };
}

/** What takes up addresses: the account's tunnels, and whatever else has some, which has no say in the block used most. */
export interface TakenAddresses {
  readonly tunnels: readonly AddressHolder[];
  readonly others: readonly AddressHolder[];
}

/** Gives each free interface address once; beside an address, of its /24 first. `undefined` where there is none left. */
export type FreeAddresses = (beside?: string) => string | undefined;

/**
 * The interface addresses of the lowest free /31s, one after the other: of the pools; or, without any, of the block used most
 * and what is around it, where the /24 of an address in RFC 1918 space can be asked for.
 */
export function freeAddresses(pools: readonly Cidr[] | undefined, taken: TakenAddresses): FreeAddresses {
  const ranges = sortedRanges([...taken.tunnels, ...taken.others]);
  const anywhere = pools ? freeBeside(ranges, pools) : freeInBlocks(ranges, blocksUsedMost(rangesOf(taken.tunnels)));
  const inBlock = pools ? () => undefined : freeByBlock(ranges);
  const given = new Set<number>();
  const nextOf = (pairs: Iterator<FreePair, undefined> | undefined): string | undefined => {
    for (let found = pairs?.next().value; found !== undefined; found = pairs?.next().value) {
      if (given.has(found.first)) continue;
      given.add(found.first);
      return toFreeSubnet(found).interfaceAddress;
    }
    return undefined;
  };
  return (beside) => nextOf(beside === undefined ? undefined : inBlock(beside)) ?? nextOf(anywhere);
}

/** The free pairs of an address's /24, each block's search begun once. */
function freeByBlock(ranges: readonly Range[]): (address: string) => Iterator<FreePair, undefined> | undefined {
  const narrow = Map.groupBy(ranges, ({ first }) => blockStart(first));
  const wide = ranges.filter(({ first, last }) => blockStart(first) !== blockStart(last));
  const searches = new Map<number, Iterator<FreePair, undefined>>();
  return (address) => {
    const [range] = rangesOf([{ interface_address: address }]);
    if (range === undefined) return undefined;
    const start = blockStart(range.first);
    const isPrivate = PRIVATE_IPV4_BLOCKS.some((block) => contains(block, addressAt(start)));
    if (!isPrivate) return undefined;
    const begun = searches.get(start);
    if (begun !== undefined) return begun;
    const near = [...(narrow.get(start) ?? []), ...wide].toSorted(byFirst);
    const search = freeBeside(near, [{ address: addressAt(start), prefixLength: 24 }]);
    searches.set(start, search);
    return search;
  };
}

interface FreePair {
  /** The lower one of its two addresses. */
  readonly first: number;
  readonly pool: string;
}

function toFreeSubnet({ first, pool }: FreePair): Extract<FreeSubnet, { kind: 'free' }> {
  return { kind: 'free', interfaceAddress: `${formatIp(addressAt(first))}/31`, pool };
}

/** One pass over the pools and over what is taken, both in the order of their first addresses. */
function* freeBeside(taken: readonly Range[], pools: readonly Cidr[]): Generator<FreePair, undefined> {
  const inOrder = pools.map((pool) => ({ ...rangeOf(pool), pool: formatCidr(pool) })).toSorted(byFirst);
  let candidate = 0;
  let passed = 0;
  for (const { first, last, pool } of inOrder) {
    candidate = Math.max(candidate, first);
    while (candidate < last) {
      for (let next = taken[passed]; next !== undefined && next.first <= candidate + 1; next = taken[++passed]) {
        candidate = Math.max(candidate, evenAfter(next.last));
      }
      if (candidate >= last) break;
      yield { first: candidate, pool };
      candidate += 2;
    }
  }
}

/** Of each block in turn, the next of which lies around it. */
function* freeInBlocks(taken: readonly Range[], blocks: readonly Cidr[]): Generator<FreePair, undefined> {
  let passed: Range | undefined;
  for (const block of blocks) {
    for (const found of freeBeside(taken, [block])) {
      const isPassed = passed !== undefined && passed.first <= found.first && found.first <= passed.last;
      if (!isPassed) yield found;
    }
    passed = rangeOf(block);
  }
}

/** The block used most, then what is around it; never beyond its private block. */
function blocksUsedMost(used: readonly Range[]): Cidr[] {
  const counts = new Map<number, number>();
  for (const { first } of used) {
    const start = blockStart(first);
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

function sortedRanges(tunnels: readonly AddressHolder[]): Range[] {
  return rangesOf(tunnels).toSorted(byFirst);
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

/** Where the /24 begins that the address is in. */
function blockStart(address: number): number {
  return address - (address % BLOCK_SIZE);
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
