// The tunnels that the sandbox starts with where it is asked for some.

import { createIpsecTunnelRequestSchema } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { describe, expect, it } from 'vitest';
import { neighboursOf } from '../../src/sandbox/neighbours.ts';
import { present } from '../../src/sandbox/present.ts';
import { type SeedOptions, seedRoutes, seedTunnels } from '../../src/sandbox/seed.ts';
import { TunnelStore } from '../../src/sandbox/tunnel-store.ts';
import { listTunnels, startDesk } from '../support/desk.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID } from '../support/samples.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-01-02T03:04:05Z');
const OPTIONS: SeedOptions = { accountId: ACCOUNT_ID, count: 2000, bgpFilterProfiles: [], now: NOW };
const rules = {
  accountId: ACCOUNT_ID,
  interfaceAddressRules: 'reference',
  healthCheckTarget: 'string',
} as const;

describe('the tunnels of the start', () => {
  it('are the same at every start, whatever the hour and however many there are', () => {
    const tunnels = seedTunnels(OPTIONS);
    expect(seedTunnels({ ...OPTIONS, now: NOW + 3_600_000 })).toEqual(tunnels);
    expect(seedTunnels({ ...OPTIONS, count: 10 })).toEqual(tunnels.slice(0, 10));
    expect(tunnels[0]?.settings.name).toMatch(/^(branch|store|plant|office|dc)-[a-z]{3}-0001$/);
  });

  it('keep their IDs, names and values from one day to the next', () => {
    const undated = (now: number) => seedTunnels({ ...OPTIONS, now }).map(({ id, settings }) => ({ id, settings }));
    expect(undated(NOW + DAY_MS)).toEqual(undated(NOW));
  });

  it('differ between accounts', () => {
    const others = new Set(seedTunnels({ ...OPTIONS, accountId: OTHER_ACCOUNT_ID }).map(({ id }) => id));
    expect(seedTunnels(OPTIONS).filter(({ id }) => others.has(id))).toEqual([]);
  });

  it.each([
    ['the reference’s rules', undefined],
    ['the account’s IPv6 prefix', '2001:db8:7::/64'],
    ['an IPv6 prefix with room for few', '2001:db8:7::/121'],
  ])('are all valid, and conflict with nothing: %s', (_under, virtualSubnet6) => {
    const { greTunnels, interconnects, bgpFilterProfiles } = neighboursOf(ACCOUNT_ID);
    const schema = createIpsecTunnelRequestSchema({ ...rules, virtualSubnet6 });
    const store = new TunnelStore({ neighbours: [...greTunnels, ...interconnects] });
    for (const tunnel of seedTunnels({ ...OPTIONS, virtualSubnet6, bgpFilterProfiles })) {
      expect(schema.parse(tunnel.settings)).toEqual(tunnel.settings);
      expect(store.conflictsWith(tunnel.settings)).toEqual([]);
      store.put(tunnel);
    }
    expect(store.list().some(({ settings }) => settings.interface_address6 !== undefined)).toBe(true);
  });

  it('are from the last two years, each created before it was changed', () => {
    for (const { createdOn, modifiedOn, keySetOn = createdOn } of seedTunnels(OPTIONS)) {
      const [created, keySet, modified, now] = [createdOn, keySetOn, modifiedOn].map(Date.parse).concat(NOW);
      expect(created).toBeGreaterThan(NOW - 732 * DAY_MS);
      expect([created, keySet, modified, now].toSorted()).toEqual([created, keySet, modified, now]);
    }
  });

  it('are of all kinds', () => {
    const form = { accountId: ACCOUNT_ID, healthCheckTarget: 'string', now: NOW } as const;
    const tunnels = seedTunnels(OPTIONS).map((tunnel) => present(tunnel, form));
    const share = (has: (tunnel: (typeof tunnels)[number]) => boolean) => tunnels.filter(has).length / tunnels.length;
    expect(share(({ bgp }) => bgp !== undefined)).toBeCloseTo(1 / 3, 1);
    for (const state of ['BGP_DOWN', 'BGP_ESTABLISHING', 'BGP_UP']) {
      expect(share(({ bgp_status }) => bgp_status?.state === state)).toBeGreaterThan(0);
    }
    const some = [
      share(({ psk_metadata }) => !('last_generated_on' in psk_metadata)),
      share(({ health_check }) => health_check.enabled === false),
      share(({ custom_remote_identities }) => custom_remote_identities !== undefined),
      share(({ interface_address6 }) => interface_address6 !== undefined),
      share(({ customer_endpoint }) => customer_endpoint === undefined),
      share(({ description }) => description !== undefined),
      share(({ cloudflare_endpoint }) => cloudflare_endpoint === '198.51.100.9'),
    ];
    for (const part of some) {
      expect(part).toBeGreaterThan(0);
      expect(part).toBeLessThan(0.5);
    }
  });
});

it('static routes go through some of the tunnels, each to its customer’s side and to a network of its own', () => {
  const tunnels = seedTunnels(OPTIONS);
  const routes = seedRoutes(tunnels, ACCOUNT_ID);
  expect(routes.length).toBeGreaterThan(100);
  expect(new Set(routes.map(({ prefix }) => prefix)).size).toBe(routes.length);
  const names = new Map(tunnels.map(({ settings }) => [settings.name, settings.interface_address]));
  for (const { nexthop, description = '' } of routes) {
    const cloudflareSide = names.get(description.replace('Network behind ', ''));
    // Its subnets begin with Cloudflare's side, which is even.
    expect(cloudflareSide?.replace(/(\d+)\/31$/, (_, last) => String(Number(last) + 1))).toBe(nexthop);
  }
});

it('a desk starts with as many as SANDBOX_TUNNELS says', async () => {
  const desk = await startDesk({ SANDBOX_TUNNELS: '3' });
  expect(await listTunnels(desk)).toMatchObject({ ipsec_tunnels: [{}, {}, {}] });
});
