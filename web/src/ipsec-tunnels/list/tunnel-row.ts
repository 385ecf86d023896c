// A tunnel of the list, with what searching and sorting need of it: worked out once, and not before it is needed.

import { formatIp, parseIp, parseIpv6 } from '@tunnel-desk/shared/ip/address';
import { parseCidr } from '@tunnel-desk/shared/ip/cidr';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { routerSide } from '../router-side.ts';

export class TunnelRow {
  readonly tunnel: IpsecTunnel;
  #routerAddress: { readonly text: string | undefined } | undefined;
  #haystack: string | undefined;
  readonly #sortKeys = new Map<string, SortKey>();

  constructor(tunnel: IpsecTunnel) {
    this.tunnel = tunnel;
  }

  get id(): string {
    return this.tunnel.id;
  }

  /** The router's address on the tunnel's link, with its prefix length. */
  get routerAddress(): string | undefined {
    this.#routerAddress ??= { text: routerSide(this.tunnel.interface_address) };
    return this.#routerAddress.text;
  }

  /** Everything a search looks through, in lower case, one value per line. */
  get haystack(): string {
    this.#haystack ??= haystackOf(this);
    return this.#haystack;
  }

  /** What `read` says of this row, asked once for every `name`. */
  sortKey(name: string, read: (row: TunnelRow) => SortKey): SortKey {
    if (this.#sortKeys.has(name)) return this.#sortKeys.get(name);
    const key = read(this);
    this.#sortKeys.set(name, key);
    return key;
  }
}

/** A value to sort by; one that is absent comes last, whatever the direction. */
export type SortKey = string | number | undefined;

const rows = new WeakMap<IpsecTunnel, TunnelRow>();

/** The row of this tunnel: the same one as long as the tunnel is the same object, as one that did not change is. */
export function rowOf(tunnel: IpsecTunnel): TunnelRow {
  const known = rows.get(tunnel);
  if (known !== undefined) return known;
  const row = new TunnelRow(tunnel);
  rows.set(tunnel, row);
  return row;
}

function haystackOf({ tunnel, routerAddress }: TunnelRow): string {
  const { interface_address6: address6, bgp, customer_endpoint: customerEndpoint } = tunnel;
  return [
    tunnel.name,
    tunnel.id,
    tunnel.description,
    ...formsOf(tunnel.cloudflare_endpoint),
    ...formsOf(customerEndpoint),
    tunnel.interface_address,
    routerAddress,
    ...formsOf(address6),
    routerSide(address6),
    bgp && `as${bgp.customer_asn}`,
    tunnel.custom_remote_identities?.fqdn_id,
  ]
    .filter((text) => text !== undefined)
    .join('\n')
    .toLowerCase();
}

/** An address as it came and, where IPv6 can be written in other ways, as the search writes it. */
function formsOf(address: string | undefined): readonly (string | undefined)[] {
  if (address?.includes(':') !== true) return [address];
  const cidr = parseCidr(address);
  const ip = cidr?.address ?? parseIp(address);
  return [address, ip && formatIp(ip)];
}

/** The words of a search, in lower case; an IPv6 address in its canonical form. */
export function searchTerms(search: string): readonly string[] {
  return search
    .toLowerCase()
    .split(/\s+/u)
    .filter((term) => term !== '')
    .map((term) => {
      const address = term.includes(':') ? parseIpv6(term) : undefined;
      return address === undefined ? term : formatIp(address);
    });
}
