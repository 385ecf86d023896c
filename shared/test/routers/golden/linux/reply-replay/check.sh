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
# Says what is up and what is not, in the order in which one thing needs the other. Ends with 0 only when all is well.
# VICI_URI and VTY_SOCKET may be set in the environment.
set -u

for_each_tunnel() {
  connection='cf-branch-1a'
  interface='cf-branch-1a'
  if_id='0x1'
  address='10.0.0.1'
  prefix_length='31'
  peer='10.0.0.0'
  endpoint='198.51.100.1'
  accept_local='1'
  "$@"
}

issues=0
swan() { swanctl "$@" ${VICI_URI:+--uri "$VICI_URI"} 2>/dev/null; }
frr() { vtysh ${VTY_SOCKET:+--vty_socket "$VTY_SOCKET"} "$@" 2>/dev/null; }
# What was looked at, and what to do where the command after it fails.
check() {
  subject=$1 advice=$2
  shift 2
  if "$@" >/dev/null 2>&1; then
    echo "  OK      $subject"
  else
    echo "  NOT OK  $subject: $advice"
    issues=$((issues + 1))
  fi
}
# Whether the output of a command has a line that matches.
shows() {
  pattern=$1
  shift
  "$@" | grep -Eq -- "$pattern"
}

check_forwarding() {
  check 'forwarding' 'sysctl -w net.ipv4.ip_forward=1' shows '^1$' sysctl -n net.ipv4.ip_forward
}

check_interface() {
  check "interface $interface" 'run interfaces.sh, or apply.sh again' shows " if_id $if_id " ip -o -d link show up dev "$interface"
  check "address $address" 'run interfaces.sh, or apply.sh again' shows " $address/$prefix_length " ip -o address show dev "$interface"
  check 'reverse path filter' "sysctl -w net.ipv4.conf.$interface.rp_filter=2" shows '^2$' sysctl -n "net.ipv4.conf.$interface.rp_filter"
  [ "$accept_local" = 0 ] || check "Cloudflare's health check of type reply" "sysctl -w net.ipv4.conf.$interface.accept_local=1" \
    shows '^1$' sysctl -n "net.ipv4.conf.$interface.accept_local"
}

check_sas() {
  check 'IKE SA' "the key, the identity or the proposals differ, or UDP 500 and 4500 are blocked: see journalctl -u strongswan" \
    shows "^$connection: #[0-9]+, ESTABLISHED" swan --list-sas --ike "$connection"
  check 'child SA' "swanctl --initiate --child $connection says why" \
    shows "^  $connection: .*INSTALLED" swan --list-sas --ike "$connection"
  check 'policy in the kernel' 'if_id_in and if_id_out must be the number of the interface: run apply.sh again' \
    shows "if_id $if_id( |$)" ip xfrm policy
}

check_way() {
  check "way to $endpoint outside the tunnels" 'a route leads what carries the tunnels into one: ip route get says which' \
    lies_outside "$endpoint"
  check "Cloudflare's address $peer" 'with the child SA up, is the interface address the same at Cloudflare?' \
    ping -c 3 -i 0.3 -W 2 -I "$address" "$peer"
}
lies_outside() { ip route get "$1" | grep -q ' dev ' && ! ip route get "$1" | grep -q ' dev cf-'; }

check_route() {
  check "route to $1 into $2" 'run interfaces.sh, or apply.sh again' shows " dev $2( |$)" ip route show "$1"
}

check_mss() {
  check "TCP segments of at most $2 bytes" 'nft -f mss.nft, or apply.sh again' shows "maxseg size set $2" nft list table inet "$1"
}


check_tunnel() {
  echo "$connection, to $endpoint:"
  check_interface
  check_sas
  check_way
}

check_forwarding
for_each_tunnel check_tunnel
check_route 10.64.0.0/16 cf-branch-1a
check_route 172.16.0.0/12 cf-branch-1a
check_mss 'cloudflare_branch_1a_mss' 1360
if [ "$issues" -eq 0 ]; then echo 'All is well.'; else echo "$issues not OK."; exit 1; fi
