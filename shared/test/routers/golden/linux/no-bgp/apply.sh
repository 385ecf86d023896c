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
# Checks everything first, and changes nothing where something is wrong. It can run any number of times.
#
#   sh apply.sh              checks, asks for the pre-shared keys that are not in the files, and applies
#   sh apply.sh --check      only checks
#     --key-file FILE        reads the keys from FILE, one a line in the order of the tunnels; else from standard input
#     --new-keys             asks again for keys that were given earlier
#     --restart-strongswan   lets strongSwan restart although other connections are up
set -eu

only_check=no key_file='' new_keys=no may_restart=no
while [ $# -gt 0 ]; do
  case $1 in
    --check) only_check=yes ;;
    --key-file)
      [ -r "${2:-}" ] || { echo '--key-file needs a file that can be read' >&2; exit 2; }
      case $2 in /*) key_file=$2 ;; *) key_file=$PWD/$2 ;; esac
      shift
      ;;
    --new-keys) new_keys=yes ;;
    --restart-strongswan) may_restart=yes ;;
    *) echo "unknown option $1: see the head of $0" >&2; exit 2 ;;
  esac
  shift
done

cd "$(dirname "$0")"
NAME='cloudflare-branch-1a'

# Where things are. Each can be set in the environment, and so can VICI_URI, VTY_SOCKET, and SYSTEMD=no.
strongswan=/etc
[ ! -d /etc/strongswan/swanctl ] || strongswan=/etc/strongswan
: "${SWANCTL_DIR:=$strongswan/swanctl}" "${STRONGSWAN_DIR:=$strongswan/strongswan.d}"
: "${SYSCTL_DIR:=/etc/sysctl.d}" "${CONFIG_DIR:=/etc/$NAME}" "${FRR_DIR:=/etc/frr}"
: "${SYSTEMD_DIR:=/etc/systemd/system}" "${NETWORKD_DIR:=/etc/systemd/network}"
: "${RESTART_STRONGSWAN:=systemctl restart strongswan}"
export SWANCTL_DIR
KEYS="$SWANCTL_DIR/conf.d/$NAME-keys.conf"
swan() { swanctl "$@" ${VICI_URI:+--uri "$VICI_URI"}; }
frr() { vtysh --config_dir "$FRR_DIR" ${VTY_SOCKET:+--vty_socket "$VTY_SOCKET"} "$@"; }
has_systemd() { [ "${SYSTEMD:-yes}" = yes ] && [ -d /run/systemd/system ]; }
has_networkd() { has_systemd && systemctl -q is-active systemd-networkd; }

for_each_tunnel() {
  connection='cf-branch-1a'
  interface='cf-branch-1a'
  number='1'
  if_id='0x1'
  address='10.0.0.1'
  endpoint='198.51.100.1'
  identity='fqdn:0123456789abcdef0123456789abcde1.0123456789abcdef0123456789abcdef.ipsec.cloudflare.com'
  has_key='no'
  "$@"
}

# Each file beside this script, where it goes, and its mode.
each_file() {
  "$1" swanctl.conf "$SWANCTL_DIR/conf.d/$NAME.conf" 600
  "$1" strongswan.conf "$STRONGSWAN_DIR/cloudflare.conf" 644
  "$1" sysctl.conf "$SYSCTL_DIR/90-$NAME.conf" 644
  "$1" mss.nft "$CONFIG_DIR/mss.nft" 644
  "$1" interfaces.sh "$CONFIG_DIR/interfaces.sh" 755
  "$1" check.sh "$CONFIG_DIR/check.sh" 755
  ! has_systemd || "$1" boot.service "$SYSTEMD_DIR/$NAME.service" 644
  has_networkd || return 0
  "$1" 10-cf-branch-1a.netdev "$NETWORKD_DIR/10-cf-branch-1a.netdev" 644
  "$1" 10-cf-branch-1a.network "$NETWORKD_DIR/10-cf-branch-1a.network" 644
}

issues=0
fail() { echo "FAILED: $1" >&2; exit 1; }
issue() { echo "NOT OK: $1" >&2; issues=$((issues + 1)); }
# Runs a command, and says what to do where it fails.
demand() {
  advice=$1
  shift
  "$@" >/dev/null 2>&1 || issue "$advice"
}

# A file of another hand is never replaced.
check_file() {
  [ -r "$1" ] || issue "$1 is not beside this script"
  [ ! -e "$2" ] || grep -q 'made by Tunnel Desk' "$2" || issue "$2 was not made by Tunnel Desk: move it out of the way"
}

check_charon() {
  if ! swan --stats >/dev/null 2>&1; then
    issue 'strongSwan does not answer swanctl: install charon-systemd, then systemctl start strongswan'
    return 0
  fi
  grep -Eq '^ *include +conf\.d/\*\.conf' "$SWANCTL_DIR/swanctl.conf" ||
    issue "$SWANCTL_DIR/swanctl.conf does not include conf.d/*.conf: add that line"
  [ "$(settings_of strongswan.conf)" != "$(settings_of "$STRONGSWAN_DIR/cloudflare.conf")" ] || return 0
  [ "$may_restart" = no ] || return 0
  others=$(swan --list-sas 2>/dev/null | grep '^[^ ].*: #' | cut -d: -f1 | sort -u | tr '\n' ' ') || :
  for_each_tunnel leave_out_own
  [ -z "${others# }" ] ||
    issue "strongSwan has to restart, and these are up: $others; they come back if --restart-strongswan is given"
}
leave_out_own() { others=$(printf ' %s' "$others" | sed "s/ $connection / /; s/^ *//"); }

check_interface() {
  for other in $(ip -o -d link show type xfrm | sed -n "s/^[0-9]*: \([^@:]*\).* if_id $if_id .*/\1/p"); do
    [ "$other" = "$interface" ] || issue "the interface $other has the number $number already, which $interface is to have"
  done
  for other in $(ip -o address show to "$address" | sed 's/^[0-9]*: \([^ ]*\).*/\1/'); do
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


check_all() {
  [ "$(id -u)" -eq 0 ] || fail 'this needs root: run it with sudo'
  for command in swanctl ip nft sysctl unshare base64; do
    command -v "$command" >/dev/null || issue "there is no command $command: install its package"
  done
  [ "$issues" -eq 0 ] || return 0
  each_file check_file
  demand 'there is no interface eth0: make the configuration with the name of the uplink' ip link show dev 'eth0'
  [ -n "$(ip -o address show to '203.0.113.10')" ] || issue '203.0.113.10 is no address of this router: is it behind NAT? Then make the configuration for that'
  demand 'this kernel has no XFRM interfaces: it needs CONFIG_XFRM_INTERFACE' unshare -n ip link add probe type xfrm dev lo if_id 1
  demand 'nft does not take mss.nft: see nft -c -f mss.nft' nft -c -f mss.nft
  check_charon
  for_each_tunnel check_interface
  for_each_tunnel check_connection
}

# In base64, the one form that carries every key: in quotes strongSwan decodes what begins with 0x or 0s.
secrets=''
add_secret() {
  [ "$has_key" = no ] || return 0
  if [ -t 0 ]; then
    printf 'Pre-shared key of %s: ' "$connection" >&2
    stty -echo
    IFS= read -r key || :
    stty echo
    echo >&2
  else
    IFS= read -r key || :
  fi
  [ -n "$key" ] || fail "no pre-shared key for $connection: nothing was changed"
  secrets="$secrets  ike-$connection {
    id-1 = $identity
    id-2 = $endpoint
    secret = 0s$(printf %s "$key" | base64 | tr -d '\n')
  }
"
}

read_keys() {
  needs_keys=$new_keys
  [ -z "$key_file" ] || needs_keys=yes
  for_each_tunnel look_for_secret
  [ "$needs_keys" = yes ] || return 0
  [ -z "$key_file" ] || exec <"$key_file"
  trap 'stty echo 2>/dev/null || :' EXIT
  trap 'exit 1' INT TERM
  for_each_tunnel add_secret
}
look_for_secret() {
  [ "$has_key" = no ] || return 0
  for line in "  ike-$connection {" "    id-1 = $identity" "    id-2 = $endpoint"; do
    grep -qxF "$line" "$KEYS" 2>/dev/null || needs_keys=yes
  done
}

write_keys() {
  [ -n "$secrets" ] || return 0
  rm -f "$KEYS.new"
  (umask 077; printf 'secrets {\n%s}\n' "$secrets" >"$KEYS.new")
  ! cmp -s "$KEYS" "$KEYS.new" || { rm "$KEYS.new"; return 0; }
  mv "$KEYS.new" "$KEYS"
  keys_are_new=yes
}

STAMP=$(date +%Y%m%d-%H%M%S)
connections_are_new=no charon_is_new=no keys_are_new=no
settings_of() { grep -v '^[[:space:]]*#' "$1" 2>/dev/null || :; }
secrets_of() { grep '^ *secret = ' "$1" 2>/dev/null || :; }

install_file() {
  cmp -s "$1" "$2" && return 0
  case $1 in
    strongswan.conf) [ "$(settings_of "$1")" = "$(settings_of "$2")" ] || charon_is_new=yes ;;
    swanctl.conf) connections_are_new=yes; [ "$(secrets_of "$1")" = "$(secrets_of "$2")" ] || keys_are_new=yes ;;
  esac
  mkdir -p "$(dirname "$2")"
  [ ! -e "$2" ] || cp -p "$2" "$2.before-$STAMP"
  rm -f "$2.new"
  (umask 077; cat "$1" >"$2.new")
  chmod "$3" "$2.new"
  mv "$2.new" "$2"
}

start_at_boot() {
  has_systemd || { echo "No systemd here: let $CONFIG_DIR/interfaces.sh and nft -f $CONFIG_DIR/mss.nft run at boot."; return 0; }
  systemctl daemon-reload
  systemctl -q enable "$NAME.service"
  ! has_networkd || networkctl reload
}

restart_charon() {
  [ "$charon_is_new" = yes ] || return 0
  $RESTART_STRONGSWAN || fail 'strongSwan does not restart: see journalctl -u strongswan'
  tries=0
  until swan --stats >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || fail 'strongSwan does not answer after its restart: see journalctl -u strongswan'
    sleep 1
  done
}

is_loaded() { printf '%s\n' "$loaded" | grep -q "^$connection: " || missing="$missing $connection"; }

# swanctl succeeds on a syntax error too, and then unloads what ran: only its word and the connections themselves count.
load_connections() {
  missing=''
  output=$(swan --load-all --noprompt 2>&1) || missing=' (swanctl failed)'
  printf '%s\n' "$output" | grep -q '^successfully loaded [0-9][0-9]* connections' || missing=' (not loaded)'
  loaded=$(swan --list-conns 2>/dev/null) || :
  for_each_tunnel is_loaded
  [ -n "$missing" ] || return 0
  printf '%s\n' "$output" >&2
  [ "$connections_are_new" = yes ] ||
    fail "strongSwan did not load all connections:$missing; $NAME.conf is as it was before"
  if [ -e "$SWANCTL_DIR/conf.d/$NAME.conf.before-$STAMP" ]; then
    cp -p "$SWANCTL_DIR/conf.d/$NAME.conf.before-$STAMP" "$SWANCTL_DIR/conf.d/$NAME.conf"
  else
    mv "$SWANCTL_DIR/conf.d/$NAME.conf" "$SWANCTL_DIR/conf.d/$NAME.conf.failed"
  fi
  swan --load-all --noprompt >/dev/null 2>&1 || :
  fail "strongSwan did not load all connections:$missing; its earlier configuration is back"
}

# An SA that is up keeps its old key until it is made anew.
use_new_keys() { [ "$keys_are_new" = no ] || for_each_tunnel connect_anew; }
connect_anew() {
  swan --terminate --ike "$connection" --timeout 5 >/dev/null 2>&1 || return 0
  swan --initiate --child "$connection" --timeout 20 >/dev/null 2>&1 || echo "$connection is not up with its key yet."
}


check_all
[ "$issues" -eq 0 ] || fail "nothing was changed: $issues to put right first"
[ "$only_check" = no ] || { echo 'All is well: nothing was changed.'; exit 0; }
read_keys
each_file install_file
write_keys
sh ./interfaces.sh
sysctl -q -p "$SYSCTL_DIR/90-$NAME.conf"
nft -f mss.nft
start_at_boot
restart_charon
load_connections
use_new_keys
echo "Applied. What is up says: sh $CONFIG_DIR/check.sh"
