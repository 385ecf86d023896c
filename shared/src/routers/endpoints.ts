// The tunnels of one router by their Cloudflare endpoint, for clouds that have one object for each remote address.

import type { RouterTunnel } from './router-tunnel.ts';

export interface EndpointTunnels {
  readonly endpoint: string;
  readonly tunnels: readonly [RouterTunnel, ...RouterTunnel[]];
}

/** In the order in which the endpoints first occur. */
export function tunnelsByEndpoint(tunnels: readonly RouterTunnel[]): readonly EndpointTunnels[] {
  const groups = new Map<string, [RouterTunnel, ...RouterTunnel[]]>();
  for (const tunnel of tunnels) {
    const group = groups.get(tunnel.cloudflareEndpoint);
    if (group === undefined) groups.set(tunnel.cloudflareEndpoint, [tunnel]);
    else group.push(tunnel);
  }
  return Array.from(groups, ([endpoint, own]) => ({ endpoint, tunnels: own }));
}
