// Subnets and whose each is, in an order in which those that share an address with another are found without a scan.

import { type IpAddress, ipv4Value } from './address.ts';
import { blockSize, type Cidr, firstAddress, parseCidr } from './cidr.ts';

/** A subnet, as it is written, and whose it is. */
export interface OwnedSubnet<Owner> {
  readonly owner: Owner;
  readonly text: string;
}

/** IPv4 addresses are plain numbers here, which are compared many times as fast as those of IPv6. */
interface Place {
  readonly first: number | bigint;
  readonly last: number | bigint;
  readonly length: number;
}

type PlacedSubnet<Owner> = OwnedSubnet<Owner> & Place;

interface Family<Owner> {
  subnets: PlacedSubnet<Owner>[];
  isSorted: boolean;
  /** The prefix lengths there are. */
  readonly lengths: Set<number>;
}

/**
 * Two prefixes overlap only where one lies inside the other. In the order of their first addresses, those inside the one that
 * is asked about follow each other; each that it lies inside is its own bits, cut to one of the shorter lengths there are.
 */
export class SubnetIndex<Owner> {
  readonly #families: Readonly<Record<4 | 6, Family<Owner>>> = { 4: emptyFamily(), 6: emptyFamily() };

  /** Adds the subnet around a text in CIDR; a text that is none is left out. */
  add(owner: Owner, text: string): void {
    const v4 = placeIpv4(text);
    const place = v4 ?? placeIpv6(text);
    if (place === undefined) return;
    const { first, last, length } = place;
    const family = this.#families[v4 ? 4 : 6];
    family.subnets.push({ owner, text, first, last, length });
    family.isSorted = false;
    family.lengths.add(length);
  }

  /** Puts what was added in order, which the next question does otherwise. */
  sort(): void {
    for (const family of [this.#families[4], this.#families[6]]) sorted(family);
  }

  /** The owners of those that share an address with another one, in the order of their addresses. */
  colliding(): Owner[] {
    return [4 as const, 6 as const].flatMap((version) => {
      const subnets = sorted(this.#families[version]);
      let highest: Place['last'] = -1;
      return subnets
        .filter(({ first, last }, index) => {
          const next = subnets[index + 1];
          const collides = first <= highest || (next !== undefined && next.first <= last);
          if (last > highest) highest = last;
          return collides;
        })
        .map(({ owner }) => owner);
    });
  }

  /** How many share an address with this one, and the first few of them. */
  overlapping(asked: Cidr, most: number): { readonly count: number; readonly first: readonly OwnedSubnet<Owner>[] } {
    const { address, prefixLength } = asked;
    const family = this.#families[address.version];
    const subnets = sorted(family);
    const start = firstOf(address, prefixLength);
    const from = countBefore(subnets, start, prefixLength);
    const to = countBefore(subnets, endOf(asked), 0);
    const inside = subnets.slice(from, Math.min(to, from + most));
    let count = to - from;
    const around: PlacedSubnet<Owner>[] = [];
    for (const length of [...family.lengths].sort((a, b) => a - b)) {
      if (length >= prefixLength) break;
      const first = firstOf(address, length);
      const begin = countBefore(subnets, first, length);
      const end = countBefore(subnets, first, length + 1);
      count += end - begin;
      if (around.length < most) around.push(...subnets.slice(begin, Math.min(end, begin + most)));
    }
    return { count, first: [...around, ...inside].slice(0, most) };
  }
}

function emptyFamily<Owner>(): Family<Owner> {
  return { subnets: [], isSorted: true, lengths: new Set() };
}

/** By first address, and what lies around before what lies inside. */
function sorted<Owner>(family: Family<Owner>): readonly PlacedSubnet<Owner>[] {
  if (!family.isSorted) family.subnets.sort(compare);
  family.isSorted = true;
  return family.subnets;
}

function compare(a: Omit<Place, 'last'>, b: Omit<Place, 'last'>): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.length - b.length;
}

/** How many of the sorted subnets come before one of this place: a binary search. */
function countBefore(subnets: readonly Place[], first: Place['first'], length: number): number {
  let low = 0;
  let high = subnets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const subnet = subnets[middle];
    const isBefore = subnet !== undefined && (subnet.first === first ? subnet.length < length : subnet.first < first);
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeIpv4(text: string): Place | undefined {
  const slash = text.indexOf('/');
  const value = slash === -1 ? undefined : ipv4Value(text, slash);
  if (value === undefined) return undefined;
  const lengthText = text.slice(slash + 1);
  if (!/^(?:[12]?\d|3[0-2])$/.test(lengthText)) return undefined;
  const length = Number(lengthText);
  const size = 2 ** (32 - length);
  const first = value - (value % size);
  return { first, last: first + size - 1, length };
}

function placeIpv6(text: string): Place | undefined {
  const block = text.includes(':') ? parseCidr(text) : undefined;
  if (block === undefined) return undefined;
  const first = firstAddress(block).value;
  return { first, last: first + blockSize(block) - 1n, length: block.prefixLength };
}

function firstOf({ version, value }: IpAddress, length: number): number | bigint {
  if (version === 6) return firstAddress({ address: { version, value }, prefixLength: length }).value;
  const number = Number(value);
  return number - (number % 2 ** (32 - length));
}

/** The first address behind it. */
function endOf(block: Cidr): number | bigint {
  const end = firstAddress(block).value + blockSize(block);
  return block.address.version === 4 ? Number(end) : end;
}
