// What of a tunnel does not suit a Linux router.

import { adviseHealthCheckType, adviseReplayProtection, type RouterAdvisory } from '../advisories.ts';
import type { RouterTunnel } from '../router-tunnel.ts';
import type { RouterSettings } from '../settings.ts';
import { md5KeyIssue } from './frr.ts';

export function adviseOnLinux(tunnel: RouterTunnel, { routing }: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseHealthCheckType(
      tunnel,
      'request',
      'Linux drops such probes, whose source is its own address; its configuration has to make an exception (accept_local) for them.',
    ),
    ...adviseReplayProtection(
      tunnel,
      false,
      'Linux can do without it, and Cloudflare then need not keep the tunnel on one server: it is for routers that cannot turn it off.',
    ),
    ...(routing === 'bgp' ? adviseOnBgp(tunnel) : []),
  ];
}

function adviseOnBgp({ bgp }: RouterTunnel): readonly RouterAdvisory[] {
  if (bgp === undefined) {
    return [
      {
        message: 'This tunnel has no BGP, and the router is to learn its routes by it.',
        fix: { label: 'Turn BGP on', values: { bgpEnabled: true } },
      },
    ];
  }
  const issue = bgp.md5Key === undefined ? undefined : md5KeyIssue(bgp.md5Key);
  if (issue === undefined) return [];
  return [
    {
      message: `The MD5 key of this tunnel's BGP ${issue}, so that FRR cannot have the same one.`,
      fix: { label: 'Enter another', values: { 'bgp/md5_key': '' } },
    },
  ];
}
