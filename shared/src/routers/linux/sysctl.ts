// What the kernel has to be told about forwarding and the tunnels' interfaces, in sysctl.d.

import type { RouterTunnel } from '../router-tunnel.ts';
import { interfaceName } from './names.ts';
import { returnsReplies } from './shell.ts';

export function sysctlConf(tunnels: readonly RouterTunnel[]): string {
  return `net.ipv4.ip_forward = 1
# Loose (RFC 3704): what leaves by one tunnel may come back by the other. The higher of all.rp_filter and this counts,
# so that 0 would leave it strict where all is 1.
${tunnels.map((tunnel) => `net.ipv4.conf.${interfaceName(tunnel)}.rp_filter = 2\n`).join('')}${acceptLocal(tunnels)}`;
}

function acceptLocal(tunnels: readonly RouterTunnel[]): string {
  const returning = tunnels.filter(returnsReplies);
  if (returning.length === 0) return '';
  return `# A health check of type reply has this router's own address for its source, which Linux drops without this.
${returning.map((tunnel) => `net.ipv4.conf.${interfaceName(tunnel)}.accept_local = 1\n`).join('')}`;
}
