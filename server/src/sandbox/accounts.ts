// What the sandbox holds of each of its accounts.

import type { Session } from '@tunnel-desk/shared/api/session';
import { type Neighbours, neighboursOf } from './neighbours.ts';
import { seedRoutes, seedTunnels } from './seed.ts';
import { TunnelStore } from './tunnel-store.ts';

export interface SandboxAccount {
  readonly tunnels: TunnelStore;
  readonly neighbours: Neighbours;
}

export interface AccountsOptions {
  readonly accountIds: readonly string[];
  readonly rules: Session['rules'];
  /** How many tunnels the first account starts with; none when absent. */
  readonly tunnels?: number | undefined;
  readonly updates?: 'replace' | 'merge' | undefined;
  /** In milliseconds since the epoch. */
  readonly now: () => number;
}

/** The accounts by their IDs. */
export function openAccounts(options: AccountsOptions): ReadonlyMap<string, SandboxAccount> {
  const { accountIds, rules, tunnels: count = 0, updates, now } = options;
  return new Map(
    accountIds.map((accountId, index) => {
      const { routes, ...neighbours } = neighboursOf(accountId);
      const { greTunnels, interconnects, bgpFilterProfiles } = neighbours;
      const seed = { accountId, count: index === 0 ? count : 0, virtualSubnet6: rules.virtualSubnet6 };
      const seeded = seedTunnels({ ...seed, bgpFilterProfiles, now: now() });
      const tunnels = new TunnelStore({
        now,
        ...(updates && { updates }),
        neighbours: [...greTunnels, ...interconnects],
        tunnels: seeded,
      });
      return [
        accountId,
        { tunnels, neighbours: { ...neighbours, routes: [...routes, ...seedRoutes(seeded, accountId)] } },
      ];
    }),
  );
}
