// Compares the tunnels of an account with what the desk knows of them, a few at a time: there may be 20,000, and meanwhile the
// desk has others to respond to.

import { hash } from 'node:crypto';
import type { DriftedTunnel } from '@tunnel-desk/shared/api/drift';
import { driftedFields, knownRequest, stateOf } from '@tunnel-desk/shared/ipsec-tunnels/drift';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { TunnelList } from '../cloudflare/tunnel-list.ts';
import { turns } from '../turns.ts';
import type { KnownTunnel, KnownTunnels, TunnelToKnow } from './known-tunnels.ts';

/** How many tunnels are taken for known in one write. */
const FIRST_SEEN_SLICE = 200;

export interface Comparison {
  /** Since when the account's tunnels are compared; absent as long as no whole list could be read. */
  readonly comparingSince: string | undefined;
  readonly tunnels: readonly DriftedTunnel[];
  /** Those of them that there are, by their IDs. */
  readonly found: ReadonlyMap<string, IpsecTunnel>;
}

/**
 * The first whole list of an account takes the tunnels that the desk does not know for known, as they are in it: what was done
 * before nobody can tell. From then on such a tunnel was made elsewhere. One that was deleted elsewhere and has been made
 * here again since, under its name, is forgotten: that is how one is restored.
 */
export async function compareTunnels(
  knownTunnels: KnownTunnels,
  accountId: string,
  { tunnels, isComplete }: Pick<TunnelList, 'tunnels' | 'isComplete'>,
): Promise<Comparison> {
  const giveTurn = turns();
  const unknown = new Map(tunnels.map((tunnel) => [tunnel.id, tunnel]));
  const drifted: DriftedTunnel[] = [];
  const found = new Map<string, IpsecTunnel>();
  const ownSince = new Map<string, string>();
  const comparingSince = await knownTunnels.comparingSince(accountId);
  for await (const slice of knownTunnels.all(accountId)) {
    for (const known of slice) {
      const tunnel = unknown.get(known.tunnelId);
      unknown.delete(known.tunnelId);
      const drift = driftOf(known, tunnel, isComplete);
      if (tunnel !== undefined && isOwn(known)) ownSince.set(tunnel.name, known.since);
      if (drift !== undefined) drifted.push(drift);
      if (drift !== undefined && tunnel !== undefined) found.set(tunnel.id, tunnel);
      await giveTurn();
    }
  }
  const isReplaced = (drift: DriftedTunnel) =>
    drift.kind === 'deleted' && (ownSince.get(drift.name) ?? '') > drift.since;
  const replaced = drifted.filter(isReplaced).map(({ tunnelId }) => tunnelId);
  await knownTunnels.forget(accountId, replaced);
  const told = drifted.filter((drift) => !isReplaced(drift));
  if (comparingSince === undefined) {
    const startedAt = isComplete ? await takeFirstSeen(knownTunnels, accountId, unknown.values()) : undefined;
    return { comparingSince: startedAt, tunnels: told, found };
  }
  for (const tunnel of unknown.values()) {
    told.push(madeElsewhere(tunnel));
    found.set(tunnel.id, tunnel);
    await giveTurn();
  }
  return { comparingSince, tunnels: told, found };
}

/** Whether it is as somebody made or saved it here. */
function isOwn({ knownBy: { how } }: KnownTunnel): boolean {
  return how === 'made' || how === 'saved';
}

/** How a tunnel is not as the desk knew it; `undefined` where it is, or where it cannot be told that it is gone. */
export function driftOf(
  { tunnelId, request, since, knownBy }: KnownTunnel,
  tunnel: IpsecTunnel | undefined,
  isComplete: boolean,
): DriftedTunnel | undefined {
  const known = { known: request, since, knownBy };
  if (tunnel === undefined) {
    if (!isComplete) return undefined;
    return { kind: 'deleted', tunnelId, name: request.name, state: stateTag(undefined), ...known };
  }
  const fields = driftedFields(request, tunnel);
  if (fields.length === 0) return undefined;
  const { name, modified_on: modifiedOn } = tunnel;
  const common = { tunnelId, name, state: stateTag(tunnel) };
  return { kind: 'changed', ...common, ...known, fields, ...(modifiedOn !== undefined && { modifiedOn }) };
}

function madeElsewhere(tunnel: IpsecTunnel): DriftedTunnel {
  const { id: tunnelId, name, created_on: createdOn } = tunnel;
  return { kind: 'made', tunnelId, name, state: stateTag(tunnel), ...(createdOn !== undefined && { createdOn }) };
}

/** Stands for what a tunnel is now, or that it is gone: a page says by it what it accepts. */
export function stateTag(tunnel: IpsecTunnel | undefined): string {
  return hash('sha256', stateOf(tunnel), 'base64url').slice(0, 32);
}

async function takeFirstSeen(
  knownTunnels: KnownTunnels,
  accountId: string,
  unknown: Iterable<IpsecTunnel>,
): Promise<string> {
  const giveTurn = turns();
  let slice: TunnelToKnow[] = [];
  for (const tunnel of unknown) {
    slice.push({ tunnelId: tunnel.id, request: knownRequest(tunnel) });
    await giveTurn();
    if (slice.length < FIRST_SEEN_SLICE) continue;
    await knownTunnels.addFirstSeen(accountId, slice);
    slice = [];
  }
  if (slice.length > 0) await knownTunnels.addFirstSeen(accountId, slice);
  return knownTunnels.startComparing(accountId);
}
