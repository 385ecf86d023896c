import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADDRESS_BITS, formatIp, type IpAddress, parseIp } from '../../src/ip/address.ts';
import {
  blockSize,
  type Cidr,
  cidr,
  contains,
  firstAddress,
  formatCidr,
  formatWithNetmask,
  lastAddress,
  netmask,
  overlaps,
  parseCidr,
  peerAddress,
} from '../../src/ip/cidr.ts';
import { writtenIpv4, writtenIpv6 } from './written-addresses.ts';

const addresses: fc.Arbitrary<IpAddress> = fc.oneof(
  writtenIpv4.map(({ value }) => ({ version: 4, value }) as const),
  writtenIpv6.map(({ value }) => ({ version: 6, value }) as const),
);
const blocks: fc.Arbitrary<Cidr> = addresses.chain((address) =>
  fc.integer({ min: 0, max: ADDRESS_BITS[address.version] }).map((prefixLength) => ({ address, prefixLength })),
);

/** An address that differs from the block's own in a few bits, so that about half lie inside. */
function neighbours({ address }: Cidr): fc.Arbitrary<IpAddress> {
  const { version, value } = address;
  const bit = fc.integer({ min: 0, max: ADDRESS_BITS[version] - 1 });
  return fc
    .array(bit, { maxLength: 3 })
    .map((bits) => ({ version, value: bits.reduce((flipped, index) => flipped ^ (1n << BigInt(index)), value) }));
}

const blocksWithNeighbours = blocks.chain((block) => neighbours(block).map((address) => ({ block, address })));
const pairsOfBlocks = blocksWithNeighbours.chain(({ block, address }) =>
  fc
    .integer({ min: 0, max: ADDRESS_BITS[address.version] })
    .map((prefixLength) => ({ a: block, b: { address, prefixLength } })),
);

/** Whether the block holds the address of its own family, by Node's reckoning. */
function nodeSaysItHolds(block: Cidr, address: IpAddress): boolean {
  const family = block.address.version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(formatIp(block.address), block.prefixLength, family);
  return list.check(formatIp(address), family);
}

function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new Error(`not an address: ${text}`);
  return address;
}

describe('parseCidr', () => {
  it.each([
    { text: '0.0.0.0/0', prefixLength: 0, why: 'the shortest prefix' },
    { text: '10.0.0.0/8', prefixLength: 8, why: 'one digit' },
    { text: '10.0.0.1/31', prefixLength: 31, why: 'host bits are kept' },
    { text: '255.255.255.255/32', prefixLength: 32, why: 'the longest IPv4 prefix' },
    { text: '::/0', prefixLength: 0, why: 'the shortest IPv6 prefix' },
    { text: '2001:db8::1/64', prefixLength: 64, why: 'IPv6 with host bits' },
    { text: '::ffff:10.0.0.0/127', prefixLength: 127, why: 'an IPv4 tail' },
    { text: '::1/128', prefixLength: 128, why: 'the longest IPv6 prefix' },
  ])('reads $text: $why', ({ text, prefixLength }) => {
    expect(parseCidr(text)).toEqual({ address: ip(text.slice(0, text.indexOf('/'))), prefixLength });
  });

  it.each([
    { text: '', why: 'empty' },
    { text: '10.0.0.0', why: 'no prefix length' },
    { text: '10.0.0.0/', why: 'an empty prefix length' },
    { text: '/31', why: 'no address' },
    { text: '10.0.0.0/33', why: 'longer than IPv4' },
    { text: '::/129', why: 'longer than IPv6' },
    { text: '10.0.0.0/128', why: 'longer than IPv4, though right for IPv6' },
    { text: '10.0.0.0/4294967327', why: '31 after a 32-bit overflow' },
    { text: '10.0.0.0/031', why: 'a leading zero' },
    { text: '10.0.0.0/00', why: 'two zeros' },
    { text: '10.0.0.0/+31', why: 'a sign' },
    { text: '10.0.0.0/-1', why: 'a sign' },
    { text: '10.0.0.0/-0', why: 'a sign before zero' },
    { text: '10.0.0.0/31.0', why: 'a fraction' },
    { text: '10.0.0.0/3e1', why: 'an exponent' },
    { text: '10.0.0.0/0x1f', why: 'hexadecimal' },
    { text: '10.0.0.0/\uff13\uff11', why: 'full-width digits' },
    { text: '10.0.0.0 /31', why: 'a space before the slash' },
    { text: '10.0.0.0/ 31', why: 'a space behind the slash' },
    { text: ' 10.0.0.0/31', why: 'a leading space' },
    { text: '10.0.0.0/31 ', why: 'a trailing space' },
    { text: '10.0.0.0/31\n', why: 'a trailing line break' },
    { text: '10.0.0.0/31/31', why: 'two prefix lengths' },
    { text: '10.0.0.0/255.255.255.254', why: 'a netmask' },
    { text: '010.0.0.0/31', why: 'a leading zero in the address' },
    { text: '10.0.0/24', why: 'an address cut short' },
    { text: 'fe80::%eth0/64', why: 'a zone ID' },
    { text: 'fe80::/64%eth0', why: 'a zone ID behind the length' },
    { text: '[::]/0', why: 'brackets' },
  ])('rejects "$text": $why', ({ text }) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it('reads every address with every length of its family, and no other length', () => {
    const texts = fc.oneof(writtenIpv4, writtenIpv6).map(({ text }) => text);
    fc.assert(
      fc.property(texts, fc.integer({ min: -1, max: 130 }), (text, length) => {
        const address = ip(text);
        const isWithin = length >= 0 && length <= (text.includes(':') ? 128 : 32);
        expect(parseCidr(`${text}/${length}`)).toEqual(isWithin ? { address, prefixLength: length } : undefined);
      }),
    );
  });
});

describe('cidr', () => {
  it('reads what parseCidr reads', () => {
    expect(cidr('10.0.0.1/31')).toEqual(parseCidr('10.0.0.1/31'));
  });

  it('throws on a text that is no CIDR, for it stands in the code', () => {
    expect(() => cidr('10.0.0.1')).toThrow('not a CIDR: 10.0.0.1');
  });
});

describe('formatCidr', () => {
  it('writes the canonical text and keeps host bits', () => {
    expect(formatCidr({ address: ip('2001:DB8:0::1'), prefixLength: 64 })).toBe('2001:db8::1/64');
  });

  it('writes what parseCidr reads back', () => {
    fc.assert(
      fc.property(blocks, (block) => {
        expect(parseCidr(formatCidr(block))).toEqual(block);
      }),
    );
  });
});

describe('the bounds of a block', () => {
  it.each([
    { block: '10.0.0.5/31', first: '10.0.0.4', last: '10.0.0.5', size: 2n, why: 'a /31 has two addresses (RFC 3021)' },
    { block: '10.0.0.5/30', first: '10.0.0.4', last: '10.0.0.7', size: 4n, why: 'a /30 has four' },
    { block: '10.0.0.5/32', first: '10.0.0.5', last: '10.0.0.5', size: 1n, why: 'a /32 is one address' },
    { block: '172.20.1.2/12', first: '172.16.0.0', last: '172.31.255.255', size: 1n << 20n, why: 'inside an octet' },
    { block: '10.0.0.5/0', first: '0.0.0.0', last: '255.255.255.255', size: 1n << 32n, why: '/0 is everything' },
    { block: '2001:db8::3/127', first: '2001:db8::2', last: '2001:db8::3', size: 2n, why: 'a /127 has two' },
    { block: '::5/128', first: '::5', last: '::5', size: 1n, why: 'a /128 is one address' },
    {
      block: '2001:db8::1/0',
      first: '::',
      last: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      size: 1n << 128n,
      why: '/0 is everything',
    },
  ])('of $block are $first and $last: $why', ({ block, first, last, size }) => {
    expect(formatIp(firstAddress(cidr(block)))).toBe(first);
    expect(formatIp(lastAddress(cidr(block)))).toBe(last);
    expect(blockSize(cidr(block))).toBe(size);
  });

  it('enclose as many addresses as the block holds, and end where Node says the block ends', () => {
    fc.assert(
      fc.property(blocks, (block) => {
        const first = firstAddress(block);
        const last = lastAddress(block);
        expect(last.value - first.value + 1n).toBe(blockSize(block));
        expect([first, last].map((address) => nodeSaysItHolds(block, address))).toEqual([true, true]);
        const outside = [first.value - 1n, last.value + 1n].filter(
          (value) => value >= 0n && value < 1n << BigInt(ADDRESS_BITS[first.version]),
        );
        expect(outside.some((value) => nodeSaysItHolds(block, { version: first.version, value }))).toBe(false);
      }),
    );
  });
});

describe('netmask', () => {
  it.each([
    { text: '10.0.0.1/31', mask: '255.255.255.254' },
    { text: '10.0.0.1/30', mask: '255.255.255.252' },
    { text: '172.16.0.0/12', mask: '255.240.0.0' },
    { text: '0.0.0.0/0', mask: '0.0.0.0' },
    { text: '10.0.0.1/32', mask: '255.255.255.255' },
    { text: '2001:db8::/127', mask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe' },
  ])('of $text is $mask', ({ text, mask }) => {
    expect(formatIp(netmask(cidr(text)))).toBe(mask);
  });
});

describe('formatWithNetmask', () => {
  it('keeps host bits, and puts between them what a router has there', () => {
    expect(formatWithNetmask(cidr('10.0.0.1/31'))).toBe('10.0.0.1 255.255.255.254');
    expect(formatWithNetmask(cidr('10.64.0.0/16'), ' mask ')).toBe('10.64.0.0 mask 255.255.0.0');
  });
});

describe('contains', () => {
  it('agrees with Node’s BlockList', () => {
    fc.assert(
      fc.property(blocksWithNeighbours, ({ block, address }) => {
        expect(contains(block, address)).toBe(nodeSaysItHolds(block, address));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    { block: '0.0.0.0/0', address: '::', why: 'the same number' },
    { block: '::/0', address: '10.0.0.1', why: 'all of IPv6' },
    { block: '::ffff:0:0/96', address: '10.0.0.1', why: 'IPv4-mapped addresses are IPv6' },
    { block: '10.0.0.0/8', address: '::ffff:10.0.0.1', why: 'IPv4-mapped addresses are IPv6' },
  ])('never crosses families, as from $block to $address: $why', ({ block, address }) => {
    expect(contains(cidr(block), ip(address))).toBe(false);
  });
});

describe('overlaps', () => {
  it.each([
    { a: '10.0.0.0/31', b: '10.0.0.1/31', shared: true, why: 'both sides of one /31' },
    { a: '10.0.0.0/31', b: '10.0.0.2/31', shared: false, why: 'the next /31' },
    { a: '10.0.0.2/31', b: '10.0.0.0/30', shared: true, why: 'a /31 in a /30' },
    { a: '10.0.0.4/31', b: '10.0.0.0/30', shared: false, why: 'a /31 behind a /30' },
    { a: '0.0.0.0/0', b: '10.0.0.0/31', shared: true, why: '/0 holds everything' },
    { a: '0.0.0.0/0', b: '::/0', shared: false, why: 'never across families' },
  ])('of $a and $b is $shared: $why', ({ a, b, shared }) => {
    expect(overlaps(cidr(a), cidr(b))).toBe(shared);
  });

  it('is the same both ways round', () => {
    fc.assert(
      fc.property(pairsOfBlocks, ({ a, b }) => {
        expect(overlaps(a, b)).toBe(overlaps(b, a));
      }),
    );
  });

  it('holds when the longer block’s address lies in the shorter block, by Node’s BlockList', () => {
    fc.assert(
      fc.property(pairsOfBlocks, ({ a, b }) => {
        const [shorter, longer] = a.prefixLength <= b.prefixLength ? [a, b] : [b, a];
        expect(overlaps(a, b)).toBe(nodeSaysItHolds(shorter, longer.address));
      }),
      { numRuns: 1000 },
    );
  });

  it('holds of every block with itself', () => {
    fc.assert(
      fc.property(blocks, (block) => {
        expect(overlaps(block, block)).toBe(true);
      }),
    );
  });
});

describe('peerAddress', () => {
  it.each([
    { mine: '192.168.10.11/31', theirs: '192.168.10.10', why: 'the odd address of a /31 (RFC 3021)' },
    { mine: '192.168.10.10/31', theirs: '192.168.10.11', why: 'the even address of a /31' },
    { mine: '10.255.255.255/31', theirs: '10.255.255.254', why: 'the last /31 of a block' },
    { mine: '169.254.240.1/30', theirs: '169.254.240.2', why: 'the first usable address of a /30' },
    { mine: '169.254.240.2/30', theirs: '169.254.240.1', why: 'the second usable address of a /30' },
    { mine: '2001:db8::2/127', theirs: '2001:db8::3', why: 'an IPv6 /127 (RFC 6164)' },
    { mine: '2001:db8::3/127', theirs: '2001:db8::2', why: 'an IPv6 /127, the other way' },
  ])('of $mine is $theirs: $why', ({ mine, theirs }) => {
    expect(peerAddress(cidr(mine))).toEqual(ip(theirs));
  });

  it.each([
    { mine: '10.0.0.0/30', why: 'the network address of a /30' },
    { mine: '10.0.0.3/30', why: 'the broadcast address of a /30' },
    { mine: '10.0.0.1/32', why: 'alone in its block' },
    { mine: '10.0.0.1/29', why: 'one of many' },
    { mine: '10.0.0.1/0', why: 'one of all' },
    { mine: '2001:db8::1/126', why: 'an IPv6 block of four is not point-to-point' },
    { mine: '2001:db8::1/128', why: 'alone in its block' },
    { mine: '2001:db8::1/31', why: 'a /31 of IPv6 is a vast block' },
  ])('of $mine is nobody: $why', ({ mine }) => {
    expect(peerAddress(cidr(mine))).toBeUndefined();
  });

  it('is a different address of the same block, whose other side is the first again', () => {
    const pointToPoint = fc.oneof(
      writtenIpv4.map(({ text }) => `${text}/31`),
      writtenIpv6.map(({ text }) => `${text}/127`),
      // Only the middle two of a /30 have another side: any number but the last two bits, then 01 or 10.
      fc.tuple(writtenIpv4, fc.constantFrom(1n, 2n)).map(([{ value }, host]) => {
        return `${formatIp({ version: 4, value: ((value >> 2n) << 2n) | host })}/30`;
      }),
    );
    fc.assert(
      fc.property(pointToPoint, (text) => {
        const mine = cidr(text);
        const theirs = peerAddress(mine) ?? mine.address;
        expect(theirs).not.toEqual(mine.address);
        expect(nodeSaysItHolds(mine, theirs)).toBe(true);
        expect(peerAddress({ ...mine, address: theirs })).toEqual(mine.address);
      }),
    );
  });
});
