// Finds tunnels by name, address or ID while one types, in lists as long as Cloudflare gives them.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { routerSide } from './router-side.ts';

export interface TunnelMatches {
  /** The best ones first, no more than asked for. */
  readonly shown: readonly IpsecTunnel[];
  /** How many there are beside them. */
  readonly more: number;
}

interface Searchable {
  readonly tunnel: IpsecTunnel;
  readonly name: string;
  /** Its addresses and its ID: both endpoints, and both ends of each link. */
  readonly rest: string;
}

/** Made once per list: it parses every address in it. */
const indexes = new WeakMap<readonly IpsecTunnel[], readonly Searchable[]>();

/**
 * The tunnels with the text in their name, in an address, or in their ID, in any case of letters; all of them for an empty
 * text. One that is called so comes before those that begin so, then those with it in their name, then all others.
 */
export function findTunnels(tunnels: readonly IpsecTunnel[], text: string, limit: number): TunnelMatches {
  const wanted = text.trim().toLowerCase();
  const ranks: IpsecTunnel[][] = [[], [], [], []];
  for (const searchable of indexOf(tunnels)) {
    const rank = rankOf(searchable, wanted);
    if (rank !== undefined) ranks[rank]?.push(searchable.tunnel);
  }
  const matches = ranks.flat();
  return { shown: matches.slice(0, limit), more: Math.max(0, matches.length - limit) };
}

function rankOf({ name, rest }: Searchable, wanted: string): number | undefined {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 2;
  return rest.includes(wanted) ? 3 : undefined;
}

function indexOf(tunnels: readonly IpsecTunnel[]): readonly Searchable[] {
  const known = indexes.get(tunnels);
  if (known !== undefined) return known;
  const index = tunnels.map((tunnel) => ({
    tunnel,
    name: tunnel.name.toLowerCase(),
    rest: [
      tunnel.cloudflare_endpoint,
      tunnel.customer_endpoint,
      tunnel.interface_address,
      // The other end of the link, which the list does not say.
      routerSide(tunnel.interface_address),
      tunnel.interface_address6,
      routerSide(tunnel.interface_address6),
      tunnel.id,
    ]
      .join('\n')
      .toLowerCase(),
  }));
  indexes.set(tunnels, index);
  return index;
}
