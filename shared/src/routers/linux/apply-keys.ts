// How the apply script comes by the pre-shared keys that are not in the files.

import type { RouterTunnel } from '../router-tunnel.ts';

/** The variables of a tunnel that those functions need. */
export function keyColumns(tunnels: readonly RouterTunnel[]) {
  return haveKeys(tunnels) ? [] : (['endpoint', 'identity', 'has_key'] as const);
}

function haveKeys(tunnels: readonly RouterTunnel[]): boolean {
  return tunnels.every(({ psk }) => psk !== undefined);
}

/** Functions of the script. `printf` is a part of the shell: no key is in a list of processes. */
export function keyReading(tunnels: readonly RouterTunnel[]): string {
  if (haveKeys(tunnels)) {
    return `# The keys are in swanctl.conf; those of an earlier time would be tried too.
read_keys() {
  [ "$new_keys$key_file" = no ] || fail 'the keys are in swanctl.conf already: nothing was changed'
}
write_keys() { rm -f "$KEYS"; }
`;
  }
  return `# In base64, the one form that carries every key: in quotes strongSwan decodes what begins with 0x or 0s.
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
    secret = 0s$(printf %s "$key" | base64 | tr -d '\\n')
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
  (umask 077; printf 'secrets {\\n%s}\\n' "$secrets" >"$KEYS.new")
  ! cmp -s "$KEYS" "$KEYS.new" || { rm "$KEYS.new"; return 0; }
  mv "$KEYS.new" "$KEYS"
  keys_are_new=yes
}
`;
}
