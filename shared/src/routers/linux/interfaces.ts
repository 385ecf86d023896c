// The tunnels' XFRM interfaces, addresses and static routes, as a script that can run any number of times.

import type { RouterInput } from '../configuration.ts';
import type { RouterTunnel } from '../router-tunnel.ts';
import { interfaceName } from './names.ts';
import { endpointsToPin, staticRoutes } from './routes.ts';
import { forEachTunnel, quoted } from './shell.ts';

const COLUMNS = ['interface', 'number', 'address', 'prefix_length', 'accept_local'] as const;

/** Without its head. */
export function interfacesScript(input: RouterInput): string {
  const { tunnels, settings } = input;
  const pinned = endpointsToPin(input);
  return `# Makes the tunnels' interfaces, addresses and routes, or leaves them as they are where they are there.
set -eu

${settings.uplink === undefined ? '' : `# ESP then leaves by the uplink alone, whatever routes lead into the tunnels.\nUPLINK=${quoted(settings.uplink)}\n\n`}${forEachTunnel(tunnels, COLUMNS)}
set_up() {
  ip link show dev "$interface" >/dev/null 2>&1 ||
    ip link add "$interface" type xfrm${settings.uplink === undefined ? '' : ' dev "$UPLINK"'} if_id "$number"
  ip address replace "$address/$prefix_length" dev "$interface"
  ip link set "$interface" up
  sysctl -q -w "net.ipv4.conf.$interface.rp_filter=2" "net.ipv4.conf.$interface.accept_local=$accept_local"
}

for_each_tunnel set_up
${pinned.length === 0 || settings.uplink === undefined ? '' : pinning(pinned)}${staticRoutes(input)
  .map(({ prefix, through }) => `ip route replace ${prefix} proto static ${nextHops(through)}\n`)
  .join('')}`;
}

function nextHops(tunnels: readonly RouterTunnel[]): string {
  const hops = tunnels.map((tunnel) => `via ${tunnel.cloudflareAddress} dev ${interfaceName(tunnel)}`);
  return hops.length === 1 ? hops.join('') : hops.map((hop) => `nexthop ${hop}`).join(' ');
}

/** Read from the routing table, for only the router knows who the next hop of the uplink is. */
function pinning(endpoints: readonly string[]): string {
  return `
# A route below covers Cloudflare's endpoint: what carries the tunnels must stay outside of them.
pin() {
  ip route delete "$1/32" proto static 2>/dev/null || :
  way=$(ip route get "$1" oif "$UPLINK" | sed 's/^[^ ]* //; s/ src .*//; q')
  # shellcheck disable=SC2086 # several words
  ip route replace "$1/32" $way proto static
}
${endpoints.map((endpoint) => `pin ${endpoint}\n`).join('')}`;
}
