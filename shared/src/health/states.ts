// The states of a tunnel's health, and the scores they stand for.

/** What Cloudflare's measurements say of a tunnel, the worst first. */
export const HEALTH_STATES = ['down', 'degraded', 'healthy'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** The same as a page shows it, the worst first: of a tunnel without measurements nobody knows. */
export const SHOWN_STATES = ['down', 'degraded', 'unknown', 'healthy'] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

/**
 * The share of health checks that pass: a tunnel is healthy above one, and down below the other (Cloudflare's guide
 * "Troubleshoot tunnel health": healthy above 80 %, degraded from 40 to 80 %, down below 40 %).
 */
export const HEALTHY_ABOVE = 0.8;
export const DOWN_BELOW = 0.4;

/**
 * The state for an average of `tunnelState`, which is 0 for a check that says down, 0.5 for degraded and 1 for healthy
 * (Cloudflare's GraphQL schema).
 */
export function healthStateOf(score: number): HealthState {
  if (score > HEALTHY_ABOVE) return 'healthy';
  return score < DOWN_BELOW ? 'down' : 'degraded';
}

/** Sorts states by how bad they are, the worst first. */
export function compareStates(one: ShownState, other: ShownState): number {
  return SHOWN_STATES.indexOf(one) - SHOWN_STATES.indexOf(other);
}
