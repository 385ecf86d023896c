// What each account of the sandbox has beside its IPsec tunnels: GRE tunnels, interconnects, BGP filter profiles and static
// routes. Always the same, read-only, and out of the way of the names and subnets that people try first.

import { hash } from 'node:crypto';
import { formatIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import type { StoredTunnel, TunnelSettings } from './tunnel-store.ts';

export interface Route {
  readonly id: string;
  readonly prefix: string;
  /** An address on the customer's side of a tunnel. */
  readonly nexthop: string;
  readonly priority: number;
  readonly description?: string;
  readonly created_on: string;
  readonly modified_on: string;
}

export type Neighbours = ReturnType<typeof neighboursOf>;

const DATES = { created_on: '2025-03-13T14:28:47.054317925Z', modified_on: '2025-09-30T08:11:02.730941186Z' };
const HEALTH_CHECK: NonNullable<TunnelSettings['health_check']> = {
  enabled: true,
  rate: 'mid',
  type: 'reply',
  direction: 'unidirectional',
};
/** Routes of a BGP session enter with 100, and the lower priority wins. */
const PRIORITY = { active: 100, passive: 150 } as const;

/** The neighbours of the account's tunnels, in Cloudflare's form. */
export function neighboursOf(accountId: string) {
  const common = (name: string) => ({ id: idOf(accountId, name), name, ...DATES });
  const route = (prefix: string, nexthop: string, priority: number, description: string): Route => ({
    id: idOf(accountId, `route ${prefix} ${nexthop}`),
    ...{ prefix, nexthop, priority, description },
    ...DATES,
  });
  const gre = { cloudflare_gre_endpoint: '198.51.100.1', mtu: 1476, ttl: 64, health_check: HEALTH_CHECK };
  const interconnect = { mtu: 1500, health_check: HEALTH_CHECK, version: '2' };
  return {
    greTunnels: [
      {
        ...common('gre-lab-1'),
        ...gre,
        customer_gre_endpoint: '203.0.113.201',
        interface_address: '10.255.0.0/31',
        description: 'Lab, first rack',
      },
      {
        ...common('gre-lab-2'),
        ...gre,
        customer_gre_endpoint: '203.0.113.202',
        interface_address: '10.255.0.2/31',
        bgp: { customer_asn: 64_701 },
      },
    ],
    interconnects: [
      { ...common('cni-fra-1'), ...interconnect, colo_name: 'fra08', interface_address: '10.255.1.0/31' },
      { ...common('cni-ams-1'), ...interconnect, colo_name: 'ams01', interface_address: '10.255.1.2/31' },
    ],
    bgpFilterProfiles: [
      {
        ...common('private-ranges'),
        description: 'Only private prefixes, and none too long',
        match_action: 'allow',
        targets: ['10.0.0.0/8{16,24}', '172.16.0.0/12+', '192.168.0.0/16+'],
      },
      {
        ...common('no-default-route'),
        description: 'Keeps a default route out',
        match_action: 'deny',
        targets: ['0.0.0.0/0'],
      },
    ],
    routes: [
      route('10.200.0.0/16', '10.255.0.1', PRIORITY.active, 'Lab'),
      route('10.200.0.0/16', '10.255.0.3', PRIORITY.passive, 'Lab, when the first rack is down'),
    ],
  };
}

/** A static route to a network behind the tunnel. */
export function routeThrough({ settings, createdOn }: StoredTunnel, accountId: string, prefix: string): Route[] {
  const block = parseCidr(settings.interface_address);
  const customerSide = block && peerAddress(block);
  if (customerSide === undefined) return [];
  return [
    {
      id: idOf(accountId, `route ${prefix} ${settings.name}`),
      prefix,
      nexthop: formatIp(customerSide),
      priority: PRIORITY.active,
      description: `Network behind ${settings.name}`,
      created_on: createdOn,
      modified_on: createdOn,
    },
  ];
}

/** The same ID at every start: 32 hexadecimal characters. */
export function idOf(accountId: string, name: string): string {
  return hash('sha256', `${accountId} ${name}`).slice(0, 32);
}
