import { describe, expect, it } from 'vitest';
import { childLifetimeUpTo, ikeLifetimeUpTo } from '../../src/routers/lifetimes.ts';
import { firstTunnel, readable, secondTunnel } from './inputs.ts';

const LONG = { ike: 86_400, child: 28_800 };
const SHORT = { ike: 79_200, child: 25_200 };

function lifetimesOf(...interfaceAddresses: readonly string[]) {
  const tunnels = interfaceAddresses.map((interface_address, index) => ({
    tunnel: index === 0 ? firstTunnel({ interface_address }) : secondTunnel({ interface_address }),
  }));
  return readable(...tunnels).map(({ ikeLifetime, childLifetime }) => ({ ike: ikeLifetime, child: childLifetime }));
}

describe('the lifetimes of tunnels that are read together', () => {
  it.each([
    ['10.0.0.0/31', '10.0.0.2/31', 'neighbours in order'],
    ['10.0.0.2/31', '10.0.0.0/31', 'neighbours the other way round'],
    ['10.0.0.2/31', '10.0.0.6/31', 'both in odd places'],
    ['169.254.244.2/30', '169.254.244.6/30', 'a /30 each'],
  ])('differ between %s and %s: %s', (first, second) => {
    expect(new Set(lifetimesOf(first, second).map(({ ike }) => ike))).toEqual(new Set([LONG.ike, SHORT.ike]));
  });
});

describe('the lifetimes of a tunnel that is read alone', () => {
  it.each([
    ['10.0.0.0/31', LONG],
    ['10.0.0.1/31', LONG],
    ['10.0.0.2/31', SHORT],
    ['169.254.244.2/30', LONG],
    ['169.254.244.6/30', SHORT],
  ])('of %s are %j, other ones than its neighbour has', (interfaceAddress, lifetimes) => {
    expect(lifetimesOf(interfaceAddress)).toEqual([lifetimes]);
  });
});

describe('lifetimes on a router that takes shorter ones', () => {
  it('are a share of its longest, so that those of a pair still differ', () => {
    const tunnels = readable({ tunnel: firstTunnel() }, { tunnel: secondTunnel() });
    expect(tunnels.map((tunnel) => ikeLifetimeUpTo(28_800, tunnel))).toEqual(['28800', '26400']);
    expect(tunnels.map((tunnel) => childLifetimeUpTo(3_600, tunnel))).toEqual(['3600', '3150']);
  });
});
