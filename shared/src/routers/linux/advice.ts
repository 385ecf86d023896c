// What of a tunnel does not suit a Linux router.

import {
  adviseBgp,
  adviseHealthCheckType,
  adviseMd5Key,
  adviseReplayProtection,
  type RouterAdvisory,
} from '../advisories.ts';
import type { RouterTunnel } from '../router-tunnel.ts';
import type { RouterSettings } from '../settings.ts';
import { md5KeyIssue } from './frr.ts';

export function adviseOnLinux(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
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
    ...adviseBgp(tunnel, settings),
    ...adviseMd5Key(tunnel, settings, 'FRR', md5KeyIssue),
  ];
}
