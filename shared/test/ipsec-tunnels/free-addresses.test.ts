import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, cidr, contains, formatCidr, overlaps, parseCidr } from '../../src/ip/cidr.ts';
import { interfaceAddress } from '../../src/ipsec-tunnels/fields.ts';
import { lowestFreeInBlockUsedMost, lowestFreeSubnet } from '../../src/ipsec-tunnels/free-addresses.ts';
import { PRIVATE_IPV4_BLOCKS } from '../../src/ipsec-tunnels/interface-address.ts';

const tunnels = (...addresses: readonly string[]) => addresses.map((each) => ({ interface_address: each }));

function freeIn(pools: readonly string[], ...addresses: readonly string[]) {
  return lowestFreeSubnet(pools.map(cidr), tunnels(...addresses));
}

/** Every tunnel of a full /24. */
const every31Of = (start: string) => Array.from({ length: 128 }, (_, index) => `${start}.${2 * index}/31`);

describe('the lowest free /31 of pools', () => {
  it.each([
    { pools: ['10.0.0.0/24'], taken: [], free: '10.0.0.0/31', why: 'nothing is taken' },
    { pools: ['10.0.0.0/24'], taken: ['10.0.0.1/31'], free: '10.0.0.2/31', why: 'either side takes the whole pair' },
    {
      pools: ['10.0.0.0/24'],
      taken: ['10.0.0.2/31', '10.0.0.0/31'],
      free: '10.0.0.4/31',
      why: 'they come in any order',
    },
    { pools: ['10.0.0.0/24'], taken: ['10.0.0.0/31', '10.0.0.4/31'], free: '10.0.0.2/31', why: 'a gap is the lowest' },
    { pools: ['10.0.0.0/24'], taken: ['10.0.0.2/30'], free: '10.0.0.4/31', why: 'a /30 takes two pairs' },
    {
      pools: ['10.0.0.0/24'],
      taken: ['10.0.0.0/28', '10.0.0.0/31'],
      free: '10.0.0.16/31',
      why: 'one lies in the other',
    },
    { pools: ['10.0.0.0/24'], taken: ['10.0.0.2/31', '10.0.0.2/31'], free: '10.0.0.0/31', why: 'they are the same' },
    { pools: ['10.0.0.0/24'], taken: ['10.0.0.1/32'], free: '10.0.0.2/31', why: 'half a pair is no free pair' },
    {
      pools: ['10.0.0.0/24'],
      taken: ['9.0.0.0/31', '11.0.0.0/31'],
      free: '10.0.0.0/31',
      why: 'those elsewhere take nothing',
    },
    {
      pools: ['10.0.0.0/24'],
      taken: ['2001:db8::/127', 'none', ''],
      free: '10.0.0.0/31',
      why: 'what is no IPv4 takes nothing',
    },
    { pools: ['10.9.0.0/24', '10.1.0.0/24'], taken: [], free: '10.1.0.0/31', why: 'the lower pool is written second' },
    {
      pools: ['10.0.0.0/31', '10.9.0.0/24'],
      taken: ['10.0.0.0/31'],
      free: '10.9.0.0/31',
      why: 'the lower pool is full',
    },
    {
      pools: ['10.0.0.4/30', '10.0.0.0/29'],
      taken: ['10.0.0.0/30'],
      free: '10.0.0.4/31',
      why: 'one pool lies in the other',
    },
    { pools: ['192.168.255.254/31'], taken: [], free: '192.168.255.254/31', why: 'a pool can be a single pair' },
  ])('$free of $pools: $why', ({ pools, taken, free }) => {
    expect(freeIn(pools, ...taken)).toMatchObject({ kind: 'free', interfaceAddress: free });
  });

  it('names the pool that it is in', () => {
    expect(freeIn(['10.9.0.0/24', '10.1.0.0/24'], '10.1.0.0/24')).toMatchObject({ pool: '10.9.0.0/24' });
  });

  it('is none, where all are full, and names them in their order', () => {
    const pools = ['10.9.0.0/31', '10.0.0.0/24'];
    expect(freeIn(pools, '10.9.0.0/31', ...every31Of('10.0.0'))).toEqual({ kind: 'full', pools });
    expect(freeIn(pools, '10.0.0.0/8')).toEqual({ kind: 'full', pools });
  });

  const block = (minLength: number) =>
    fc.record({ value: fc.nat(127), length: fc.integer({ min: minLength, max: 31 }) }).map(
      ({ value, length }): Cidr => ({
        address: { version: 4, value: 0x0a00_0000n + BigInt(value) },
        prefixLength: length,
      }),
    );

  it('overlaps no tunnel, is in a pool, passes the field’s schema, and none below it does', () => {
    fc.assert(
      fc.property(
        fc.array(block(26), { minLength: 1, maxLength: 4 }),
        fc.array(block(28), { maxLength: 60 }),
        (pools, taken) => {
          const isFree = (candidate: Cidr) => !taken.some((each) => overlaps(each, candidate));
          // By trying every pair there is, from the lowest on.
          const expected = Array.from({ length: 128 }, (_, index): Cidr => {
            return { address: { version: 4, value: 0x0a00_0000n + BigInt(2 * index) }, prefixLength: 31 };
          }).find((pair) => isFree(pair) && pools.some((pool) => contains(pool, pair.address)));
          const found = lowestFreeSubnet(pools, tunnels(...taken.map(formatCidr)));
          expect(found.kind === 'free' ? found.interfaceAddress : undefined).toBe(expected && formatCidr(expected));
          if (found.kind === 'free')
            expect(interfaceAddress('reference').safeParse(found.interfaceAddress).success).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is found among 10,000 tunnels by sorting them, not by comparing each with each', () => {
    let read = 0;
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      get interface_address() {
        read += 1;
        return `10.${index >> 15}.${(index >> 7) & 255}.${(index & 127) * 2}/31`;
      },
    }));
    expect(lowestFreeSubnet([cidr('10.0.0.0/8')], many)).toMatchObject({ interfaceAddress: '10.0.78.32/31' });
    expect(read).toBe(10_000);
  });
});

describe('the lowest free /31 of the block used most', () => {
  it.each([
    { taken: [], free: '10.0.0.0/31', pool: '10.0.0.0/24', why: 'there is no tunnel' },
    { taken: ['10.9.9.9/31'], free: '10.9.9.0/31', pool: '10.9.9.0/24', why: 'there is one' },
    {
      taken: ['10.1.0.0/31', '172.16.5.0/31', '172.16.5.2/31'],
      free: '172.16.5.4/31',
      pool: '172.16.5.0/24',
      why: 'more are in the second',
    },
    { taken: ['10.2.0.0/31', '10.1.0.0/31'], free: '10.1.0.2/31', pool: '10.1.0.0/24', why: 'of two it is the lower' },
    {
      taken: every31Of('10.7.7'),
      free: '10.7.0.0/31',
      pool: '10.7.0.0/16',
      why: 'the /24 is full, and not its /16',
    },
    {
      taken: [...every31Of('10.7.7'), '10.7.0.0/17', '10.7.128.0/17'],
      free: '10.0.0.0/31',
      pool: '10.0.0.0/8',
      why: 'the /16 is full too',
    },
    {
      taken: [...every31Of('172.31.7'), '172.31.0.0/16'],
      free: '172.16.0.0/31',
      pool: '172.16.0.0/12',
      why: 'it is widened to its private block, and never beyond',
    },
    {
      taken: ['169.254.244.1/30', '169.254.244.5/30', '192.168.3.0/31'],
      free: '192.168.3.2/31',
      pool: '192.168.3.0/24',
      why: 'link-local pairs do not count',
    },
    { taken: ['169.254.244.1/30'], free: '10.0.0.0/31', pool: '10.0.0.0/24', why: 'only link-local pairs are there' },
  ])('$free of $pool: $why', ({ taken, free, pool }) => {
    expect(lowestFreeInBlockUsedMost(tunnels(...taken), [])).toEqual({ kind: 'free', interfaceAddress: free, pool });
  });

  it('is not in the block of other kinds of tunnels, and yet none of their addresses', () => {
    const gre = tunnels('10.8.0.0/31', '10.8.0.2/31', '10.9.9.0/31');
    expect(lowestFreeInBlockUsedMost(tunnels('10.9.9.4/31'), gre)).toMatchObject({ interfaceAddress: '10.9.9.2/31' });
    expect(lowestFreeInBlockUsedMost([], gre)).toMatchObject({ interfaceAddress: '10.0.0.0/31' });
  });

  it('is none, where the whole private block is full', () => {
    expect(lowestFreeInBlockUsedMost(tunnels('192.168.0.0/16'), [])).toEqual({
      kind: 'full',
      pools: ['192.168.0.0/16'],
    });
  });

  it('overlaps no tunnel, is in its block, and passes the field’s schema', () => {
    const addresses = fc
      .record({
        block: fc.constantFrom(...PRIVATE_IPV4_BLOCKS),
        offset: fc.nat(2000),
        length: fc.integer({ min: 8, max: 32 }),
      })
      .map(({ block, offset, length }) =>
        formatCidr({ address: { version: 4, value: block.address.value + BigInt(offset) }, prefixLength: length }),
      );
    fc.assert(
      fc.property(fc.array(addresses, { maxLength: 50 }), fc.nat(50), (taken, count) => {
        const found = lowestFreeInBlockUsedMost(tunnels(...taken.slice(0, count)), tunnels(...taken.slice(count)));
        if (found.kind === 'full') return;
        const subnet = cidr(found.interfaceAddress);
        expect(taken.filter((each) => overlaps(cidr(each), subnet))).toEqual([]);
        expect(contains(cidr(found.pool), subnet.address)).toBe(true);
        expect(interfaceAddress('reference').safeParse(found.interfaceAddress).success).toBe(true);
        expect(parseCidr(found.pool)?.prefixLength).toBeGreaterThanOrEqual(8);
      }),
      { numRuns: 300 },
    );
  });
});
