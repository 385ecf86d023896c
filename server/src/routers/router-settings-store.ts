// What people entered about the routers at the other ends of tunnels, kept for the next person. No key is among it.

import type { KeptRouterSettings } from '@tunnel-desk/shared/routers/settings';

/** How many of an account are kept: those that were saved last. As many as the tunnels an account may have. */
export const MOST_KEPT = 20_000;

export interface RouterSettingsStore {
  /** All of an account in the order of their tunnels' IDs, a few at a time: read no further than they are asked for. */
  all(accountId: string): AsyncGenerator<readonly KeptRouterSettings[]>;
  /** In place of what was kept for that tunnel. `person` is the ID of whoever entered it. */
  keep(accountId: string, kept: KeptRouterSettings, person: string): Promise<void>;
}
