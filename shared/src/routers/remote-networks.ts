// What a router that has static routes alone reaches through Cloudflare, and what its list has none of.

import type { RouterInput } from './configuration.ts';
import type { RouterSettings } from './settings.ts';

export const DEFAULT_ROUTE = '0.0.0.0/0';

/** The networks behind Cloudflare; none where BGP was chosen, which such a router is given no settings for. */
export function remoteNetworks({ routing, remotePrefixes }: RouterSettings): readonly string[] {
  return routing === 'static' ? remotePrefixes : [];
}

/** Sentences about BGP and routes that the list has not, where that is so. */
export function missingRouting({ settings, tunnels }: RouterInput, reasonAgainstBgp: string): readonly string[] {
  const isBgpChosen = settings.routing === 'bgp';
  return [
    ...(isBgpChosen || tunnels.some(({ bgp }) => bgp !== undefined) ? [`BGP: ${reasonAgainstBgp}`] : []),
    ...(isBgpChosen ? ['Static routes: BGP was chosen, so the list has none.'] : []),
    ...(!isBgpChosen && settings.remotePrefixes.length === 0
      ? ['Static routes: no networks behind Cloudflare were named.']
      : []),
  ];
}
