// Which tunnels of one router BGP runs over, and what of it is left out.

import type { RouterBgp, RouterTunnel } from './router-tunnel.ts';

/** A tunnel that has BGP. */
export interface BgpTunnel extends RouterTunnel {
  readonly bgp: RouterBgp;
}

export function tunnelsWithBgp(tunnels: readonly RouterTunnel[]): readonly BgpTunnel[] {
  return tunnels.filter((tunnel): tunnel is BgpTunnel => tunnel.bgp !== undefined);
}

/** Those whose customer ASN is the first one's, for a router that has one for all its sessions. */
export function tunnelsOfOneAsn(tunnels: readonly RouterTunnel[]): readonly BgpTunnel[] {
  const withBgp = tunnelsWithBgp(tunnels);
  return withBgp.filter(({ bgp }) => bgp.customerAsn === withBgp[0]?.bgp.customerAsn);
}

/**
 * Sentences about the tunnels that have no session, and the MD5 keys that the router cannot have: `md5KeyIssue` says
 * why as the end of a sentence.
 */
export function leftOutOfBgp(
  tunnels: readonly RouterTunnel[],
  withSession: readonly BgpTunnel[],
  md5KeyIssue: (key: string) => string | undefined,
): string[] {
  return tunnels.flatMap(({ id, label, bgp }) => {
    if (bgp === undefined) return [`BGP over ${label}: the tunnel has none.`];
    if (!withSession.some((other) => other.id === id))
      return [`BGP over ${label}: its customer ASN is ${bgp.customerAsn}, and a router has one for all its sessions.`];
    const issue = bgp.md5Key === undefined ? undefined : md5KeyIssue(bgp.md5Key);
    return issue === undefined ? [] : [`The MD5 key of ${label}: it ${issue}. Without it the session stays down.`];
  });
}

/** Whether Cloudflare's BGP speaker is beyond its end of the tunnel, so that the router needs a route and two hops to it. */
export function isSpeakerOutside({ bgp, cloudflareAddress }: BgpTunnel): boolean {
  return bgp.peer !== cloudflareAddress;
}

/** The Cloudflare endpoints of the tunnels, for a comment. */
export function endpointsOf(tunnels: readonly RouterTunnel[]): string {
  return [...new Set(tunnels.map(({ cloudflareEndpoint }) => cloudflareEndpoint))].join(' and ');
}
