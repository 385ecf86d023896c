// IPv4 and IPv6 addresses as values: strict parsing and canonical printing.

/** An address as its number, so that masks and order are plain arithmetic. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
}

export const ADDRESS_BITS = { 4: 32, 6: 128 } as const;

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const IPV6_GROUP_PATTERN = /^[0-9a-f]{1,4}$/i;

/** Four decimal numbers from 0 to 255, without leading zeros, signs or white space; else `undefined`. */
export function parseIpv4(text: string): IpAddress | undefined {
  const value = ipv4Value(text);
  return value === undefined ? undefined : { version: 4, value: BigInt(value) };
}

/** The same as a plain number, for those who read thousands: of the text up to `end`. */
export function ipv4Value(text: string, end = text.length): number | undefined {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let index = 0; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (digits === 0 || dots === 3) return undefined;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots += 1;
      continue;
    }
    // RFC 6943 3.1.1: other readers take a leading zero for octal, so only the plain decimal form is unambiguous.
    if (code < ZERO || code > NINE || (digits > 0 && octet === 0)) return undefined;
    octet = octet * 10 + code - ZERO;
    digits += 1;
    if (octet > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : undefined;
}

/** One of the text forms of RFC 4291 section 2.2, without a zone ID; else `undefined`. */
export function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? fromGroups(head) : undefined;
  if (tail === undefined) return undefined;
  const zeros = 8 - head.length - tail.length;
  return zeros >= 1 ? fromGroups([...head, ...Array<number>(zeros).fill(0), ...tail]) : undefined;
}

/** An IPv4 or IPv6 address, as strict as {@link parseIpv4} and {@link parseIpv6}; else `undefined`. */
export function parseIp(text: string): IpAddress | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** The canonical text: dotted decimal, or RFC 5952 with IPv4-mapped addresses in mixed notation. */
export function formatIp({ version, value }: IpAddress): string {
  return version === 4 ? formatIpv4(value) : formatIpv6(value);
}

function parseGroups(half: string, mayEndInIpv4: boolean): number[] | undefined {
  if (half === '') return [];
  const groups: number[] = [];
  const texts = half.split(':');
  for (const [index, text] of texts.entries()) {
    if (IPV6_GROUP_PATTERN.test(text)) {
      groups.push(Number.parseInt(text, 16));
      continue;
    }
    const embedded = mayEndInIpv4 && index === texts.length - 1 ? parseIpv4(text) : undefined;
    if (embedded === undefined) return undefined;
    groups.push(Number(embedded.value >> 16n), Number(embedded.value & 0xffffn));
  }
  return groups;
}

function fromGroups(groups: readonly number[]): IpAddress {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  // Three at a time, which is as many as a plain number holds.
  const [high, middle, low] = [joined(a, b, c), joined(d, e, f), g * 0x1_0000 + h];
  return { version: 6, value: (BigInt(high) << 80n) | (BigInt(middle) << 32n) | BigInt(low) };
}

function joined(a: number, b: number, c: number): number {
  return (a * 0x1_0000 + b) * 0x1_0000 + c;
}

function formatIpv4(value: bigint): string {
  const number = Number(value);
  return `${number >>> 24}.${(number >>> 16) & 0xff}.${(number >>> 8) & 0xff}.${number & 0xff}`;
}

function formatIpv6(value: bigint): string {
  if (value >> 32n === 0xffffn) return `::ffff:${formatIpv4(value & 0xffff_ffffn)}`;
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  const run = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

/** The first of the longest runs of zero groups (RFC 5952 section 4.2.3). */
function longestZeroRun(groups: readonly bigint[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0n ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  }
  return longest;
}
