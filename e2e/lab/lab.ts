// A router with the desk's files, and the edge at the other end of its tunnels.

import { type EdgeTunnel, startEdgeIpsec } from './edge.ts';
import { createNetwork, type Link, makeTunnel, type Network } from './network.ts';
import { type RouterFiles, startRouterIpsec } from './router.ts';
import type { Daemon, Machine, World } from './world.ts';

export const CUSTOMER_ENDPOINT = '192.88.99.10';
export const ENDPOINTS = ['198.51.100.1', '203.0.113.1'] as const;
/** The edge's end of the tunnel that carries the traffic. */
export const EDGE_INTERFACE = 'tunnel0';

export interface Lab extends Network {
  readonly charon: { readonly router: Daemon; readonly edge: Daemon };
  /** What swanctl said of the router's files. */
  readonly loaded: string;
}

/** Starts strongSwan at both ends. The traffic goes through the first of the tunnels: charon has one device for all. */
export async function startLab(
  world: World,
  {
    files,
    tunnels,
    link,
  }: { readonly files: RouterFiles; readonly tunnels: readonly EdgeTunnel[]; readonly link: Link },
): Promise<Lab> {
  const network = await createNetwork(world, { customerEndpoint: CUSTOMER_ENDPOINT, endpoints: ENDPOINTS });
  const edge = await startEdgeIpsec(network.edge, tunnels);
  await makeTunnel(network.edge, EDGE_INTERFACE, `${link.cloudflareAddress}/31`);
  const { charon: router, loaded } = await startRouterIpsec(network.router, files, `${link.routerAddress}/31`);
  return { ...network, charon: { router, edge }, loaded };
}

/** The security associations of a machine, as swanctl shows them. */
export function securityAssociations(machine: Machine): Promise<string> {
  return machine.run('swanctl', ['--list-sas']);
}
