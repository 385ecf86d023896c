// The script that puts the files in place and starts what they describe, once everything has been checked.

import { tunnelsOfOneAsn } from '../bgp-tunnels.ts';
import type { RouterInput } from '../configuration.ts';
import { checks } from './apply-checks.ts';
import { keyColumns, keyReading } from './apply-keys.ts';
import { prefixListName } from './frr.ts';
import { configurationName } from './names.ts';
import { networkdName } from './networkd.ts';
import { forEachTunnel, quoted } from './shell.ts';

const COLUMNS = ['connection', 'interface', 'number', 'if_id', 'address'] as const;

/** Without its head. */
export function applyScript(input: RouterInput): string {
  const { tunnels, settings } = input;
  const name = configurationName(input);
  const hasBgp = settings.routing === 'bgp' && tunnelsOfOneAsn(tunnels).length > 0;
  return `${USAGE}
set -eu

${OPTIONS}
cd "$(dirname "$0")"
NAME=${quoted(name)}
${PLACES}
${forEachTunnel(tunnels, [...COLUMNS, ...keyColumns(tunnels)])}
${fileTable(input)}
${REPORTING}
${checks(input)}
${keyReading(tunnels)}
${INSTALLING}
${LOADING}
${hasBgp ? startingBgp(name) : ''}
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
${hasBgp ? 'start_bgp\n' : ''}echo "Applied. What is up says: sh $CONFIG_DIR/check.sh"
`;
}

const USAGE = `# Checks everything first, and changes nothing where something is wrong. It can run any number of times.
#
#   sh apply.sh              checks, asks for the pre-shared keys that are not in the files, and applies
#   sh apply.sh --check      only checks
#     --key-file FILE        reads the keys from FILE, one a line in the order of the tunnels; else from standard input
#     --new-keys             asks again for keys that were given earlier
#     --restart-strongswan   lets strongSwan restart although other connections are up`;

const PLACES = `
# Where things are. Each can be set in the environment, and so can VICI_URI, VTY_SOCKET, and SYSTEMD=no.
strongswan=/etc
[ ! -d /etc/strongswan/swanctl ] || strongswan=/etc/strongswan
: "\${SWANCTL_DIR:=$strongswan/swanctl}" "\${STRONGSWAN_DIR:=$strongswan/strongswan.d}"
: "\${SYSCTL_DIR:=/etc/sysctl.d}" "\${CONFIG_DIR:=/etc/$NAME}" "\${FRR_DIR:=/etc/frr}"
: "\${SYSTEMD_DIR:=/etc/systemd/system}" "\${NETWORKD_DIR:=/etc/systemd/network}"
: "\${RESTART_STRONGSWAN:=systemctl restart strongswan}"
export SWANCTL_DIR
KEYS="$SWANCTL_DIR/conf.d/$NAME-keys.conf"
swan() { swanctl "$@" \${VICI_URI:+--uri "$VICI_URI"}; }
frr() { vtysh --config_dir "$FRR_DIR" \${VTY_SOCKET:+--vty_socket "$VTY_SOCKET"} "$@"; }
has_systemd() { [ "\${SYSTEMD:-yes}" = yes ] && [ -d /run/systemd/system ]; }
has_networkd() { has_systemd && systemctl -q is-active systemd-networkd; }
`;

function fileTable({ tunnels }: RouterInput): string {
  const units = tunnels.flatMap((tunnel) => [networkdName(tunnel, 'netdev'), networkdName(tunnel, 'network')]);
  return `# Each file beside this script, where it goes, and its mode.
each_file() {
  "$1" swanctl.conf "$SWANCTL_DIR/conf.d/$NAME.conf" 600
  "$1" strongswan.conf "$STRONGSWAN_DIR/cloudflare.conf" 644
  "$1" sysctl.conf "$SYSCTL_DIR/90-$NAME.conf" 644
  "$1" mss.nft "$CONFIG_DIR/mss.nft" 644
  "$1" interfaces.sh "$CONFIG_DIR/interfaces.sh" 755
  "$1" check.sh "$CONFIG_DIR/check.sh" 755
  ! has_systemd || "$1" boot.service "$SYSTEMD_DIR/$NAME.service" 644
  has_networkd || return 0
${units.map((unit) => `  "$1" ${unit} "$NETWORKD_DIR/${unit}" 644\n`).join('')}}
`;
}

const OPTIONS = `only_check=no key_file='' new_keys=no may_restart=no
while [ $# -gt 0 ]; do
  case $1 in
    --check) only_check=yes ;;
    --key-file)
      [ -r "\${2:-}" ] || { echo '--key-file needs a file that can be read' >&2; exit 2; }
      case $2 in /*) key_file=$2 ;; *) key_file=$PWD/$2 ;; esac
      shift
      ;;
    --new-keys) new_keys=yes ;;
    --restart-strongswan) may_restart=yes ;;
    *) echo "unknown option $1: see the head of $0" >&2; exit 2 ;;
  esac
  shift
done
`;

const REPORTING = `issues=0
fail() { echo "FAILED: $1" >&2; exit 1; }
issue() { echo "NOT OK: $1" >&2; issues=$((issues + 1)); }
# Runs a command, and says what to do where it fails.
demand() {
  advice=$1
  shift
  "$@" >/dev/null 2>&1 || issue "$advice"
}
`;

const INSTALLING = `STAMP=$(date +%Y%m%d-%H%M%S)
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
`;

const LOADING = `restart_charon() {
  [ "$charon_is_new" = yes ] || return 0
  $RESTART_STRONGSWAN || fail 'strongSwan does not restart: see journalctl -u strongswan'
  tries=0
  until swan --stats >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || fail 'strongSwan does not answer after its restart: see journalctl -u strongswan'
    sleep 1
  done
}

is_loaded() { printf '%s\\n' "$loaded" | grep -q "^$connection: " || missing="$missing $connection"; }

# swanctl succeeds on a syntax error too, and then unloads what ran: only its word and the connections themselves count.
load_connections() {
  missing=''
  output=$(swan --load-all --noprompt 2>&1) || missing=' (swanctl failed)'
  printf '%s\\n' "$output" | grep -q '^successfully loaded [0-9][0-9]* connections' || missing=' (not loaded)'
  loaded=$(swan --list-conns 2>/dev/null) || :
  for_each_tunnel is_loaded
  [ -n "$missing" ] || return 0
  printf '%s\\n' "$output" >&2
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
`;

function startingBgp(name: string): string {
  return `# Added to the configuration that runs. The list is made anew, for a prefix may have gone from it.
start_bgp() {
  frr -c 'configure terminal' -c 'no ip prefix-list ${prefixListName(name)}' >/dev/null 2>&1 || :
  frr -f frr.conf || fail 'FRR did not take all of frr.conf: the lines are named above'
  frr -c 'write memory' >/dev/null || fail 'FRR did not keep its configuration: see vtysh -c "write memory"'
}
`;
}
