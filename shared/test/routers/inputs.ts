// Tunnels and settings of routers in the situations that a configuration has to be right in.

import { type IpsecTunnel, ipsecTunnelSchema } from '../../src/ipsec-tunnels/tunnel.ts';
import type { RouterInput } from '../../src/routers/configuration.ts';
import type { RouterKind } from '../../src/routers/kinds.ts';
import { type RouterTunnel, readRouterTunnels, type TunnelForRouter } from '../../src/routers/router-tunnel.ts';
import { type RouterSettings, routerSettingsSchema } from '../../src/routers/settings.ts';
import { ACCOUNT_ID } from '../ipsec-tunnels/validating.ts';

/** Made up; the second of a pair has one of its own. */
export const KEYS = ['O3bwKSjnaoCxDoUxjcq4Rk8ZKkezQUiy', 'hbGnJzFMqwltb-BapXCO3cGZz2NMg_01'] as const;

const FIRST = {
  id: '0123456789abcdef0123456789abcde1',
  name: 'branch-1a',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '203.0.113.10',
  interface_address: '10.0.0.0/31',
  description: 'Branch 1, first ISP',
  psk_metadata: { last_generated_on: '2026-11-25T10:00:00Z' },
  replay_protection: false,
  health_check: { enabled: true, rate: 'mid', type: 'request', direction: 'bidirectional' },
  bgp: { customer_asn: 65_010, md5_key: 'S3cr3t!key' },
};
const SECOND = {
  ...FIRST,
  id: '0123456789abcdef0123456789abcde2',
  name: 'branch-1b',
  cloudflare_endpoint: '198.51.100.2',
  interface_address: '10.0.0.2/31',
};

/** A tunnel as Cloudflare responds with it, with BGP, and what is changed in it. */
export function firstTunnel(changes: object = {}): IpsecTunnel {
  return ipsecTunnelSchema.parse({ ...FIRST, ...changes });
}

/** The other of the pair: another Cloudflare endpoint and interface subnet, the same router. */
export function secondTunnel(changes: object = {}): IpsecTunnel {
  return ipsecTunnelSchema.parse({ ...SECOND, ...changes });
}

/** The tunnels as a router has to know them; throws where they are unusable. */
export function readable(...tunnels: readonly TunnelForRouter[]): readonly RouterTunnel[] {
  const read = readRouterTunnels(ACCOUNT_ID, tunnels);
  if (read.kind === 'unusable') throw new Error(read.reasons.join(' '));
  return read.tunnels;
}

/** Settings that suit most kinds, and what is changed in them. */
export function settingsFor(kind: RouterKind, changes: Partial<RouterSettings> = {}): RouterSettings {
  return routerSettingsSchema.parse({
    kind,
    uplink: 'eth0',
    isBehindNat: false,
    lanPrefixes: ['192.168.50.0/24'],
    routing: 'bgp',
    remotePrefixes: ['10.64.0.0/16', '172.16.0.0/12'],
    proposals: 'strongest',
    ...changes,
  });
}

/** What a configuration is made from, the time and the version of the desk fixed. */
export function inputOf(tunnels: readonly RouterTunnel[], settings: RouterSettings): RouterInput {
  return { accountId: ACCOUNT_ID, tunnels, settings, deskVersion: '0.1.0', at: new Date('2026-11-25T10:00:00Z') };
}

const ONE = { tunnel: firstTunnel() };
const PAIR = [ONE, { tunnel: secondTunnel() }];
const STATIC = { routing: 'static' } as const;

export interface Situation {
  /** For the name of a golden file. */
  readonly name: string;
  readonly tunnels: readonly TunnelForRouter[];
  readonly changes: Partial<RouterSettings>;
}

/** What every kind of router is tried in. */
export const SITUATIONS: readonly Situation[] = [
  { name: 'one-bgp', tunnels: [ONE], changes: {} },
  { name: 'one-static', tunnels: [ONE], changes: STATIC },
  { name: 'pair-bgp', tunnels: PAIR, changes: {} },
  { name: 'pair-static', tunnels: PAIR, changes: STATIC },
  { name: 'compatible', tunnels: [ONE], changes: { proposals: 'compatible' } },
  { name: 'behind-nat', tunnels: [ONE], changes: { isBehindNat: true, localAddress: '192.168.1.2' } },
  { name: 'with-keys', tunnels: PAIR.map((given, index) => ({ ...given, psk: KEYS[index] })), changes: {} },
  {
    name: 'reply-replay',
    tunnels: [
      {
        tunnel: firstTunnel({
          replay_protection: true,
          health_check: { enabled: true, type: 'reply', direction: 'bidirectional' },
        }),
      },
    ],
    changes: STATIC,
  },
  { name: 'no-bgp', tunnels: [{ tunnel: firstTunnel({ bgp: undefined }) }], changes: {} },
  {
    name: 'bare',
    tunnels: [{ tunnel: firstTunnel({ customer_endpoint: undefined }) }],
    changes: { lanPrefixes: [], remotePrefixes: [] },
  },
];

export { ACCOUNT_ID };
