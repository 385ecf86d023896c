// One account's tunnels in the sandbox, in memory, with the rules that look beyond a single request.

import { randomBytes } from 'node:crypto';
import { overlaps, parseCidr } from '@tunnel-desk/shared/ip/cidr';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { Issue } from '@tunnel-desk/shared/issues';

/** A tunnel as kept: the pre-shared key is dropped on arrival, and only its presence remembered. */
export interface StoredTunnel extends Omit<CreateIpsecTunnelRequest, 'psk'> {
  readonly id: string;
  readonly created_on: string;
  readonly modified_on: string;
  readonly psk_metadata?: { readonly last_generated_on: string };
}

export class TunnelStore {
  readonly #tunnels = new Map<string, StoredTunnel>();
  readonly #now: () => number;

  /** `now` is its clock, in milliseconds since the epoch. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  list(): StoredTunnel[] {
    return [...this.#tunnels.values()];
  }

  get(id: string): StoredTunnel | undefined {
    return this.#tunnels.get(id);
  }

  create({ psk, ...request }: CreateIpsecTunnelRequest): StoredTunnel {
    const now = new Date(this.#now()).toISOString();
    const tunnel: StoredTunnel = {
      id: randomBytes(16).toString('hex'),
      ...request,
      replay_protection: request.replay_protection ?? false,
      automatic_return_routing: request.automatic_return_routing ?? false,
      health_check: { enabled: true, rate: 'mid', type: 'reply', direction: 'bidirectional', ...request.health_check },
      created_on: now,
      modified_on: now,
      ...(psk !== undefined && { psk_metadata: { last_generated_on: now } }),
    };
    this.#tunnels.set(tunnel.id, tunnel);
    return tunnel;
  }

  /** Where the request conflicts with the account's other tunnels. */
  conflictsWith(request: CreateIpsecTunnelRequest): Issue[] {
    return this.list().flatMap((other) => [...conflicts(request, other)]);
  }
}

function* conflicts(request: CreateIpsecTunnelRequest, other: StoredTunnel): Iterable<Issue> {
  if (request.name === other.name) {
    yield { path: ['name'], message: `the name ${request.name} is already taken in this account` };
  }
  if (subnetsOverlap(request.interface_address, other.interface_address)) {
    yield {
      path: ['interface_address'],
      message: `${request.interface_address} overlaps ${other.interface_address} of the tunnel ${other.name}`,
    };
  }
  if (subnetsOverlap(request.interface_address6, other.interface_address6)) {
    yield {
      path: ['interface_address6'],
      message: `${request.interface_address6} overlaps ${other.interface_address6} of the tunnel ${other.name}`,
    };
  }
  const fqdnId = request.custom_remote_identities?.fqdn_id;
  if (
    fqdnId !== undefined &&
    fqdnId === other.custom_remote_identities?.fqdn_id &&
    request.cloudflare_endpoint === other.cloudflare_endpoint
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

/** The tunnel as it is sent, with the health-check target in the form the caller asked for. */
export function present(tunnel: StoredTunnel, form: 'string' | 'object') {
  const { target, ...healthCheck } = tunnel.health_check ?? {};
  const saved = (typeof target === 'object' ? target.saved : target) ?? '';
  const effective = saved === '' ? (tunnel.customer_endpoint ?? '') : saved;
  return {
    ...tunnel,
    health_check: { ...healthCheck, target: form === 'object' ? { saved, effective } : saved },
  };
}
