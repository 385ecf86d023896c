// The health of an account's tunnels, joined with them by name: Cloudflare's measurements have no IDs.

import type { AccountHealth, HealthReading, Since, TunnelHealth } from '@tunnel-desk/shared/api/health';
import { SHOWN_STATES, type ShownState } from '@tunnel-desk/shared/health/states';

export type HealthByName = ReadonlyMap<string, TunnelHealth>;

/** What the page shows of one tunnel's health. */
export interface ShownHealth {
  readonly state: ShownState;
  readonly since?: Since | undefined;
  readonly isIdle?: true | undefined;
}

const UNKNOWN: ShownHealth = { state: 'unknown' };

/** What is known, be it from before; `undefined` where nothing is. */
export function readingOf(health: AccountHealth): HealthReading | undefined {
  switch (health.kind) {
    case 'known':
      return health;
    case 'failed':
      return health.lastKnown;
    case 'not-permitted':
      return undefined;
  }
}

export function byName(tunnels: readonly TunnelHealth[]): HealthByName {
  return new Map(tunnels.map((tunnel) => [tunnel.name, tunnel]));
}

/** The health of the tunnel of this name: the same object while it is the same. `undefined` where no health is known at all. */
export function healthOf(known: HealthByName | undefined, name: string): ShownHealth | undefined {
  return known && (known.get(name) ?? UNKNOWN);
}

/** How many of these tunnels are in which state. */
export function countStates(
  known: HealthByName,
  rows: Iterable<{ readonly tunnel: { readonly name: string } }>,
): Readonly<Record<ShownState, number>> {
  const counts = { down: 0, degraded: 0, unknown: 0, healthy: 0 };
  for (const { tunnel } of rows) counts[known.get(tunnel.name)?.state ?? 'unknown']++;
  return counts;
}

export function isShownState(text: string): text is ShownState {
  return SHOWN_STATES.some((state) => state === text);
}
