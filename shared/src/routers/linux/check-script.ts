// The script that says in words what of the tunnels is up, what is not, and what to do about it.

import { tunnelsOfOneAsn } from '../bgp-tunnels.ts';
import type { RouterInput } from '../configuration.ts';
import { MAX_SEGMENT_SIZE } from '../router-tunnel.ts';
import { configurationName, interfaceName } from './names.ts';
import { mssTableName } from './nftables.ts';
import { staticRoutes } from './routes.ts';
import { forEachTunnel, quoted } from './shell.ts';

const COLUMNS = [
  'connection',
  'interface',
  'if_id',
  'address',
  'prefix_length',
  'peer',
  'endpoint',
  'accept_local',
] as const;

/** Without its head. */
export function checkScript(input: RouterInput): string {
  const { tunnels, settings } = input;
  const hasBgp = settings.routing === 'bgp' && tunnelsOfOneAsn(tunnels).length > 0;
  return `# Says what is up and what is not, in the order in which one thing needs the other. Ends with 0 only when all is well.
# VICI_URI and VTY_SOCKET may be set in the environment.
set -u

${forEachTunnel(tunnels, hasBgp ? [...COLUMNS, 'bgp_peer'] : COLUMNS)}
${REPORTING}
${CHECKS}
${hasBgp ? BGP : ''}
check_tunnel() {
  echo "$connection, to $endpoint:"
  check_interface
  check_sas
  check_way
${hasBgp ? '  check_session\n' : ''}}

check_forwarding
for_each_tunnel check_tunnel
${staticRoutes(input)
  .flatMap(({ prefix, through }) => through.map((tunnel) => `check_route ${prefix} ${interfaceName(tunnel)}\n`))
  .join(
    '',
  )}${hasBgp ? `${settings.lanPrefixes.map((prefix) => `check_announced ${prefix}\n`).join('')}check_learned\n` : ''}check_mss ${quoted(mssTableName(configurationName(input)))} ${MAX_SEGMENT_SIZE}
if [ "$issues" -eq 0 ]; then echo 'All is well.'; else echo "$issues not OK."; exit 1; fi
`;
}

const REPORTING = `issues=0
swan() { swanctl "$@" \${VICI_URI:+--uri "$VICI_URI"} 2>/dev/null; }
frr() { vtysh \${VTY_SOCKET:+--vty_socket "$VTY_SOCKET"} "$@" 2>/dev/null; }
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
`;

const CHECKS = `check_forwarding() {
  check 'forwarding' 'sysctl -w net.ipv4.ip_forward=1' shows '^1$' sysctl -n net.ipv4.ip_forward
}

check_interface() {
  check "interface $interface" 'run interfaces.sh, or apply.sh again' shows " if_id $if_id " ip -o -d link show up dev "$interface"
  check "address $address" 'run interfaces.sh, or apply.sh again' shows " $address/$prefix_length " ip -o address show dev "$interface"
  check 'reverse path filter' "sysctl -w net.ipv4.conf.$interface.rp_filter=2" shows '^2$' sysctl -n "net.ipv4.conf.$interface.rp_filter"
  [ "$accept_local" = 0 ] || check "Cloudflare's health check of type reply" "sysctl -w net.ipv4.conf.$interface.accept_local=1" \\
    shows '^1$' sysctl -n "net.ipv4.conf.$interface.accept_local"
}

check_sas() {
  check 'IKE SA' "the key, the identity or the proposals differ, or UDP 500 and 4500 are blocked: see journalctl -u strongswan" \\
    shows "^$connection: #[0-9]+, ESTABLISHED" swan --list-sas --ike "$connection"
  check 'child SA' "swanctl --initiate --child $connection says why" \\
    shows "^  $connection: .*INSTALLED" swan --list-sas --ike "$connection"
  check 'policy in the kernel' 'if_id_in and if_id_out must be the number of the interface: run apply.sh again' \\
    shows "if_id $if_id( |$)" ip xfrm policy
}

check_way() {
  check "way to $endpoint outside the tunnels" 'a route leads what carries the tunnels into one: ip route get says which' \\
    lies_outside "$endpoint"
  check "Cloudflare's address $peer" 'with the child SA up, is the interface address the same at Cloudflare?' \\
    ping -c 3 -i 0.3 -W 2 -I "$address" "$peer"
}
lies_outside() { ip route get "$1" | grep -q ' dev ' && ! ip route get "$1" | grep -q ' dev cf-'; }

check_route() {
  check "route to $1 into $2" 'run interfaces.sh, or apply.sh again' shows " dev $2( |$)" ip route show "$1"
}

check_mss() {
  check "TCP segments of at most $2 bytes" 'nft -f mss.nft, or apply.sh again' shows "maxseg size set $2" nft list table inet "$1"
}
`;

const BGP = `check_session() {
  [ -n "$bgp_peer" ] || return 0
  check "BGP session with $bgp_peer" "the ASN or the MD5 key differs, or BGP is off at Cloudflare: see vtysh -c 'show bgp neighbors $bgp_peer'" \\
    shows '"bgpState": *"Established"' frr -c "show bgp neighbors $bgp_peer json"
}

check_announced() {
  check "route to $1, to announce it" 'FRR announces only what this router has a route to: is the interface up?' \\
    shows . ip route show "$1"
}

check_learned() {
  check 'routes learned by BGP' 'none are installed: what does Cloudflare have in its routing table or in the extra prefixes?' \\
    shows ' dev cf-' ip -o route show proto bgp
}
`;
