// What takes names, interface subnets and identities in an account, and where another tunnel's settings conflict with it.

import { firstAddress, overlaps, parseCidr } from '@tunnel-desk/shared/ip/cidr';
import type { KnownTunnel } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import type { Issue } from '@tunnel-desk/shared/issues';

/**
 * Finds what a tunnel could conflict with by keys that both have, so that a check takes as long with ten thousand tunnels as
 * with ten. Changes with every tunnel, unlike the shared index of a list, which is built once.
 */
export class ConflictIndex {
  readonly #byKey = new Map<string, KnownTunnel[]>();

  constructor(tunnels: readonly KnownTunnel[]) {
    for (const tunnel of tunnels) this.add(tunnel);
  }

  add(tunnel: KnownTunnel): void {
    for (const key of keysOf(tunnel)) {
      const holders = this.#byKey.get(key);
      if (holders === undefined) this.#byKey.set(key, [tunnel]);
      else holders.push(tunnel);
    }
  }

  /** Takes the very object that was added. */
  remove(tunnel: KnownTunnel): void {
    for (const key of keysOf(tunnel)) {
      const others = this.#byKey.get(key)?.filter((holder) => holder !== tunnel) ?? [];
      if (others.length === 0) this.#byKey.delete(key);
      else this.#byKey.set(key, others);
    }
  }

  /** Where the settings conflict with what was added; `except` is the tunnel that they are for, once there is one. */
  conflictsWith(settings: KnownTunnel, except?: KnownTunnel): Issue[] {
    const others = new Set(keysOf(settings).flatMap((key) => this.#byKey.get(key) ?? []));
    if (except !== undefined) others.delete(except);
    return [...others].flatMap((other) => [...conflicts(settings, other)]);
  }
}

/** Two tunnels that have none of these in common do not conflict. */
function keysOf({ name, interface_address, interface_address6, custom_remote_identities }: KnownTunnel): string[] {
  const fqdnId = custom_remote_identities?.fqdn_id;
  return [
    `name ${name}`,
    ...[interface_address, interface_address6].flatMap((subnet) => (subnet === undefined ? [] : subnetKey(subnet))),
    ...(fqdnId === undefined ? [] : [`fqdn_id ${fqdnId}`]),
  ];
}

/** The /30 or /127 around it: no interface subnet is larger. */
function subnetKey(subnet: string): string[] {
  const block = parseCidr(subnet);
  if (block === undefined) return [];
  const { version, value } = firstAddress(block);
  return [`IPv${version} ${value >> (version === 4 ? 2n : 1n)}`];
}

function* conflicts(settings: KnownTunnel, other: KnownTunnel): Iterable<Issue> {
  if (settings.name === other.name) {
    yield { path: ['name'], message: `the name ${settings.name} is already taken in this account` };
  }
  for (const field of ['interface_address', 'interface_address6'] as const) {
    if (!subnetsOverlap(settings[field], other[field])) continue;
    yield { path: [field], message: `${settings[field]} overlaps ${other[field]} of the tunnel ${other.name}` };
  }
  const fqdnId = settings.custom_remote_identities?.fqdn_id;
  if (
    fqdnId !== undefined &&
    fqdnId === other.custom_remote_identities?.fqdn_id &&
    settings.cloudflare_endpoint === other.cloudflare_endpoint
  ) {
    yield {
      path: ['custom_remote_identities', 'fqdn_id'],
      message: `the tunnel ${other.name} has the same fqdn_id and the same cloudflare_endpoint`,
    };
  }
}

function subnetsOverlap(a: string | undefined, b: string | undefined): boolean {
  const [blockA, blockB] = [a, b].map((text) => (text === undefined ? undefined : parseCidr(text)));
  return blockA !== undefined && blockB !== undefined && overlaps(blockA, blockB);
}
