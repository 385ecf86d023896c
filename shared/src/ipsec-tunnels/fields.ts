// One schema per field of an IPsec tunnel, each with the rule's source and the fix where one is certain.

import { z } from 'zod';
import { formatIp, type IpAddress, parseIp, parseIpv4, parseIpv6 } from '../ip/address.ts';
import {
  type Cidr,
  cidr,
  contains,
  firstAddress,
  formatCidr,
  lastAddress,
  parseCidr,
  peerAddress,
} from '../ip/cidr.ts';
import { reportIssue, textField, typeMessage, type ValueIssue } from '../issues.ts';

/** `reference` is the API reference; `guide` adds what the "Configure tunnel endpoints" guide allows beyond it. */
export const INTERFACE_ADDRESS_RULES = ['reference', 'guide'] as const;
export type InterfaceAddressRules = (typeof INTERFACE_ADDRESS_RULES)[number];

/** RFC 1918, the space the API reference asks interface addresses to come from. */
export const PRIVATE_IPV4_BLOCKS = [cidr('10.0.0.0/8'), cidr('172.16.0.0/12'), cidr('192.168.0.0/16')];
/** The link-local space the guide also allows, where AWS Site-to-Site VPN draws its pairs from. */
export const GUIDE_LINK_LOCAL_BLOCK = cidr('169.254.240.0/20');

/** The highest 4-octet AS number (RFC 6793). */
export const MAX_ASN = 4_294_967_295;

const CLOUDFLARE_IDENTIFIER_PATTERN = /^[0-9a-f]{32}$/;
/** Neither a letter, digit, sign nor plain blank: control and format characters, and blanks of other widths. */
const INVISIBLE_PATTERN = /^[^\p{L}\p{N}\p{P}\p{S} ]$/u;
const DNS_LABEL_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** Never 32 digits, which would be the identifier of an account that is written in hexadecimal. */
const NUMERIC_IDENTITY_PATTERN = /^[^.]+\.(?!\d{32}\.)[1-9]\d*\.custom\.ipsec\.cloudflare\.com$/;
/** A label alone, or with the ID of another account or in other capitals behind it: what was meant is certain. */
const MENDABLE_IDENTITY_PATTERN = /^([^.]+)(?:\.[0-9a-f]{32}\.custom\.ipsec\.cloudflare\.com\.?)?$/i;

/** A Cloudflare identifier, as of an account or a BGP filter profile: 32 lowercase hexadecimal characters. */
export const cloudflareIdentifier = textField((text) =>
  CLOUDFLARE_IDENTIFIER_PATTERN.test(text) ? undefined : { message: 'must be 32 lowercase hexadecimal characters' },
);

export const name = textField(
  (text) => (text.trim() === '' ? { message: 'a name is required' } : undefined),
  'a name is required',
);

export const description = z.string({ error: typeMessage('a string') });

export const cloudflareEndpoint = textField(
  validateIpAddress,
  'a Cloudflare endpoint is required: one of the two anycast addresses Cloudflare assigned to the account',
);

export const customerEndpoint = textField(validateIpAddress);

/** Cloudflare's side of the tunnel in IPv4 CIDR (API reference; wider under the guide's rules). */
export function interfaceAddress(rules: InterfaceAddressRules) {
  return textField(
    (text) => validateInterfaceAddress(text, rules),
    `an interface address is required: a private IPv4 address with ${rules === 'guide' ? '/31 or /30' : '/31'}, such as 10.0.0.0/31`,
  );
}

/** The first address of an IPv6 /127, inside the account's `virtualSubnet6` where that is known (API reference). */
export function interfaceAddress6(virtualSubnet6?: string) {
  const subnet = virtualSubnet6 === undefined ? undefined : cidr(virtualSubnet6);
  return textField((text) => validateInterfaceAddress6(text, subnet));
}

/** Write-only; no message ever repeats it. */
export const psk = textField((text) => (text === '' ? { message: 'a pre-shared key cannot be empty' } : undefined));

export const flag = z.boolean({ error: typeMessage('true or false') });

/** The fixed part of a custom IKE identity, behind the label the customer chooses (SDK types). */
export function customIdentitySuffix(accountId: string): string {
  return `.${accountId}.custom.ipsec.cloudflare.com`;
}

/** `<custom label>.<account ID>.custom.ipsec.cloudflare.com`, for the account that is called (SDK types). */
export function fqdnId(accountId: string) {
  const suffix = customIdentitySuffix(accountId);
  return textField((text) => {
    const isOwn = text.endsWith(suffix);
    const label = isOwn ? text.slice(0, -suffix.length) : isNumericIdentity(text) ? text.split('.')[0] : undefined;
    if (label !== undefined && DNS_LABEL_PATTERN.test(label)) return undefined;
    if (label !== undefined) {
      return { message: 'the label must be 1 to 63 letters, digits or hyphens, with no hyphen at either end' };
    }
    const [, written = ''] = MENDABLE_IDENTITY_PATTERN.exec(text.trim()) ?? [];
    return {
      message: `must be a label followed by ${suffix}`,
      suggestion: DNS_LABEL_PATTERN.test(written) ? written + suffix : undefined,
    };
  });
}

/** Whether a custom IKE identity names its account by a decimal number, as some accounts have them. */
export function isNumericIdentity(text: string): boolean {
  return NUMERIC_IDENTITY_PATTERN.test(text);
}

export const customerAsn = z.unknown().transform((value, context): number => {
  const issue = validateAsn(value);
  if (issue === undefined && typeof value === 'number') return value;
  reportIssue(context, issue ?? ASN_OUT_OF_RANGE);
  return z.NEVER;
});

/** Printable ASCII but for `"` and `?` (API reference). */
export const md5Key = textField((text) => {
  if (text === '') return { message: 'an MD5 key cannot be empty: leave it out instead' };
  for (const [index, character] of [...text].entries()) {
    const called = forbiddenInMd5Key(character);
    if (called !== undefined)
      return { message: `character ${index + 1} is ${called}, which an MD5 key cannot contain` };
  }
  return undefined;
});

/** A network prefix of either family, without host bits (API reference). */
export const extraPrefix = textField((text) => {
  const block = parseCidr(text);
  if (block !== undefined) {
    const network = { address: firstAddress(block), prefixLength: block.prefixLength };
    if (network.address.value === block.address.value) return undefined;
    return { message: `in ${text} host bits are set`, suggestion: formatCidr(network) };
  }
  if (parseIp(text) !== undefined) return { message: `${text} has no prefix length` };
  const fromNetmask = cidrFromNetmask(text);
  return {
    message: notA('a CIDR prefix such as 10.1.0.0/16', text),
    suggestion:
      fromNetmask && formatCidr({ address: firstAddress(fromNetmask), prefixLength: fromNetmask.prefixLength }),
  };
});

export const HEALTH_CHECK_RATES = ['low', 'mid', 'high'] as const;
export const HEALTH_CHECK_TYPES = ['reply', 'request'] as const;
export const HEALTH_CHECK_DIRECTIONS = ['unidirectional', 'bidirectional'] as const;
export const healthCheckRate = oneOf(HEALTH_CHECK_RATES);
export const healthCheckType = oneOf(HEALTH_CHECK_TYPES);
export const healthCheckDirection = oneOf(HEALTH_CHECK_DIRECTIONS);

/** An IP address, or the empty string for Cloudflare's calculated default. */
export const healthCheckTargetAddress = textField((text) => (text === '' ? undefined : validateIpAddress(text)));

function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: () => `must be one of ${words.join(', ')}` });
}

function validateIpAddress(text: string): ValueIssue | undefined {
  if (parseIp(text) !== undefined) return undefined;
  const block = parseCidr(text);
  if (block !== undefined) {
    return {
      message: `${text} has a prefix length, and an endpoint is one address`,
      suggestion: text.slice(0, text.indexOf('/')),
    };
  }
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  return {
    message: text.includes('%')
      ? `${text} has a zone ID, which cannot be used here`
      : notA('an IP address such as 203.0.113.1', text),
    suggestion: bare !== text && parseIpv6(bare) !== undefined ? bare : undefined,
  };
}

function validateInterfaceAddress(text: string, rules: InterfaceAddressRules): ValueIssue | undefined {
  const lengths = rules === 'guide' ? [31, 30] : [31];
  const wanted = lengths.map((length) => `/${length}`).join(' or ');
  const written = parseCidr(text) ?? cidrFromNetmask(text);
  const address = written?.address ?? parseIpv4(text);
  if (address === undefined || address.version !== 4) {
    return { message: notA(`an IPv4 address with ${wanted}, such as 10.0.0.0/31`, text) };
  }
  const blocks = rules === 'guide' ? [...PRIVATE_IPV4_BLOCKS, GUIDE_LINK_LOCAL_BLOCK] : PRIVATE_IPV4_BLOCKS;
  if (!blocks.some((block) => contains(block, address))) {
    return { message: `${formatIp(address)} is outside ${blocks.map(formatRange).join(', ')}` };
  }
  if (written === undefined) {
    return { message: `${text} has no prefix length: add the prefix length`, suggestion: `${text}/31` };
  }
  if (!lengths.includes(written.prefixLength)) {
    return {
      message: `${text} is a /${written.prefixLength}; a tunnel interface must be ${wanted}`,
      suggestion: `${formatIp(address)}/31`,
    };
  }
  if (peerAddress(written) === undefined) return validateSlash30Edge(written);
  if (parseCidr(text) === undefined) {
    return { message: `${text} is not in CIDR notation: write the prefix length`, suggestion: formatCidr(written) };
  }
  return undefined;
}

function validateSlash30Edge(block: Cidr): ValueIssue {
  const { address } = block;
  const isNetwork = address.value === firstAddress(block).value;
  const usable = { version: address.version, value: address.value + (isNetwork ? 1n : -1n) };
  return {
    message: `${formatIp(address)} is the ${isNetwork ? 'network' : 'broadcast'} address of its /30, which no interface can have`,
    suggestion: `${formatIp(usable)}/30`,
  };
}

function validateInterfaceAddress6(text: string, virtualSubnet6: Cidr | undefined): ValueIssue | undefined {
  const written = parseCidr(text);
  const address = written?.address ?? parseIpv6(text);
  if (address === undefined || address.version !== 6) {
    return { message: notA('an IPv6 address with /127, such as 2001:db8::2/127', text) };
  }
  const first = firstAddress({ address, prefixLength: 127 });
  const outside = virtualSubnet6 && validateVirtualSubnet6(first, virtualSubnet6);
  if (outside !== undefined) return outside;
  if (written?.prefixLength === 127 && address.value === first.value) return undefined;
  const suggestion = `${formatIp(first)}/127`;
  if (written === undefined) return { message: `${text} has no prefix length: add the prefix length`, suggestion };
  if (written.prefixLength !== 127) {
    return { message: `${text} is a /${written.prefixLength}; an IPv6 tunnel interface must be /127`, suggestion };
  }
  return { message: `${text} is the second address of its /127; it must be the first`, suggestion };
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

const ASN_OUT_OF_RANGE: ValueIssue = { message: `an ASN is a whole number from 0 to ${MAX_ASN}` };

function validateAsn(value: unknown): ValueIssue | undefined {
  if (value === undefined) return { message: 'a customer ASN is required while BGP is on' };
  if (typeof value === 'number') return isAsn(value) ? undefined : ASN_OUT_OF_RANGE;
  if (typeof value !== 'string') return { message: typeMessage('a whole number')({ input: value }) };
  const asn = asnFromText(value);
  if (asn === undefined) return { message: `"${value}" is not an ASN: a whole number from 0 to ${MAX_ASN}` };
  return { message: `"${value}" must be written as a plain number`, suggestion: String(asn) };
}

/** The ASN that `65001`, `AS65001` or the asdot form `1.10` (RFC 5396) stands for. */
function asnFromText(text: string): number | undefined {
  const [, high, low] = /^(?:AS\s*)?(?:(\d{1,5})\.)?(\d{1,10})$/i.exec(text.trim()) ?? [];
  if (low === undefined) return undefined;
  if (high === undefined) return isAsn(Number(low)) ? Number(low) : undefined;
  return Number(high) <= 0xffff && Number(low) <= 0xffff ? Number(high) * 0x1_0000 + Number(low) : undefined;
}

function isAsn(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_ASN;
}

/** What to call a character that Cloudflare refuses in an MD5 key; `undefined` for one it accepts. */
function forbiddenInMd5Key(character: string): string | undefined {
  if (character === '"') return 'a quotation mark (")';
  if (character === '?') return 'a question mark (?)';
  if (character >= ' ' && character <= '~') return undefined;
  return calledByCode(character);
}

/** A character by its sight, where it has one, and its code. */
function calledByCode(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return INVISIBLE_PATTERN.test(character) ? `the invisible character U+${code}` : `“${character}” (U+${code})`;
}

/** `10.0.0.0/255.255.255.254` or `10.0.0.0 255.255.255.254`, as routers print it. */
function cidrFromNetmask(text: string): Cidr | undefined {
  const [addressText, maskText, ...rest] = text.split(/\s*\/\s*|\s+/);
  const address = parseIpv4(addressText ?? '');
  const mask = parseIpv4(maskText ?? '');
  if (address === undefined || mask === undefined || rest.length > 0) return undefined;
  const bits = mask.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? { address, prefixLength: bits.lastIndexOf('1') + 1 } : undefined;
}

function formatRange(block: Cidr): string {
  return `${formatIp(firstAddress(block))}–${formatIp(lastAddress(block))}`;
}

/** That the text is not what is wanted, or why it only looks so: pasted text may hold what nobody sees. */
function notA(wanted: string, text: string): string {
  if (text === '') return `must be ${wanted}`;
  const characters = [...text];
  const hidden = characters.findIndex((character) => INVISIBLE_PATTERN.test(character));
  const reason = hidden === -1 ? '' : `; character ${hidden + 1} is ${calledByCode(characters[hidden] ?? '')}`;
  return `"${text}" is not ${wanted}${reason}`;
}
