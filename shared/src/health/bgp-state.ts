import type { IpsecTunnel } from '../ipsec-tunnels/tunnel.ts';
import type { ShownState } from './states.ts';

/** How long a session may take to come up, in milliseconds: hold time and one attempt to connect. */
const ESTABLISHING_MS = 120_000;

/**
 * Whether a tunnel in this state has a BGP session that is told not to be up, and not just coming up. Where the tunnel itself is
 * down, that is why. `now` in milliseconds since the epoch.
 */
export function isBgpToBlame({ bgp, bgp_status }: IpsecTunnel, state: ShownState, now: number): boolean {
  if (bgp === undefined || bgp_status === undefined || state === 'down') return false;
  const age = now - Date.parse(bgp_status.updated_at ?? '');
  return bgp_status.state !== 'BGP_UP' && !(bgp_status.state === 'BGP_ESTABLISHING' && age < ESTABLISHING_MS);
}
