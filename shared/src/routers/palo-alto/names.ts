// What PAN-OS has by default, or what the guide calls it.

import type { RouterTunnel } from '../router-tunnel.ts';

/** The virtual router that a firewall comes with. */
export const VIRTUAL_ROUTER = 'default';
/** The guide's name, for a zone that has the tunnels alone. */
export const ZONE = 'cloudflare';

export function tunnelInterface({ number }: RouterTunnel): string {
  return `tunnel.${number}`;
}

/** The router's address inside the tunnel, as its interface has it. */
export function interfaceAddress({ routerAddress, prefixLength }: RouterTunnel): string {
  return `${routerAddress}/${prefixLength}`;
}
