// Addresses that are not publicly routable, and what kind each is.

import type { IpAddress } from './address.ts';
import { cidr, firstAddress, lastAddress } from './cidr.ts';

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

/** The kind of an address that no side of a tunnel over the internet can have; `undefined` for every other. */
export function specialKind(address: IpAddress): string | undefined {
  return kindIn(SPECIAL_BLOCKS, address);
}

/** The kind of an address that is not publicly routable; `undefined` for one that is. */
export function notPublicKind(address: IpAddress): string | undefined {
  return kindIn(NOT_PUBLIC_BLOCKS, address);
}

/** With its ends at hand, because thousands of addresses may be looked for in all of them. */
interface NamedBlock {
  readonly kind: string;
  readonly first: IpAddress;
  readonly last: IpAddress;
}

function namedBlocks(kinds: Readonly<Record<string, readonly string[]>>): NamedBlock[] {
  return Object.entries(kinds).flatMap(([kind, blocks]) =>
    blocks.map(cidr).map((block) => ({ kind, first: firstAddress(block), last: lastAddress(block) })),
  );
}

function kindIn(blocks: readonly NamedBlock[], { version, value }: IpAddress): string | undefined {
  return blocks.find(({ first, last }) => first.version === version && first.value <= value && value <= last.value)
    ?.kind;
}
