// One schema per field of an IPsec tunnel, each with the rule's source and the fix where one is certain.

import { z } from 'zod';
import { describeCharacter, plainText } from '../characters.ts';
import { ADDRESS_BITS, parseIp, parseIpv6 } from '../ip/address.ts';
import { type Cidr, cidr, firstAddress, formatCidr, parseCidr } from '../ip/cidr.ts';
import { reportIssue, textField, typeMessage, type ValueIssue } from '../issues.ts';
import {
  allowedLengths,
  type InterfaceAddressRules,
  validateInterfaceAddress,
  validateInterfaceAddress6,
} from './interface-address.ts';
import { asMeant, cidrFromNetmask, quoted, tooLong, unreadable } from './near-misses.ts';
import { withoutOrnaments } from './prefix-list.ts';

/** The highest 4-octet AS number (RFC 6793). */
export const MAX_ASN = 4_294_967_295;

const CLOUDFLARE_IDENTIFIER_PATTERN = /^[0-9a-f]{32}$/;
const MD5_KEY_PATTERN = /^[ !#->@-~]+$/;
const DNS_LABEL_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const CUSTOM_IDENTITY_DOMAIN = '.custom.ipsec.cloudflare.com';
/** The account's ID as a decimal number; 32 digits would be an identifier. */
const NUMERIC_TAIL_PATTERN = /\.(?!\d{32}\.)[1-9]\d*\.custom\.ipsec\.cloudflare\.com$/;
/** A label, the ID of an account and Cloudflare's domain; 32 digits are an identifier, and no decimal number. */
const CUSTOM_IDENTITY_PATTERN =
  /^(?<label>[^.]+)\.(?:(?<identifier>[0-9a-f]{32})|(?<number>[1-9]\d*))\.custom\.ipsec\.cloudflare\.com\.?$/i;

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
    `an interface address is required: a private IPv4 address with ${allowedLengths(rules)}, such as 10.0.0.0/31`,
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
  return `.${accountId}${CUSTOM_IDENTITY_DOMAIN}`;
}

/** The whole identity of what was typed where its suffix need not be: a label, or an identity that is whole already. */
export function completeIdentity(text: string, accountId: string): string {
  return text.endsWith(CUSTOM_IDENTITY_DOMAIN) ? text : text + customIdentitySuffix(accountId);
}

/** Whether a custom IKE identity names its account by a decimal number, as some accounts have them. */
export function isNumericIdentity(text: string): boolean {
  return NUMERIC_TAIL_PATTERN.test(text);
}

/**
 * `<custom label>.<account ID>.custom.ipsec.cloudflare.com`, for the account that is called (SDK types). Some accounts
 * have a decimal number for their ID there.
 */
export function fqdnId(accountId: string) {
  const suffix = customIdentitySuffix(accountId);
  return textField((text) => {
    // Nearly every identity is right.
    const isRight = text.endsWith(suffix) && DNS_LABEL_PATTERN.test(text.slice(0, -suffix.length));
    return isRight ? undefined : validateIdentity(text, accountId);
  });
}

export const customerAsn = z.unknown().transform((value, context): number => {
  const issue = validateAsn(value);
  if (issue === undefined && typeof value === 'number') return value;
  reportIssue(context, issue ?? ASN_OUT_OF_RANGE);
  return z.NEVER;
});

/** Printable ASCII but for `"` and `?` (API reference). */
export const md5Key = textField((text) => {
  if (MD5_KEY_PATTERN.test(text)) return undefined;
  if (text === '') return { message: 'an MD5 key cannot be empty: leave it out instead' };
  for (const [index, character] of [...text].entries()) {
    const called = forbiddenInMd5Key(character);
    if (called !== undefined)
      return { message: `character ${index + 1} is ${called}, which an MD5 key cannot contain` };
  }
  return undefined;
});

/** A network prefix of either family, without host bits (API reference). */
export const extraPrefix = textField(validateExtraPrefix);

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
      suggestion: isNetwork(block) ? undefined : text.slice(0, text.indexOf('/')),
    };
  }
  if (text.includes('%')) {
    const bare = withoutZoneAndBrackets(text);
    return {
      message: `${text} has a zone ID, which cannot be used here`,
      suggestion: parseIpv6(bare) === undefined ? undefined : bare,
    };
  }
  const bare = withoutZoneAndBrackets(asMeant(text));
  const meant = parseIpv6(bare) === undefined ? asMeant(text) : bare;
  return unreadable(text, 'an IP address such as 203.0.113.1', validateIpAddress, meant);
}

/** Of `[2001:db8::1]` and `fe80::1%eth0`, as a URL and a router write them, the address alone. */
function withoutZoneAndBrackets(text: string): string {
  return text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
}

/** Whether a whole network is named and no address in it, so that which address was meant is not certain. */
function isNetwork(block: Cidr): boolean {
  const hostBits = ADDRESS_BITS[block.address.version] - block.prefixLength;
  return hostBits > 1 && firstAddress(block).value === block.address.value;
}

function validateExtraPrefix(text: string): ValueIssue | undefined {
  const block = parseCidr(text);
  if (block !== undefined) {
    return firstAddress(block).value === block.address.value
      ? undefined
      : { message: `in ${text} host bits are set`, suggestion: networkOf(block) };
  }
  if (parseIp(text) !== undefined) return { message: `${text} has no prefix length` };
  const wanted = 'a CIDR prefix such as 10.1.0.0/16';
  const fromNetmask = cidrFromNetmask(text);
  if (fromNetmask !== undefined) {
    return { message: `${quoted(text)} is not ${wanted}`, suggestion: networkOf(fromNetmask) };
  }
  const tooLongMessage = tooLong(text);
  if (tooLongMessage !== undefined) return { message: tooLongMessage };
  const meant = asMeant(text);
  return unreadable(
    text,
    wanted,
    validateExtraPrefix,
    parseCidr(meant) === undefined ? asMeant(withoutOrnaments(text)) : meant,
  );
}

function networkOf(block: Cidr): string {
  return formatCidr({ address: firstAddress(block), prefixLength: block.prefixLength });
}

const WRONG_LABEL = 'the label must be 1 to 63 letters, digits or hyphens, with no hyphen at either end';

function validateIdentity(text: string, accountId: string): ValueIssue | undefined {
  const suffix = customIdentitySuffix(accountId);
  const tail = text.endsWith(suffix) ? suffix : NUMERIC_TAIL_PATTERN.exec(text)?.[0];
  if (tail !== undefined) {
    const label = text.slice(0, -tail.length);
    return DNS_LABEL_PATTERN.test(label) ? undefined : wrongLabel(label, tail, accountId);
  }
  const message = `must be a label followed by ${suffix}`;
  const meant = plainText(text).trim();
  if (DNS_LABEL_PATTERN.test(meant)) return { message, suggestion: meant + suffix };
  const { label, identifier, number } = CUSTOM_IDENTITY_PATTERN.exec(meant)?.groups ?? {};
  const id = identifier?.toLowerCase() ?? number;
  if (label === undefined || id === undefined || !DNS_LABEL_PATTERN.test(label)) return { message };
  if (identifier !== undefined && id !== accountId) {
    return { message: `names the account ${id}, and this tunnel is for ${accountId}: ${message}` };
  }
  return { message, suggestion: label + customIdentitySuffix(id) };
}

/** What was meant by a label with dots, blanks or underscores is one with hyphens; by a whole identity, that one. */
function wrongLabel(label: string, tail: string, accountId: string): ValueIssue {
  if (label.endsWith(CUSTOM_IDENTITY_DOMAIN)) {
    const isWhole = validateIdentity(label, accountId) === undefined;
    return { message: `the identity ends twice in ${CUSTOM_IDENTITY_DOMAIN}`, suggestion: isWhole ? label : undefined };
  }
  const hyphenated = plainText(label)
    .trim()
    .replaceAll(/[._ ]+/g, '-');
  return { message: WRONG_LABEL, suggestion: DNS_LABEL_PATTERN.test(hyphenated) ? hyphenated + tail : undefined };
}

const ASN_OUT_OF_RANGE: ValueIssue = { message: `an ASN is a whole number from 0 to ${MAX_ASN}` };

function validateAsn(value: unknown): ValueIssue | undefined {
  if (value === undefined) return { message: 'a customer ASN is required while BGP is on' };
  if (typeof value === 'number') return isAsn(value) ? undefined : ASN_OUT_OF_RANGE;
  if (typeof value !== 'string') return { message: typeMessage('a whole number')({ input: value }) };
  const readings = asnReadings(plainText(value).trim());
  const [asn, ...others] = readings;
  if (asn === undefined) return { message: `${quoted(value)} is not an ASN: a whole number from 0 to ${MAX_ASN}` };
  const message = `${quoted(value)} must be written as a plain number`;
  return others.length === 0
    ? { message, suggestion: String(asn) }
    : { message: `${message}: it can be read as ${readings.join(' or as ')}` };
}

/**
 * Every ASN that the text can stand for: `65001`, `AS65001`, `65,001` with separators between thousands, the asdot form
 * `1.10` (RFC 5396), and `65001.0` or `1.200`, which are asdot or a number as a spreadsheet or another language writes it.
 */
function asnReadings(text: string): number[] {
  const digits = text.replace(/^AS\s*/i, '');
  const [, high, low] = /^(\d{1,5})\.(\d{1,5})$/.exec(digits) ?? [];
  const isThousands = /^\d{1,3}([.,'’_ ])\d{3}(?:\1\d{3}){0,2}$/.test(digits);
  const readings = [
    ...(/^\d{1,10}$/.test(digits) ? [Number(digits)] : []),
    ...(isThousands ? [Number(digits.replaceAll(/\D/g, ''))] : []),
    ...(Number(low) === 0 && Number(high) <= 0xffff ? [Number(high)] : []),
    ...(Number(high) <= 0xffff && Number(low) <= 0xffff ? [Number(high) * 0x1_0000 + Number(low)] : []),
  ];
  return [...new Set(readings)].filter(isAsn);
}

function isAsn(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_ASN;
}

/** What to call a character that Cloudflare refuses in an MD5 key; `undefined` for one it accepts. */
function forbiddenInMd5Key(character: string): string | undefined {
  if (character === '"') return 'a quotation mark (")';
  if (character === '?') return 'a question mark (?)';
  return character >= ' ' && character <= '~' ? undefined : describeCharacter(character);
}
