// What things are called on the router, so that all files name the same ones.

import type { RouterInput } from '../configuration.ts';
import type { RouterTunnel } from '../router-tunnel.ts';

/** The XFRM interface of a tunnel: at most 15 characters, as Linux has it. */
export function interfaceName({ shortLabel }: RouterTunnel): string {
  return `cf-${shortLabel}`;
}

/** The connection of a tunnel and its child in strongSwan. With a beginning of its own no name is a word of the format. */
export function connectionName({ label }: RouterTunnel): string {
  return `cf-${label}`;
}

/** What the files of one configuration have in common in their names on the router. */
export function configurationName({ tunnels }: Pick<RouterInput, 'tunnels'>): string {
  return `cloudflare-${tunnels[0]?.label ?? 'tunnel'}`;
}
