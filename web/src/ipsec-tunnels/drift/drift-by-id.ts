// What was done elsewhere, joined with the tunnels of the list by ID.

import type { DriftedTunnel, DriftKind } from '@tunnel-desk/shared/api/drift';

/** What can have been done elsewhere to a tunnel that there is. */
export const LISTED_DRIFTS = ['changed', 'made'] as const satisfies readonly DriftKind[];
export type ListedDrift = (typeof LISTED_DRIFTS)[number];

export type DriftById = ReadonlyMap<string, ListedDrift>;
export type DeletedElsewhere = Extract<DriftedTunnel, { kind: 'deleted' }>;

/** What was done to those that there are. */
export function byId(tunnels: readonly DriftedTunnel[]): DriftById {
  return new Map(tunnels.flatMap(({ tunnelId, kind }) => (kind === 'deleted' ? [] : [[tunnelId, kind]])));
}

/** Those that are gone, of which the list has no row. */
export function deletedOf(tunnels: readonly DriftedTunnel[]): readonly DeletedElsewhere[] {
  return tunnels.filter((drift) => drift.kind === 'deleted');
}

/** To how many of these tunnels which was done. */
export function countDrifts(
  known: DriftById,
  rows: Iterable<{ readonly id: string }>,
): Readonly<Record<ListedDrift, number>> {
  const counts = { changed: 0, made: 0 };
  if (known.size === 0) return counts;
  for (const { id } of rows) {
    const drift = known.get(id);
    if (drift !== undefined) counts[drift]++;
  }
  return counts;
}

export function isListedDrift(text: string): text is ListedDrift {
  return LISTED_DRIFTS.some((drift) => drift === text);
}
