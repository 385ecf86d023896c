// One account's IPsec tunnels in the sandbox, in memory.

import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KnownTunnel } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { Issue } from '@tunnel-desk/shared/issues';
import type { HELD_BGP_STATES } from './bgp-status.ts';
import { ConflictIndex } from './conflict-index.ts';
import { timestamps } from './timestamps.ts';

/** What a request says of a tunnel, without the key. */
export type TunnelSettings = Omit<CreateIpsecTunnelRequest, 'psk'>;

export interface StoredTunnel {
  readonly id: string;
  readonly settings: TunnelSettings;
  readonly createdOn: string;
  readonly modifiedOn: string;
  /** When its pre-shared key was set; without one when absent. The key itself is dropped on arrival. */
  readonly keySetOn?: string | undefined;
  /** When it got its first key, in milliseconds since the epoch; that was the present one when absent. */
  readonly keyedSince?: number | undefined;
  /** The names it had before, the oldest first, each until then, in milliseconds since the epoch. */
  readonly formerNames?: readonly { readonly name: string; readonly until: number }[];
  /** Since when its BGP session could come up as it is set, in milliseconds since the epoch. */
  readonly bgpSince: number;
  /** The state its BGP session does not get beyond; it comes up when absent. */
  readonly heldBgpState?: (typeof HELD_BGP_STATES)[number] | undefined;
}

export interface TunnelStoreOptions {
  /** Its clock, in milliseconds since the epoch. */
  readonly now?: () => number;
  /** What an update does to an optional field that it leaves out: reset it, the default, or keep it. */
  readonly updates?: 'replace' | 'merge';
  /** What else takes names and interface subnets in the account: GRE tunnels and interconnects. */
  readonly neighbours?: readonly KnownTunnel[];
  /** The tunnels that there are at the start. */
  readonly tunnels?: readonly StoredTunnel[];
}

export class TunnelStore {
  readonly #tunnels = new Map<string, StoredTunnel>();
  /** Built when it is first asked for, so that a start with thousands of tunnels need not wait for it. */
  #taken: ConflictIndex | undefined;
  readonly #neighbours: readonly KnownTunnel[];
  readonly #now: () => number;
  readonly #timestamp: () => string;
  readonly #updates: 'replace' | 'merge';

  constructor({ now = Date.now, updates = 'replace', neighbours = [], tunnels = [] }: TunnelStoreOptions = {}) {
    this.#now = now;
    this.#timestamp = timestamps(now);
    this.#updates = updates;
    this.#neighbours = neighbours;
    for (const tunnel of tunnels) this.put(tunnel);
  }

  list(): StoredTunnel[] {
    return [...this.#tunnels.values()];
  }

  get(id: string): StoredTunnel | undefined {
    return this.#tunnels.get(id);
  }

  /** Keeps the tunnel, in place of the one with its ID if there is one. */
  put(tunnel: StoredTunnel): StoredTunnel {
    const before = this.#tunnels.get(tunnel.id);
    if (before !== undefined) this.#taken?.remove(before.settings);
    this.#taken?.add(tunnel.settings);
    this.#tunnels.set(tunnel.id, tunnel);
    return tunnel;
  }

  create({ psk, ...settings }: CreateIpsecTunnelRequest): StoredTunnel {
    const createdOn = this.#timestamp();
    return this.put({
      id: randomBytes(16).toString('hex'),
      settings: withDefaults(settings),
      createdOn,
      modifiedOn: createdOn,
      keySetOn: psk === undefined ? undefined : createdOn,
      bgpSince: this.#now(),
    });
  }

  /** The tunnel as an update would leave it, its dates apart. */
  preview(tunnel: StoredTunnel, { psk: _, ...settings }: CreateIpsecTunnelRequest): StoredTunnel {
    const { settings: before } = tunnel;
    return { ...tunnel, settings: this.#updates === 'merge' ? merge(before, settings) : withDefaults(settings) };
  }

  /** Without a `psk` in the request the tunnel keeps its key. */
  update(tunnel: StoredTunnel, request: CreateIpsecTunnelRequest): StoredTunnel {
    const modifiedOn = this.#timestamp();
    const after = this.preview(tunnel, request);
    const hasNewKey = request.psk !== undefined;
    const restarts = hasNewKey || restartsBgp(tunnel.settings, after.settings);
    return this.put({
      ...after,
      modifiedOn,
      ...(hasNewKey && { keySetOn: modifiedOn, keyedSince: this.#keyedSince(tunnel) }),
      formerNames: this.#formerNames(tunnel, after.settings.name),
      ...(restarts && { bgpSince: this.#now(), heldBgpState: undefined }),
    });
  }

  /** Gives the tunnel a new key, which only the caller has. */
  setKey(tunnel: StoredTunnel): StoredTunnel {
    const modifiedOn = this.#timestamp();
    return this.put({
      ...tunnel,
      ...{ modifiedOn, keySetOn: modifiedOn, keyedSince: this.#keyedSince(tunnel) },
      ...{ bgpSince: this.#now(), heldBgpState: undefined },
    });
  }

  #keyedSince({ keyedSince, keySetOn }: StoredTunnel): number {
    return keyedSince ?? (keySetOn === undefined ? this.#now() : Date.parse(keySetOn));
  }

  #formerNames({ settings, formerNames = [] }: StoredTunnel, name: string): StoredTunnel['formerNames'] {
    return settings.name === name ? formerNames : [...formerNames, { name: settings.name, until: this.#now() }];
  }

  delete(tunnel: StoredTunnel): void {
    this.#taken?.remove(tunnel.settings);
    this.#tunnels.delete(tunnel.id);
  }

  /** Where the settings conflict with the account's other tunnels; `except` is the tunnel that they are for. */
  conflictsWith(settings: TunnelSettings, except?: StoredTunnel): Issue[] {
    this.#taken ??= new ConflictIndex([...this.#neighbours, ...this.list().map((tunnel) => tunnel.settings)]);
    return this.#taken.conflictsWith(settings, except?.settings);
  }
}

const HEALTH_CHECK_DEFAULTS = { enabled: true, rate: 'mid', type: 'reply', direction: 'bidirectional' } as const;

function withDefaults(settings: TunnelSettings): TunnelSettings {
  return {
    ...settings,
    replay_protection: settings.replay_protection ?? false,
    automatic_return_routing: settings.automatic_return_routing ?? false,
    health_check: { ...HEALTH_CHECK_DEFAULTS, ...settings.health_check },
  };
}

/** Groups are merged too: Cloudflare's guides send a health check of one field. */
function merge(before: TunnelSettings, changes: TunnelSettings): TunnelSettings {
  return {
    ...before,
    ...changes,
    health_check: { ...before.health_check, ...changes.health_check },
    custom_remote_identities: mergeGroup(before.custom_remote_identities, changes.custom_remote_identities),
    bgp: mergeGroup(before.bgp, changes.bgp),
  };
}

function mergeGroup<Group extends object>(before: Group | undefined, changes: Group | undefined): Group | undefined {
  return before && changes ? { ...before, ...changes } : (changes ?? before);
}

function restartsBgp(before: TunnelSettings, after: TunnelSettings): boolean {
  return before.interface_address !== after.interface_address || !isDeepStrictEqual(before.bgp, after.bgp);
}
