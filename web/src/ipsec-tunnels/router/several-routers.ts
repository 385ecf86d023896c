// The routers that several tunnels lead to, and a folder with the files of each.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { KeptRouterSettings, RouterSettings } from '@tunnel-desk/shared/routers/settings';
import { keptFor } from './initial-settings.ts';
import { makeConfiguration } from './make-configuration.ts';
import { inOrder } from './tunnels-of-router.ts';
import type { ConfigurationFolder } from './zip-files.ts';

export interface RouterOfSeveral {
  /** One, or a pair, in order. */
  readonly tunnels: readonly IpsecTunnel[];
  /** `undefined` where none are kept. */
  readonly settings: RouterSettings | undefined;
}

/**
 * A tunnel whose kept pair is in the account brings that along, chosen or not: one router has one configuration. `pairs` has
 * the ID of the other one for tunnels that were made as pairs: where nothing is kept of either, that is its pair.
 */
export function routersOf(
  chosen: readonly IpsecTunnel[],
  all: readonly IpsecTunnel[],
  kept: readonly KeptRouterSettings[],
  pairs: ReadonlyMap<string, string> = new Map(),
): RouterOfSeveral[] {
  const done = new Set<string>();
  return chosen.flatMap((tunnel) => {
    if (done.has(tunnel.id)) return [];
    const settings = keptFor(tunnel.id, kept);
    const madeWith = pairs.get(tunnel.id);
    const isKept = settings !== undefined || (madeWith !== undefined && keptFor(madeWith, kept) !== undefined);
    const partnerId = isKept ? settings?.pairedWith : madeWith;
    const partner = all.find(({ id }) => id === partnerId && id !== tunnel.id && !done.has(id));
    const tunnels = inOrder(partner === undefined ? [tunnel] : [tunnel, partner]);
    for (const { id } of tunnels) done.add(id);
    return [{ tunnels, settings }];
  });
}

export interface SeveralConfigurations {
  readonly folders: readonly ConfigurationFolder[];
  /** The tunnels without a configuration, and why. */
  readonly missing: readonly { readonly tunnel: IpsecTunnel; readonly why: string }[];
}

export interface SeveralContext {
  readonly accountId: string;
  readonly deskVersion: string;
  readonly at: Date;
}

/** The files of each router, without keys. `otherwise` stands in for settings that nobody has entered. */
export function makeSeveral(
  routers: readonly RouterOfSeveral[],
  otherwise: RouterSettings | undefined,
  context: SeveralContext,
): SeveralConfigurations {
  const folders = new Map<string, ConfigurationFolder>();
  const missing: { tunnel: IpsecTunnel; why: string }[] = [];
  for (const { tunnels, settings = otherwise } of routers) {
    const [first] = tunnels;
    if (first === undefined || settings === undefined) continue;
    const made = makeConfiguration({ ...context, tunnels, settings });
    if (made.kind === 'unusable') {
      missing.push(...tunnels.map((tunnel) => ({ tunnel, why: made.reasons.join(' ') })));
    } else {
      // Names may be alike in what a folder's name can have of them.
      const name = folders.has(made.label) ? `${made.label}-${first.id}` : made.label;
      folders.set(name, { name, files: made.files });
    }
  }
  return { folders: [...folders.values()], missing };
}
