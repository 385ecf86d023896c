// An address with a prefix length, as in 192.0.2.1/31, and the block of addresses around it.

import { ADDRESS_BITS, formatIp, type IpAddress, parseIp } from './address.ts';

/** The address as written and its prefix length in bits; host bits may be set. */
export interface Cidr {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** `address/length` with a decimal length without sign or leading zeros, within the family's bits; else `undefined`. */
export function parseCidr(text: string): Cidr | undefined {
  // A field's schema and its advice read the same text, one after the other.
  if (text !== lastParsed.text) lastParsed = { text, block: readCidr(text) };
  return lastParsed.block;
}

let lastParsed: { readonly text: string; readonly block: Cidr | undefined } = { text: '', block: undefined };

function readCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash === -1) return undefined;
  const address = parseIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefixLength = Number(length);
  return prefixLength <= ADDRESS_BITS[address.version] ? { address, prefixLength } : undefined;
}

/** A CIDR that is written in the code; throws when it is not one, which would be a bug. */
export function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not a CIDR: ${text}`);
  return parsed;
}

/** The canonical text, with the address as it is, host bits included. */
export function formatCidr({ address, prefixLength }: Cidr): string {
  return `${formatIp(address)}/${prefixLength}`;
}

/** The netmask of the block, as routers write it beside the address: 255.255.255.254 of a /31. */
export function netmask({ address: { version }, prefixLength }: Cidr): IpAddress {
  const all = (1n << BigInt(ADDRESS_BITS[version])) - 1n;
  return { version, value: all - (all >> BigInt(prefixLength)) };
}

/** The address as it is and the netmask, with a blank or what a router has between them: `10.0.0.1 255.255.255.254`. */
export function formatWithNetmask(block: Cidr, between = ' '): string {
  return formatIp(block.address) + between + formatIp(netmask(block));
}

/** How many addresses the block holds. */
export function blockSize({ address, prefixLength }: Cidr): bigint {
  const hostBits = ADDRESS_BITS[address.version] - prefixLength;
  return SIZES[hostBits] ?? 1n << BigInt(hostBits);
}

/** By the bits of the host, because a list of thousands asks for a few of them. */
const SIZES = Array.from({ length: ADDRESS_BITS[6] + 1 }, (_, hostBits) => 1n << BigInt(hostBits));

/** The lowest address of the block: its network address, where the block is long enough to have one. */
export function firstAddress(block: Cidr): IpAddress {
  const { version, value } = block.address;
  return { version, value: value & -blockSize(block) };
}

/** The highest address of the block. */
export function lastAddress(block: Cidr): IpAddress {
  const first = firstAddress(block);
  return { version: first.version, value: first.value + blockSize(block) - 1n };
}

/** Whether the address lies in the block; never across families. */
export function contains(block: Cidr, address: IpAddress): boolean {
  const { version, value } = block.address;
  // Both have the same bits before the host's.
  return version === address.version && (value ^ address.value) < blockSize(block);
}

/** Whether the two blocks share an address; never across families. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b.address) || contains(b, a.address);
}

/**
 * The peer's address on a point-to-point block of two usable addresses: an IPv4 /31 (RFC 3021) or IPv6 /127 (RFC 6164),
 * whose addresses are both usable, or an IPv4 /30, whose first and last are not.
 * `undefined` for any other length, and for the network and broadcast address of a /30.
 */
export function peerAddress({ address, prefixLength }: Cidr): IpAddress | undefined {
  const hostBits = ADDRESS_BITS[address.version] - prefixLength;
  if (hostBits === 1) return { version: address.version, value: address.value ^ 1n };
  const isUsableInSlash30 = address.value % 4n === 1n || address.value % 4n === 2n;
  if (address.version === 4 && hostBits === 2 && isUsableInSlash30) return { version: 4, value: address.value ^ 3n };
  return undefined;
}
