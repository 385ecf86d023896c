// What the apply script makes sure of before it changes anything.

import { tunnelsOfOneAsn } from '../bgp-tunnels.ts';
import type { RouterInput } from '../configuration.ts';
import { quoted } from './shell.ts';

/** The function `check_all`, and those it is made of. */
export function checks({ tunnels, settings }: RouterInput): string {
  const { uplink, isBehindNat, routing } = settings;
  const [bgpTunnel] = routing === 'bgp' ? tunnelsOfOneAsn(tunnels) : [];
  const addresses = new Set(isBehindNat ? [] : tunnels.flatMap(({ customerEndpoint }) => customerEndpoint ?? []));
  const commands = ['swanctl', 'ip', 'nft', 'sysctl', 'unshare', 'base64', ...(bgpTunnel ? ['vtysh'] : [])];
  return `${CHECKS}
${bgpTunnel === undefined ? '' : checkBgp(bgpTunnel.bgp.customerAsn)}
check_all() {
  [ "$(id -u)" -eq 0 ] || fail 'this needs root: run it with sudo'
  for command in ${commands.join(' ')}; do
    command -v "$command" >/dev/null || issue "there is no command $command: install its package"
  done
  [ "$issues" -eq 0 ] || return 0
  each_file check_file
${uplink === undefined ? '' : `  demand ${quoted(`there is no interface ${uplink}: make the configuration with the name of the uplink`)} ip link show dev ${quoted(uplink)}\n`}${[
  ...addresses,
]
  .map(
    (address) =>
      `  [ -n "$(ip -o address show to ${quoted(address)})" ] || issue ${quoted(`${address} is no address of this router: is it behind NAT? Then make the configuration for that`)}\n`,
  )
  .join(
    '',
  )}  demand 'this kernel has no XFRM interfaces: it needs CONFIG_XFRM_INTERFACE' unshare -n ip link add probe type xfrm dev lo if_id 1
  demand 'nft does not take mss.nft: see nft -c -f mss.nft' nft -c -f mss.nft
  check_charon
  for_each_tunnel check_interface
  for_each_tunnel check_connection
${bgpTunnel === undefined ? '' : '  check_bgp\n'}}
`;
}

const CHECKS = `# A file of another hand is never replaced.
check_file() {
  [ -r "$1" ] || issue "$1 is not beside this script"
  [ ! -e "$2" ] || grep -q 'made by Tunnel Desk' "$2" || issue "$2 was not made by Tunnel Desk: move it out of the way"
}

check_charon() {
  if ! swan --stats >/dev/null 2>&1; then
    issue 'strongSwan does not answer swanctl: install charon-systemd, then systemctl start strongswan'
    return 0
  fi
  grep -Eq '^ *include +conf\\.d/\\*\\.conf' "$SWANCTL_DIR/swanctl.conf" ||
    issue "$SWANCTL_DIR/swanctl.conf does not include conf.d/*.conf: add that line"
  [ "$(settings_of strongswan.conf)" != "$(settings_of "$STRONGSWAN_DIR/cloudflare.conf")" ] || return 0
  [ "$may_restart" = no ] || return 0
  others=$(swan --list-sas 2>/dev/null | grep '^[^ ].*: #' | cut -d: -f1 | sort -u | tr '\\n' ' ') || :
  for_each_tunnel leave_out_own
  [ -z "\${others# }" ] ||
    issue "strongSwan has to restart, and these are up: $others; they come back if --restart-strongswan is given"
}
leave_out_own() { others=$(printf ' %s' "$others" | sed "s/ $connection / /; s/^ *//"); }

check_interface() {
  for other in $(ip -o -d link show type xfrm | sed -n "s/^[0-9]*: \\([^@:]*\\).* if_id $if_id .*/\\1/p"); do
    [ "$other" = "$interface" ] || issue "the interface $other has the number $number already, which $interface is to have"
  done
  for other in $(ip -o address show to "$address" | sed 's/^[0-9]*: \\([^ ]*\\).*/\\1/'); do
    [ "$other" = "$interface" ] || issue "the interface $other has the address $address, which $interface is to have"
  done
  ! ip link show dev "$interface" >/dev/null 2>&1 || ip -o -d link show dev "$interface" | grep -q " if_id $if_id " ||
    issue "the interface $interface is there with another number: remove it with ip link delete $interface"
}

check_connection() {
  for other in "$SWANCTL_DIR"/swanctl.conf "$SWANCTL_DIR"/conf.d/*.conf; do
    case $other in "$SWANCTL_DIR/conf.d/$NAME.conf" | "$KEYS") continue ;; esac
    ! grep -q "^ *$connection {" "$other" 2>/dev/null || issue "$other has the connection $connection too: move it out of the way"
  done
}
`;

function checkBgp(asn: number): string {
  return `check_bgp() {
  output=$(vtysh -C -f frr.conf 2>&1) || issue "FRR does not take frr.conf: $output"
  ! grep -q '^bgpd=no' "$FRR_DIR/daemons" 2>/dev/null ||
    issue "bgpd is off: set bgpd=yes in $FRR_DIR/daemons, then systemctl restart frr"
  running=$(frr -c 'show running-config' 2>/dev/null) || { issue 'FRR does not answer vtysh: systemctl start frr'; return 0; }
  frr -c 'show bgp summary' >/dev/null 2>&1 || issue "bgpd does not answer: set bgpd=yes in $FRR_DIR/daemons, then systemctl restart frr"
  for other in $(printf '%s\\n' "$running" | sed -n 's/^router bgp \\([0-9]*\\)$/\\1/p'); do
    [ "$other" = ${quoted(String(asn))} ] || issue "FRR is AS $other already, and the tunnels are for AS ${asn}"
  done
}
`;
}
