// What things are called on IOS XE.

import type { RouterTunnel } from '../router-tunnel.ts';

/** What belongs to a tunnel is called after it. */
export function nameOf({ label }: RouterTunnel): string {
  return `cf-${label}`;
}

export function interfaceOf({ number }: RouterTunnel): string {
  return `Tunnel${number}`;
}
