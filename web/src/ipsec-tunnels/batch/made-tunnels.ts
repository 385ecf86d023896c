// The tunnels of batches as the responses of their creates gave them, in the memory of this document: those are there however
// the account's list fails afterwards.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

const made = new Map<string, IpsecTunnel>();

export function noteMade(tunnel: IpsecTunnel): void {
  made.set(tunnel.id, tunnel);
}

/** What of a batch is there by the list of the account's tunnels, and by what was made here where the list is older. */
export interface BatchTunnels {
  readonly tunnels: readonly IpsecTunnel[];
  /** The IDs of those that the account has no more. */
  readonly deleted: ReadonlySet<string>;
  /** How many of them nothing but the ID is known of. */
  readonly unlisted: number;
}

/** The tunnels of these IDs. `isFresh` says whether the list is from after the last of them was made. */
export function batchTunnels(ids: readonly string[], listed: readonly IpsecTunnel[], isFresh: boolean): BatchTunnels {
  const byId = new Map(listed.map((tunnel) => [tunnel.id, tunnel]));
  const tunnels = ids.flatMap((id) => byId.get(id) ?? (isFresh ? undefined : made.get(id)) ?? []);
  const deleted = new Set(isFresh ? ids.filter((id) => !byId.has(id)) : []);
  return { tunnels, deleted, unlisted: ids.length - tunnels.length - deleted.size };
}
