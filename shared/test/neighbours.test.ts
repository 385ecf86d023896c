import type { BGPFilterProfileListResponse } from 'cloudflare/resources/magic-transit/bgp-filter-profiles';
import type { CfInterconnectListResponse } from 'cloudflare/resources/magic-transit/cf-interconnects';
import type { GRETunnelListResponse } from 'cloudflare/resources/magic-transit/gre-tunnels';
import type { RouteListResponse } from 'cloudflare/resources/magic-transit/routes';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import {
  bgpFilterProfileListSchema,
  greNeighbours,
  greTunnelListSchema,
  interconnectListSchema,
  interconnectNeighbours,
  routeListSchema,
} from '../src/neighbours.ts';

const GRE = { id: 'a1', name: 'gre-lab-1', interface_address: '10.8.0.0/31', mtu: 1476, ttl: 64 };

it('takes the results that the SDK’s types describe', () => {
  expectTypeOf<GRETunnelListResponse>().toExtend<z.input<typeof greTunnelListSchema>>();
  expectTypeOf<CfInterconnectListResponse>().toExtend<z.input<typeof interconnectListSchema>>();
  expectTypeOf<BGPFilterProfileListResponse[]>().toExtend<z.input<typeof bgpFilterProfileListSchema>>();
  expectTypeOf<RouteListResponse>().toExtend<z.input<typeof routeListSchema>>();
});

describe('a list', () => {
  it.each([
    { result: {}, why: 'absent' },
    { result: { gre_tunnels: null }, why: 'null' },
    { result: { gre_tunnels: [] }, why: 'empty' },
  ])('that is $why has no entry', ({ result }) => {
    expect(greTunnelListSchema.parse(result).gre_tunnels).toEqual([]);
  });

  it('loses no entry to an odd one beside it, nor to an odd field', () => {
    const odd = { ...GRE, name: 7, interface_address6: null };
    expect(greTunnelListSchema.parse({ gre_tunnels: ['odd', null, odd, GRE] }).gre_tunnels).toEqual([
      { ...GRE, name: undefined, interface_address6: undefined },
      GRE,
    ]);
  });

  it('of something else is none', () => {
    expect(greTunnelListSchema.safeParse('no list').success).toBe(false);
    expect(bgpFilterProfileListSchema.safeParse({ id: 'no list' }).success).toBe(false);
  });

  it('has no filter profile without an ID, and no route without its two addresses', () => {
    const profile = { id: 'f1', name: 'imports', match_action: 'allow', targets: ['10.0.0.0/8+'] };
    expect(bgpFilterProfileListSchema.parse([{ name: 'without' }, { ...profile, id: '' }, profile])).toEqual([profile]);
    const route = { id: 'r1', prefix: '10.1.0.0/16', nexthop: '10.0.0.1', priority: 100 };
    expect(routeListSchema.parse({ routes: [{ id: 'r2' }, route] }).routes).toEqual([route]);
  });
});

describe('a neighbour', () => {
  it('is what shares names and subnets, and nothing else of it', () => {
    const list = greTunnelListSchema.parse({ gre_tunnels: [{ ...GRE, interface_address6: 'fd00::/127' }] });
    expect(greNeighbours(list)).toEqual([
      { kind: 'gre', name: 'gre-lab-1', interface_address: '10.8.0.0/31', interface_address6: 'fd00::/127' },
    ]);
  });

  it.each([
    { entry: { id: 'c1', name: 'cni-1', colo_name: 'ams01' }, name: 'cni-1', why: 'its name' },
    { entry: { id: 'c1', colo_name: 'ams01' }, name: 'ams01', why: 'the only name it has' },
    { entry: { id: 'c1' }, name: 'c1', why: 'its ID, without any name' },
  ])('is called by $why', ({ entry, name }) => {
    const list = interconnectListSchema.parse({ interconnects: [entry] });
    expect(interconnectNeighbours(list)).toEqual([{ kind: 'interconnect', name, interface_address: '' }]);
  });
});
