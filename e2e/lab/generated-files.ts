// Files from the desk's generator itself, for tunnels that no one types into a form a hundred times.

import { ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { type RouterTunnel, readRouterTunnels } from '@tunnel-desk/shared/routers/router-tunnel';
import { ROUTERS } from '@tunnel-desk/shared/routers/routers';
import { type RouterSettings, routerSettingsSchema } from '@tunnel-desk/shared/routers/settings';
import { ACCOUNT } from '../support/desk.ts';
import { LAN_PREFIX, UPLINK } from './network.ts';
import type { RouterFiles } from './router.ts';

export const SETTINGS: RouterSettings = routerSettingsSchema.parse({
  kind: 'linux',
  uplink: UPLINK,
  isBehindNat: false,
  lanPrefixes: [LAN_PREFIX],
  routing: 'bgp',
  remotePrefixes: [],
  proposals: 'strongest',
});

/** Tunnels of one router, each with a key. */
export function readTunnels(given: readonly { readonly tunnel: object; readonly psk: string }[]) {
  const parsed = given.map(({ tunnel, psk }) => ({ tunnel: ipsecTunnelSchema.parse(tunnel), psk }));
  const read = readRouterTunnels(ACCOUNT.id, parsed);
  if (read.kind === 'unusable') throw new Error(read.reasons.join(' '));
  return read.tunnels;
}

export function generateFiles(tunnels: readonly RouterTunnel[], settings: RouterSettings = SETTINGS): RouterFiles {
  const input = { accountId: ACCOUNT.id, tunnels, settings, deskVersion: '0.1.0', at: new Date() };
  return new Map(ROUTERS.linux.configure(input).files.map(({ name, content }) => [name, content]));
}
