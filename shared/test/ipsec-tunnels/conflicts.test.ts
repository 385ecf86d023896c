import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../src/ip/address.ts';
import { type Cidr, cidr, formatCidr, overlaps, parseCidr } from '../../src/ip/cidr.ts';
import {
  indexInSteps,
  indexTunnels,
  type KnownTunnel,
  type NamedTunnel,
  type Neighbour,
} from '../../src/ipsec-tunnels/conflicts.ts';

const TUNNEL: KnownTunnel = { name: 'branch-1', interface_address: '10.0.0.0/31' };

function named(...names: readonly string[]): KnownTunnel[] {
  return names.map((name) => ({ ...TUNNEL, name }));
}

describe('tunnels by name', () => {
  const index = indexTunnels(named('branch-1', 'Branch-1', 'branch-2', 'BRANCH\u200b-1', 'ﬁeld', 'field'));
  const namesIn = ({ first }: { readonly first: readonly NamedTunnel[] }) => first.map(({ name }) => name);

  it('are found by exactly the same name', () => {
    expect(namesIn(index.named('branch-1'))).toEqual(['branch-1']);
    expect(index.named('branch')).toEqual({ count: 0, first: [] });
  });

  it('are found by a name that only looks different, and never by the same', () => {
    expect(namesIn(index.nearlyNamed('branch-1'))).toEqual(['Branch-1', 'BRANCH\u200b-1']);
    expect(namesIn(index.nearlyNamed('ｂranch-1'))).toEqual(['branch-1', 'Branch-1', 'BRANCH\u200b-1']);
    expect(namesIn(index.nearlyNamed(' field\u00a0'))).toEqual(['ﬁeld', 'field']);
    expect(namesIn(index.nearlyNamed('branch-2'))).toEqual([]);
  });
});

describe('overlapping subnets', () => {
  const blocks = fc
    .record({
      version: fc.constantFrom(4 as const, 6 as const),
      value: fc.nat(63),
      hostBits: fc.integer({ min: 0, max: 6 }),
    })
    .map(({ version, value, hostBits }): Cidr => {
      const top = version === 4 ? 0x0a00_0000n : 0xfd00n << 112n;
      return { address: { version, value: top + BigInt(value) }, prefixLength: (version === 4 ? 32 : 128) - hostBits };
    });

  it('are those a scan of all tunnels finds', () => {
    fc.assert(
      fc.property(fc.array(blocks, { maxLength: 40 }), blocks, (known, asked) => {
        const tunnels = known.map((block, index) => {
          const text = formatCidr(block);
          return block.address.version === 4
            ? { name: `${index}`, interface_address: text }
            : { name: `${index}`, interface_address: 'unreadable', interface_address6: text };
        });
        const expected = known.flatMap((block, index) => (overlaps(block, asked) ? [`${index}`] : []));
        const { count, first } = indexTunnels(tunnels).overlapping(asked);
        expect(count).toBe(expected.length);
        expect(first).toHaveLength(Math.min(3, count));
        expect(expected).toEqual(expect.arrayContaining(first.map(({ of }) => of.name)));
        expect(new Set(first.map(({ of }) => of.name)).size).toBe(first.length);
      }),
      { numRuns: 500 },
    );
  });

  it('are given as they are written there', () => {
    const asked = parseCidr('fd00::3/127');
    const index = indexTunnels([{ ...TUNNEL, interface_address6: 'FD00:0::2/127' }]);
    expect(asked && index.overlapping(asked)).toMatchObject({
      count: 1,
      first: [{ of: { kind: 'ipsec', name: 'branch-1' }, text: 'FD00:0::2/127' }],
    });
  });
});

describe('tunnels by their endpoints and identity', () => {
  const tunnel = {
    ...TUNNEL,
    cloudflare_endpoint: '2606:4700::1',
    customer_endpoint: '203.0.113.1',
    custom_remote_identities: { fqdn_id: 'a.example' },
    bgp: { customer_asn: 65001 },
  };
  const match = { kind: 'ipsec', name: 'branch-1' };
  const index = indexTunnels([tunnel, TUNNEL]);

  it('are found however an address is spelled', () => {
    const spelled = '2606:4700:0:0:0:0:0:0001';
    expect(formatIp({ version: 6, value: (0x2606_4700n << 96n) | 1n })).toBe(tunnel.cloudflare_endpoint);
    expect(index.withEndpoints(spelled, '203.0.113.1').first).toEqual([match]);
    expect(index.withIdentity('a.example', spelled).first).toEqual([match]);
  });

  it.each([
    { found: index.withEndpoints('2606:4700::2', '203.0.113.1'), why: 'another Cloudflare endpoint' },
    { found: index.withEndpoints('203.0.113.1', '2606:4700::1'), why: 'the other way round' },
    { found: index.withEndpoints('', ''), why: 'no addresses' },
    { found: index.withIdentity('a.example', '2606:4700::2'), why: 'another Cloudflare endpoint' },
    { found: index.withIdentity('', '2606:4700::1'), why: 'no identity' },
    { found: index.withAsn(65002), why: 'another ASN' },
  ])('are not found by what they do not have: $why', ({ found }) => {
    expect(found).toEqual({ count: 0, first: [] });
  });

  it('are found by their ASN', () => {
    expect(index.withAsn(65001)).toEqual({ count: 1, first: [match] });
  });
});

describe('GRE tunnels and interconnects', () => {
  const gre: Neighbour = { kind: 'gre', name: 'gre-lab-1', interface_address: '10.8.0.0/31' };
  const interconnect: Neighbour = {
    kind: 'interconnect',
    name: 'cni-ams',
    interface_address: '10.8.0.4/30',
    interface_address6: 'fd00::2/127',
  };
  const index = indexTunnels([TUNNEL], [gre, interconnect]);
  const overlapping = (text: string) => index.overlapping(cidr(text)).first;

  it('are found by their names, and it is said what they are', () => {
    expect(index.named('gre-lab-1')).toEqual({ count: 1, first: [{ kind: 'gre', name: 'gre-lab-1' }] });
    expect(index.nearlyNamed('CNI-AMS').first).toEqual([{ kind: 'interconnect', name: 'cni-ams' }]);
    expect(index.named('branch-1').first).toEqual([{ kind: 'ipsec', name: 'branch-1' }]);
  });

  it('are found by their subnets, and it is said whose each is', () => {
    expect(overlapping('10.8.0.1/31')).toEqual([{ of: { kind: 'gre', name: 'gre-lab-1' }, text: '10.8.0.0/31' }]);
    expect(overlapping('fd00::2/127')).toMatchObject([{ of: { kind: 'interconnect' }, text: 'fd00::2/127' }]);
    expect(overlapping('10.0.0.0/8').map(({ of }) => of.kind)).toEqual(['ipsec', 'gre', 'interconnect']);
  });

  it('are never taken for what an IPsec tunnel says of itself', () => {
    const odd = { ...TUNNEL, kind: 'gre' };
    expect(indexTunnels([odd]).named('branch-1').first).toEqual([{ kind: 'ipsec', name: 'branch-1' }]);
  });
});

it('an index that is built in steps knows every tunnel and neighbour after the last one', () => {
  const tunnels = named(...Array.from({ length: 1_200 }, (_, index) => `tunnel-${index}`));
  const { step, index } = indexInSteps(tunnels, [{ kind: 'gre', name: 'gre-lab-1', interface_address: '10.8.0.0/31' }]);
  expect(step()).toBe(true);
  expect([index.named('tunnel-0').count, index.named('tunnel-1199').count]).toEqual([1, 0]);
  let steps = 1;
  while (step()) steps += 1;
  expect(steps).toBeGreaterThan(1);
  expect([index.named('tunnel-1199').count, index.named('gre-lab-1').count]).toEqual([1, 1]);
  expect(index.overlapping(cidr('10.0.0.0/31')).count).toBe(1_200);
});
