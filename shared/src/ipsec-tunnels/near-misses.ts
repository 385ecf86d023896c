// A text that is nearly an address or a prefix: why it is none, and which it is where that is certain.

import { describeCharacter, firstOddCharacter, plainText, revealInvisible } from '../characters.ts';
import { ADDRESS_BITS, formatIp, parseIp, parseIpv4 } from '../ip/address.ts';
import { type Cidr, firstAddress, lastAddress, parseCidr } from '../ip/cidr.ts';
import type { ValueIssue } from '../issues.ts';

const QUOTES = '"\'`“”„‟‘’‚‛«»‹›';
const AROUND_QUOTED = new RegExp(`^[${QUOTES}\\s]+|[${QUOTES}\\s]+$`, 'g');

/**
 * What a text stands for, as far as that is certain: without invisible characters, with plain digits for full-width ones,
 * without quotation marks and blanks around it, and without blanks beside its dots and its slash.
 */
export function asMeant(text: string): string {
  return plainText(text)
    .replace(AROUND_QUOTED, '')
    .replaceAll(/ *([./]) */g, '$1');
}

/**
 * The issue of a text that cannot be read as what is wanted: why, and the fix if the text is right, or has a certain fix,
 * once it is written as it is meant.
 */
export function unreadable(
  text: string,
  wanted: string,
  validate: (text: string) => ValueIssue | undefined,
  meant = asMeant(text),
): ValueIssue {
  if (text === '') return { message: `must be ${wanted}` };
  const message = `${quoted(text)} is not ${wanted}${reasonFor(text)}`;
  if (meant === text) return { message };
  const issue = validate(meant);
  return { message, suggestion: issue === undefined ? meant : issue.suggestion };
}

/** That the prefix length is more than the address has bits; `undefined` for everything else. */
export function tooLong(text: string): string | undefined {
  const [, addressText = '', length = ''] = /^(.+)\/([1-9]\d*)$/.exec(text) ?? [];
  const address = parseIp(addressText);
  if (address === undefined || Number(length) <= ADDRESS_BITS[address.version]) return undefined;
  return `${text} is too long: IPv${address.version} ends at /${ADDRESS_BITS[address.version]}`;
}

/** `10.0.0.0/255.255.255.254` or `10.0.0.0 255.255.255.254`, as routers print it. */
export function cidrFromNetmask(text: string): Cidr | undefined {
  const [addressText, maskText, ...rest] = text.split(/\s*\/\s*|\s+/);
  const address = parseIpv4(addressText ?? '');
  const mask = parseIpv4(maskText ?? '');
  if (address === undefined || mask === undefined || rest.length > 0) return undefined;
  const bits = mask.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? { address, prefixLength: bits.lastIndexOf('1') + 1 } : undefined;
}

/** The text in quotation marks, with every invisible character written out. */
export function quoted(text: string): string {
  return `"${revealInvisible(text)}"`;
}

/** `10.0.0.0–10.255.255.255`. */
export function formatRange(block: Cidr): string {
  return `${formatIp(firstAddress(block))}–${formatIp(lastAddress(block))}`;
}

function reasonFor(text: string): string {
  const odd = firstOddCharacter(text);
  if (odd !== undefined && (odd.character !== ' ' || asMeant(text) !== text)) {
    return `; character ${odd.position} is ${describeCharacter(odd.character)}`;
  }
  const decimal = decimalReading(text);
  return decimal === undefined
    ? ''
    : `; read as decimal it would be ${decimal}, but some systems take a number with a leading zero for octal`;
}

/** An IPv4 address or prefix that is written with leading zeros, without them. */
function decimalReading(text: string): string | undefined {
  if (!/^\d+(?:\.\d+){3}(?:\/\d+)?$/.test(text)) return undefined;
  const decimal = text.replaceAll(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, ''));
  const isRead = parseIp(decimal) !== undefined || parseCidr(decimal) !== undefined;
  return decimal !== text && isRead ? decimal : undefined;
}
