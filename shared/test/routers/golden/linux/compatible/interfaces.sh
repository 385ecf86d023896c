#!/bin/sh
# Tunnel branch-1a, ID 0123456789abcdef0123456789abcde1, to 198.51.100.1
# Account 0123456789abcdef0123456789abcdef
# For Linux (strongSwan and FRR), made by Tunnel Desk 0.1.0 at 2026-11-25T10:00:00.000Z
# Parameters come from:
#   GRE and IPsec tunnels, MSS clamping, Traffic steering; Cloudflare
#   swanctl.conf(5), strongswan.conf(5), Route-based VPN; strongSwan
#   BGP; FRRouting User Guide
#   ip-link(8), nft(8), IP Sysctl; Linux
#   systemd.netdev(5), systemd.network(5); systemd
#
# Makes the tunnels' interfaces, addresses and routes, or leaves them as they are where they are there.
set -eu

# ESP then leaves by the uplink alone, whatever routes lead into the tunnels.
UPLINK='eth0'

for_each_tunnel() {
  interface='cf-branch-1a'
  number='1'
  address='10.0.0.1'
  prefix_length='31'
  accept_local='0'
  "$@"
}

set_up() {
  ip link show dev "$interface" >/dev/null 2>&1 ||
    ip link add "$interface" type xfrm dev "$UPLINK" if_id "$number"
  ip address replace "$address/$prefix_length" dev "$interface"
  ip link set "$interface" up
  sysctl -q -w "net.ipv4.conf.$interface.rp_filter=2" "net.ipv4.conf.$interface.accept_local=$accept_local"
}

for_each_tunnel set_up
