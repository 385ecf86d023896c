// What the scripts have in common: they are for any POSIX shell, and every value in them is a plain word in quotes.

import type { RouterTunnel } from '../router-tunnel.ts';
import { connectionName, interfaceName } from './names.ts';
import { localIdentity } from './swanctl.ts';

/** The variables in which a function of a script finds the values of one tunnel. */
const COLUMNS = {
  connection: connectionName,
  interface: interfaceName,
  number: ({ number }: RouterTunnel) => String(number),
  /** As `ip -d link` shows it. */
  if_id: ({ number }: RouterTunnel) => `0x${number.toString(16)}`,
  address: ({ routerAddress }: RouterTunnel) => routerAddress,
  prefix_length: ({ prefixLength }: RouterTunnel) => String(prefixLength),
  peer: ({ cloudflareAddress }: RouterTunnel) => cloudflareAddress,
  endpoint: ({ cloudflareEndpoint }: RouterTunnel) => cloudflareEndpoint,
  identity: localIdentity,
  bgp_peer: ({ bgp }: RouterTunnel) => bgp?.peer ?? '',
  accept_local: (tunnel: RouterTunnel) => (returnsReplies(tunnel) ? '1' : '0'),
  has_key: ({ psk }: RouterTunnel) => (psk === undefined ? 'no' : 'yes'),
};
type Column = keyof typeof COLUMNS;

/** Whether Cloudflare's health checks have the router's own address for their source, which Linux drops by itself. */
export function returnsReplies({ healthCheck }: RouterTunnel): boolean {
  return healthCheck.enabled && healthCheck.type === 'reply';
}

/** A function `for_each_tunnel` that runs its arguments as a command, once per tunnel, with the values in variables. */
export function forEachTunnel(tunnels: readonly RouterTunnel[], columns: readonly Column[]): string {
  const turns = tunnels.map(
    (tunnel) => `${columns.map((column) => `  ${column}=${quoted(COLUMNS[column](tunnel))}\n`).join('')}  "$@"\n`,
  );
  return `for_each_tunnel() {\n${turns.join('')}}\n`;
}

/** One word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
