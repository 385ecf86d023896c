// How long keys last on a router that takes shorter times only.

import { CHILD_LIFETIME, IKE_LIFETIME, type RouterTunnel } from './router-tunnel.ts';

/** The IKE lifetime as a share of the longest that the router takes, in seconds: a pair's still end at different times. */
export function ikeLifetimeUpTo(longest: number, { ikeLifetime }: RouterTunnel): string {
  return String(Math.round((ikeLifetime / IKE_LIFETIME) * longest));
}

/** The same for the child SA. */
export function childLifetimeUpTo(longest: number, { childLifetime }: RouterTunnel): string {
  return String(Math.round((childLifetime / CHILD_LIFETIME) * longest));
}
