// The state of a tunnel's BGP session. There is no router behind the sandbox: a session comes up by itself, after a while.

import { formatIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import type { StoredTunnel } from './tunnel-store.ts';

const BGP_PORT = 179;
/** From the ephemeral range, since the router connects. */
const ROUTER_PORT = 50_179;

/** The states of a session in the order it goes through them, with its age in milliseconds when it gets there. */
const STATES = [
  { from: 0, state: 'BGP_DOWN', bgp_state: 'Active', tcp_established: false },
  { from: 10_000, state: 'BGP_ESTABLISHING', bgp_state: 'OpenConfirm', tcp_established: true },
  { from: 30_000, state: 'BGP_UP', bgp_state: 'Established', tcp_established: true },
] as const;

/** Where a session can be stuck. */
export const HELD_BGP_STATES = ['BGP_DOWN', 'BGP_ESTABLISHING'] as const;

/** `now` in milliseconds since the epoch. Without BGP `undefined`; without a key the session never comes up. */
export function bgpStatus({ settings, keySetOn, bgpSince, heldBgpState }: StoredTunnel, now: number) {
  const block = parseCidr(settings.interface_address);
  if (settings.bgp === undefined || block === undefined) return undefined;
  const oldest = STATES.find(({ state }) => state === heldBgpState)?.from ?? Number.POSITIVE_INFINITY;
  const age = keySetOn === undefined ? 0 : Math.min(now - bgpSince, oldest);
  const { from, ...reached } = STATES.findLast((state) => state.from <= age) ?? STATES[0];
  const peer = peerAddress(block);
  return {
    ...reached,
    updated_at: new Date(bgpSince + from).toISOString(),
    cf_speaker_ip: formatIp(block.address),
    ...(peer && { customer_speaker_ip: formatIp(peer) }),
    ...(reached.tcp_established && { cf_speaker_port: BGP_PORT, customer_speaker_port: ROUTER_PORT }),
  };
}
