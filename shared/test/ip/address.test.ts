import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, parseIp, parseIpv4, parseIpv6 } from '../../src/ip/address.ts';
import { inetNtop, nearMisses, writtenIpv4, writtenIpv6 } from './written-addresses.ts';

const ipv4Texts = writtenIpv4.map(({ text }) => text);
const ipv6Texts = writtenIpv6.map(({ text }) => text);

describe('parseIpv4', () => {
  it.each([
    { text: '0.0.0.0', value: 0n, why: 'the lowest address' },
    { text: '255.255.255.255', value: 0xffff_ffffn, why: 'the highest address' },
    { text: '10.0.0.1', value: 0x0a00_0001n, why: 'octets of one and two digits' },
    { text: '192.168.249.250', value: 0xc0a8_f9fan, why: 'octets of three digits' },
    { text: '128.0.0.0', value: 0x8000_0000n, why: 'the highest bit is not a sign' },
  ])('reads $text: $why', ({ text, value }) => {
    expect(parseIpv4(text)).toEqual({ version: 4, value });
  });

  it.each([
    { text: '', why: 'empty' },
    { text: '010.0.0.1', why: 'a leading zero, which others read as octal' },
    { text: '10.0.0.01', why: 'a leading zero at the end' },
    { text: '00.0.0.0', why: 'two zeros' },
    { text: '0x0a.0.0.1', why: 'hexadecimal' },
    { text: '167772161', why: 'one number for the whole address' },
    { text: '10.1', why: 'the short form of inet_aton' },
    { text: '10.0.1', why: 'three numbers' },
    { text: '10.0.0.0.1', why: 'five numbers' },
    { text: '256.0.0.1', why: 'a number above 255' },
    { text: '10.0.0.260', why: 'a number above 255 at the end' },
    { text: '10.0.0.1000', why: 'a number of four digits' },
    { text: '-1.0.0.1', why: 'a sign' },
    { text: '+10.0.0.1', why: 'a sign' },
    { text: '1e1.0.0.1', why: 'an exponent' },
    { text: '10..0.1', why: 'an empty number' },
    { text: '.10.0.0.1', why: 'a leading dot' },
    { text: '10.0.0.1.', why: 'a trailing dot' },
    { text: ' 10.0.0.1', why: 'a leading space' },
    { text: '10.0.0.1 ', why: 'a trailing space' },
    { text: '10.0.0.1\n', why: 'a trailing line break' },
    { text: '10. 0.0.1', why: 'a space inside' },
    { text: '10.0.0.1\0', why: 'a NUL, at which C programs stop reading' },
    { text: '\uff11\uff10.0.0.1', why: 'full-width digits' },
    { text: '\u0661\u0660.0.0.1', why: 'Arabic-Indic digits' },
    { text: '10\u30020\u30020\u30021', why: 'ideographic full stops' },
    { text: '10,0,0,1', why: 'commas' },
    { text: '10.0.0.1/32', why: 'a prefix length' },
    { text: '10.0.0.1:500', why: 'a port' },
    { text: '10.0.0.1%eth0', why: 'a zone ID' },
    { text: '::ffff:10.0.0.1', why: 'IPv6' },
  ])('rejects "$text": $why', ({ text }) => {
    expect(parseIpv4(text)).toBeUndefined();
  });

  it('reads every written address as its number', () => {
    fc.assert(
      fc.property(writtenIpv4, ({ text, value }) => {
        expect(parseIpv4(text)).toEqual({ version: 4, value });
      }),
    );
  });

  it('agrees with Node on what is an address, near misses included', () => {
    fc.assert(
      fc.property(nearMisses(ipv4Texts), (text) => {
        expect(parseIpv4(text) !== undefined).toBe(isIPv4(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseIpv6', () => {
  it.each([
    { text: '::', value: 0n, why: 'all zeros' },
    { text: '::1', value: 1n, why: 'zeros in front' },
    { text: '1::', value: 1n << 112n, why: 'zeros behind' },
    { text: '2001:db8::1', value: 0x2001_0db8_0000_0000_0000_0000_0000_0001n, why: 'zeros inside' },
    { text: '2001:DB8::1', value: 0x2001_0db8_0000_0000_0000_0000_0000_0001n, why: 'capital letters' },
    { text: '2001:0db8:0:0:0:0:0:0001', value: 0x2001_0db8_0000_0000_0000_0000_0000_0001n, why: 'leading zeros' },
    { text: '1:2:3:4:5:6:7:8', value: 0x0001_0002_0003_0004_0005_0006_0007_0008n, why: 'all eight groups' },
    { text: '1:2:3:4:5:6:7::', value: 0x0001_0002_0003_0004_0005_0006_0007_0000n, why: ':: for one group at the end' },
    { text: '::2:3:4:5:6:7:8', value: 0x0002_0003_0004_0005_0006_0007_0008n, why: ':: for one group in front' },
    { text: '1:2:3::5:6:7:8', value: 0x0001_0002_0003_0000_0005_0006_0007_0008n, why: ':: for one group inside' },
    { text: '::ffff:192.0.2.1', value: 0xffff_c000_0201n, why: 'an IPv4 tail' },
    {
      text: '1:2:3:4:5:6:192.0.2.1',
      value: 0x0001_0002_0003_0004_0005_0006_c000_0201n,
      why: 'an IPv4 tail without ::',
    },
    { text: '64:ff9b::192.0.2.1', value: 0x0064_ff9b_0000_0000_0000_0000_c000_0201n, why: 'an IPv4 tail behind ::' },
    { text: `${'ffff:'.repeat(7)}ffff`, value: (1n << 128n) - 1n, why: 'the highest address' },
  ])('reads $text: $why', ({ text, value }) => {
    expect(parseIpv6(text)).toEqual({ version: 6, value });
  });

  it.each([
    { text: '', why: 'empty' },
    { text: ':', why: 'one colon' },
    { text: ':::', why: 'three colons' },
    { text: '1:::2', why: 'three colons inside' },
    { text: '1::2::3', why: 'two runs of ::' },
    { text: ':1:2:3:4:5:6:7', why: 'a single colon in front' },
    { text: '1:2:3:4:5:6:7:', why: 'a single colon at the end' },
    { text: '::1:', why: 'a single colon at the end, after ::' },
    { text: ':1::', why: 'a single colon in front, before ::' },
    { text: '1:2:3:4:5:6:7', why: 'seven groups' },
    { text: '1:2:3:4:5:6:7:8:9', why: 'nine groups' },
    { text: '1:2:3:4::5:6:7:8', why: ':: that stands for nothing' },
    { text: '1:2:3:4:5:6:7:8::', why: ':: after eight groups' },
    { text: '12345::', why: 'a group of five digits' },
    { text: '00001::', why: 'five digits of leading zeros' },
    { text: 'g::', why: 'a letter that is no digit' },
    { text: '0x1::', why: 'a prefix of hexadecimal' },
    { text: '-1::', why: 'a sign' },
    { text: ' ::1', why: 'a leading space' },
    { text: '::1 ', why: 'a trailing space' },
    { text: '::1\n', why: 'a trailing line break' },
    { text: '::1\0', why: 'a NUL, at which C programs stop reading' },
    { text: '::\uff11', why: 'a full-width digit' },
    { text: '[::1]', why: 'brackets' },
    { text: '::1/128', why: 'a prefix length' },
    { text: 'fe80::1%eth0', why: 'a zone ID' },
    { text: 'fe80::1%1', why: 'a numeric zone ID' },
    { text: 'fe80::1%', why: 'an empty zone ID' },
    { text: '::ffff:192.0.2.01', why: 'an IPv4 tail with a leading zero' },
    { text: '::ffff:192.0.2', why: 'an IPv4 tail of three numbers' },
    { text: '192.0.2.1::', why: 'IPv4 in front of ::' },
    { text: '::192.0.2.1:1', why: 'IPv4 that is not the tail' },
    { text: '1:2:3:4:5:6:7:192.0.2.1', why: 'seven groups and an IPv4 tail' },
    { text: '1:2:3:4:5:192.0.2.1', why: 'five groups and an IPv4 tail' },
    { text: '192.0.2.1', why: 'IPv4' },
  ])('rejects "$text": $why', ({ text }) => {
    expect(parseIpv6(text)).toBeUndefined();
  });

  it('reads every written form as its number', () => {
    fc.assert(
      fc.property(writtenIpv6, ({ text, value }) => {
        expect(parseIpv6(text)).toEqual({ version: 6, value });
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with Node on what is an address, near misses included', () => {
    fc.assert(
      fc.property(nearMisses(ipv6Texts), (text) => {
        expect(parseIpv6(text) !== undefined).toBe(isIPv6(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('rejects every address with a zone ID, which Node accepts', () => {
    fc.assert(
      fc.property(ipv6Texts, fc.string(), (text, zone) => {
        expect(parseIpv6(`${text}%${zone}`)).toBeUndefined();
      }),
    );
  });
});

describe('parseIp', () => {
  it('reads either family as its own parser does, and nothing more', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4Texts, ipv6Texts, nearMisses(fc.oneof(ipv4Texts, ipv6Texts)), fc.string()), (text) => {
        expect(parseIp(text)).toEqual(parseIpv4(text) ?? parseIpv6(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps an IPv4-mapped address IPv6', () => {
    expect(parseIp('::ffff:10.0.0.1')).toEqual({ version: 6, value: 0xffff_0a00_0001n });
  });
});

describe('formatIp', () => {
  it.each([
    { version: 4, value: 0n, text: '0.0.0.0', why: 'zeros are written' },
    { version: 4, value: 0xffff_ffffn, text: '255.255.255.255', why: 'the highest bit is not a sign' },
    { version: 6, value: 0n, text: '::', why: 'all zeros' },
    { version: 6, value: 1n, text: '::1', why: 'zeros in front' },
    { version: 6, value: 1n << 112n, text: '1::', why: 'zeros behind' },
    {
      version: 6,
      value: 0x2001_0db8_0000_0001_0001_0001_0001_0001n,
      text: '2001:db8:0:1:1:1:1:1',
      why: 'one zero group is not shortened (RFC 5952 4.2.2)',
    },
    {
      version: 6,
      value: 0x2001_0000_0000_0001_0000_0000_0000_0001n,
      text: '2001:0:0:1::1',
      why: 'the longest run is shortened (RFC 5952 4.2.3)',
    },
    {
      version: 6,
      value: 0x2001_0db8_0000_0000_0001_0000_0000_0001n,
      text: '2001:db8::1:0:0:1',
      why: 'of equal runs the first is shortened (RFC 5952 4.2.3)',
    },
    { version: 6, value: 0xabcdn << 112n, text: 'abcd::', why: 'lower case (RFC 5952 4.3)' },
    { version: 6, value: 0xffff_c000_0201n, text: '::ffff:192.0.2.1', why: 'IPv4-mapped (RFC 5952 5)' },
    {
      version: 6,
      value: 0xc000_0201n,
      text: '::c000:201',
      why: 'IPv4-compatible addresses are deprecated (RFC 4291 2.5.5.1) and look like any other',
    },
  ] as const)('prints $text: $why', ({ version, value, text }) => {
    expect(formatIp({ version, value })).toBe(text);
  });

  it('prints IPv4 as inet_ntop does', () => {
    fc.assert(
      fc.property(writtenIpv4, ({ text, value }) => {
        expect(formatIp({ version: 4, value })).toBe(inetNtop(text));
      }),
    );
  });

  it('prints IPv6 as inet_ntop does, but for the IPv4-compatible addresses that it still writes with dots', () => {
    fc.assert(
      fc.property(writtenIpv6, ({ text, value }) => {
        fc.pre(value >> 32n !== 0n);
        expect(formatIp({ version: 6, value })).toBe(inetNtop(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('prints what stands for the same address, by Node’s reading', () => {
    fc.assert(
      fc.property(writtenIpv6, ({ text, value }) => {
        expect(inetNtop(formatIp({ version: 6, value }))).toBe(inetNtop(text));
      }),
    );
  });

  it('prints what parseIp reads back', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4Texts, ipv6Texts), (text) => {
        const address = parseIp(text);
        expect(address && parseIp(formatIp(address))).toEqual(address);
        expect(address).toBeDefined();
      }),
    );
  });
});
