// Random addresses as people and routers write them, each with the number it stands for, and texts that are nearly one.

import { isIPv6, SocketAddress } from 'node:net';
import fc from 'fast-check';

/** A text and the number it stands for, put together without the code under test. */
export interface WrittenAddress {
  readonly text: string;
  readonly value: bigint;
}

const octet = fc.oneof(fc.constantFrom(0, 1, 9, 10, 99, 100, 199, 200, 249, 250, 255), fc.nat(255));
const octets = fc.tuple(octet, octet, octet, octet);
const group = fc.oneof(
  { arbitrary: fc.constant(0), weight: 3 },
  { arbitrary: fc.constant(0xffff), weight: 1 },
  { arbitrary: fc.nat(0xffff), weight: 4 },
);

/** The plain dotted form, the only one there is. */
export const writtenIpv4: fc.Arbitrary<WrittenAddress> = octets.map((numbers) => ({
  text: numbers.join('.'),
  value: fromHex(numbers, 2),
}));

/** The forms of RFC 4291 section 2.2: either case, up to three leading zeros, `::` for any run of zeros, an IPv4 tail. */
export const writtenIpv6: fc.Arbitrary<WrittenAddress> = fc
  .record({
    groups: fc.array(group, { minLength: 8, maxLength: 8 }),
    width: fc.integer({ min: 1, max: 4 }),
    isUpperCase: fc.boolean(),
    endsInIpv4: fc.boolean(),
    elision: fc.nat(),
  })
  .map(({ groups, width, isUpperCase, endsInIpv4, elision }) => {
    const hex = groups.map((number) => number.toString(16).padStart(width, '0'));
    const parts = (isUpperCase ? hex.map((digits) => digits.toUpperCase()) : hex).slice(0, endsInIpv4 ? 6 : 8);
    const tail = groups.slice(6).flatMap((number) => [number >> 8, number & 0xff]);
    const texts = endsInIpv4 ? [...parts, tail.join('.')] : parts;
    const runs = zeroRuns(groups.slice(0, parts.length));
    return { text: elide(texts, runs[elision % (runs.length + 1)]), value: fromHex(groups, 4) };
  });

/** Valid texts with up to three typing mistakes; some are still valid. Zone IDs are left out. */
export function nearMisses(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const mistake = fc.record({
    at: fc.nat(),
    removed: fc.nat(2),
    added: fc.oneof(
      fc.constant(''),
      fc.constantFrom(...'0123456789abcdefABCDEFgxX:./-+ \t\n[]\u0661\uff11'),
      fc.constantFrom('::', '..', '00', '0x', '/31', '/32', '.1', ':1', '256', '1.2.3.4'),
    ),
  });
  return fc.tuple(texts, fc.array(mistake, { minLength: 1, maxLength: 3 })).map(([text, mistakes]) =>
    mistakes.reduce((changed, { at, removed, added }) => {
      const start = at % (changed.length + 1);
      return changed.slice(0, start) + added + changed.slice(start + removed);
    }, text),
  );
}

/** The canonical text by the system's inet_ntop. */
export function inetNtop(text: string): string {
  return new SocketAddress({ address: text, family: isIPv6(text) ? 'ipv6' : 'ipv4' }).address;
}

function fromHex(numbers: readonly number[], digits: number): bigint {
  return BigInt(`0x${numbers.map((number) => number.toString(16).padStart(digits, '0')).join('')}`);
}

interface Run {
  readonly start: number;
  readonly end: number;
}

function zeroRuns(groups: readonly number[]): Run[] {
  return groups.flatMap((_, start) =>
    groups.slice(start).flatMap((_, length) => {
      const end = start + length + 1;
      return groups.slice(start, end).every((number) => number === 0) ? [{ start, end }] : [];
    }),
  );
}

function elide(texts: readonly string[], run: Run | undefined): string {
  if (run === undefined) return texts.join(':');
  return `${texts.slice(0, run.start).join(':')}::${texts.slice(run.end).join(':')}`;
}
