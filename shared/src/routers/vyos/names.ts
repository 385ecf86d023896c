// What things are called on VyOS.

import type { RouterTunnel } from '../router-tunnel.ts';

/** What belongs to a tunnel is called after it. */
export function nameOf({ label }: RouterTunnel): string {
  return `cf-${label}`;
}

export function interfaceOf({ number }: RouterTunnel): string {
  return `vti${number}`;
}
