// The address of Cloudflare's side of a tunnel, in IPv4 and in IPv6, and when a fix for it is certain.

import { revealInvisible } from '../characters.ts';
import { formatIp, type IpAddress, parseIpv4, parseIpv6 } from '../ip/address.ts';
import { type Cidr, cidr, contains, firstAddress, formatCidr, parseCidr, peerAddress } from '../ip/cidr.ts';
import type { ValueIssue } from '../issues.ts';
import { cidrFromNetmask, formatRange, tooLong, unreadable } from './near-misses.ts';

/** `reference` is the API reference; `guide` adds what the "Configure tunnel endpoints" guide allows beyond it. */
export const INTERFACE_ADDRESS_RULES = ['reference', 'guide'] as const;
export type InterfaceAddressRules = (typeof INTERFACE_ADDRESS_RULES)[number];

/** RFC 1918, the space the API reference asks interface addresses to come from. */
export const PRIVATE_IPV4_BLOCKS = [cidr('10.0.0.0/8'), cidr('172.16.0.0/12'), cidr('192.168.0.0/16')];
/** The link-local space the guide also allows, where AWS Site-to-Site VPN takes its pairs from. */
export const GUIDE_LINK_LOCAL_BLOCK = cidr('169.254.240.0/20');

const ALLOWED = {
  reference: { lengths: [31], blocks: PRIVATE_IPV4_BLOCKS },
  guide: { lengths: [31, 30], blocks: [...PRIVATE_IPV4_BLOCKS, GUIDE_LINK_LOCAL_BLOCK] },
} as const satisfies Record<InterfaceAddressRules, object>;

const GUIDE_ALLOWS_MORE =
  "Cloudflare's guide also allows /30 and 169.254.240.0/20; your administrator can allow it here with INTERFACE_ADDRESS_RULES=guide";

/** The prefix lengths an IPv4 interface address can have, as words: `/31 or /30`. */
export function allowedLengths(rules: InterfaceAddressRules): string {
  return ALLOWED[rules].lengths.map((length) => `/${length}`).join(' or ');
}

/** The blocks an IPv4 interface address can be in, as words: `10.0.0.0–10.255.255.255, …`. */
export function allowedRanges(rules: InterfaceAddressRules): string {
  return ALLOWED[rules].blocks.map(formatRange).join(', ');
}

/** Whether every address of the IPv4 block is one that an interface can have under these rules. */
export function isAllowedBlock(block: Cidr, rules: InterfaceAddressRules): boolean {
  return ALLOWED[rules].blocks.some((each) => each.prefixLength <= block.prefixLength && contains(each, block.address));
}

/** The issue of an IPv4 interface address under these rules; `undefined` when it is right. */
export function validateInterfaceAddress(text: string, rules: InterfaceAddressRules): ValueIssue | undefined {
  const { lengths, blocks }: { lengths: readonly number[]; blocks: readonly Cidr[] } = ALLOWED[rules];
  const prefix = parseCidr(text);
  const isInside = (address: IpAddress) => blocks.some((block) => contains(block, address));
  // Nearly every address is right, and needs none of the words below.
  if (prefix && isInside(prefix.address) && lengths.includes(prefix.prefixLength) && peerAddress(prefix))
    return undefined;
  const wanted = allowedLengths(rules);
  const written = prefix ?? cidrFromNetmask(text);
  const address = written?.address ?? parseIpv4(text);
  if (address === undefined || address.version !== 4) {
    const tooLongMessage = parseIpv4(text.split('/')[0] ?? '') && tooLong(text);
    if (tooLongMessage !== undefined) return { message: `${tooLongMessage}; a tunnel interface must be ${wanted}` };
    return unreadable(text, `an IPv4 address with ${wanted}, such as 10.0.0.0/31`, (meant) =>
      validateInterfaceAddress(meant, rules),
    );
  }
  const shown = revealInvisible(text);
  if (!isInside(address)) {
    const message = `${formatIp(address)} is outside ${allowedRanges(rules)}`;
    return { message: contains(GUIDE_LINK_LOCAL_BLOCK, address) ? `${message}. ${GUIDE_ALLOWS_MORE}` : message };
  }
  if (written === undefined) {
    const suggestion = certainFix({ address, prefixLength: 32 }, rules);
    const message = `${shown} has no prefix length: add the prefix length`;
    return suggestion === undefined ? { message: `${message}, ${wanted}` } : { message, suggestion };
  }
  if (!lengths.includes(written.prefixLength)) {
    const message = `${shown} is a /${written.prefixLength}; a tunnel interface must be ${wanted}`;
    if (written.prefixLength === 30) return { message: `${message}. ${GUIDE_ALLOWS_MORE}` };
    return { message, suggestion: certainFix(written, rules) };
  }
  if (peerAddress(written) === undefined) return validateSlash30Edge(written);
  return { message: `${shown} is not in CIDR notation: write the prefix length`, suggestion: formatCidr(written) };
}

/**
 * The address with another length, where that leaves both ends what was meant. A host in a longer block has a peer that
 * is not written, so only a single address and a whole network can be fixed, and only where one length alone is possible:
 * in a link-local pair that may be the /30 which AWS uses.
 */
function certainFix(written: Cidr, rules: InterfaceAddressRules): string | undefined {
  const { address, prefixLength } = written;
  const isNetwork = prefixLength < 30 && firstAddress(written).value === address.value;
  if ((prefixLength !== 32 && !isNetwork) || contains(GUIDE_LINK_LOCAL_BLOCK, address)) return undefined;
  const possible = ALLOWED[rules].lengths
    .map((length) => ({ address, prefixLength: length }))
    .filter((candidate) => peerAddress(candidate) !== undefined);
  const [only, ...others] = possible;
  return only !== undefined && others.length === 0 ? formatCidr(only) : undefined;
}

/** Which of the usable addresses is Cloudflare's is not written, so there is no fix. */
function validateSlash30Edge(block: Cidr): ValueIssue {
  const { address } = block;
  const network = firstAddress(block).value;
  const [first, second] = [1n, 2n].map((offset) => formatIp({ version: 4, value: network + offset }));
  return {
    message: `${formatIp(address)} is the ${address.value === network ? 'network' : 'broadcast'} address of its /30, which no interface can have; the usable ones are ${first} and ${second}`,
  };
}

/** The issue of an IPv6 interface address, in the account's `virtualSubnet6` where that is known; `undefined` when it is right. */
export function validateInterfaceAddress6(text: string, virtualSubnet6: Cidr | undefined): ValueIssue | undefined {
  const written = parseCidr(text);
  const address = written?.address ?? parseIpv6(text);
  if (address === undefined || address.version !== 6) {
    const tooLongMessage = parseIpv6(text.split('/')[0] ?? '') && tooLong(text);
    if (tooLongMessage !== undefined) return { message: `${tooLongMessage}; an IPv6 tunnel interface must be /127` };
    return unreadable(text, 'an IPv6 address with /127, such as 2001:db8::2/127', (meant) =>
      validateInterfaceAddress6(meant, virtualSubnet6),
    );
  }
  const first = firstAddress({ address, prefixLength: 127 });
  const outside = virtualSubnet6 && validateVirtualSubnet6(first, virtualSubnet6);
  if (outside !== undefined) return outside;
  if (written?.prefixLength === 127 && address.value === first.value) return undefined;
  const suggestion = certainFix6(written ?? { address, prefixLength: 128 });
  if (written === undefined && suggestion !== undefined) {
    return { message: `${text} has no prefix length: add the prefix length`, suggestion };
  }
  if (written !== undefined && written.prefixLength !== 127) {
    return { message: `${text} is a /${written.prefixLength}; an IPv6 tunnel interface must be /127`, suggestion };
  }
  // To write the first address instead would exchange the two ends.
  return {
    message: `${text} is the second address of its /127; it must be the first, ${formatIp(first)}, which is Cloudflare's side`,
  };
}

/** As for IPv4: a single address or a whole network, and none that would exchange the two ends. */
function certainFix6(written: Cidr): string | undefined {
  const { address, prefixLength } = written;
  const isNetwork = prefixLength < 126 && firstAddress(written).value === address.value;
  const isFirst = address.value % 2n === 0n;
  return isFirst && (prefixLength === 128 || isNetwork) ? formatCidr({ address, prefixLength: 127 }) : undefined;
}

function validateVirtualSubnet6(address: IpAddress, virtualSubnet6: Cidr): ValueIssue | undefined {
  if (!contains(virtualSubnet6, address)) {
    return { message: `${formatIp(address)} is outside the account's virtual_subnet6, ${formatCidr(virtualSubnet6)}` };
  }
  if (address.value === virtualSubnet6.address.value) {
    return {
      message: `${formatIp(address)} is the address of the account's virtual_subnet6 itself; choose another one in ${formatCidr(virtualSubnet6)}`,
    };
  }
  return undefined;
}
