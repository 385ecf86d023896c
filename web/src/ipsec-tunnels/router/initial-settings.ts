// What the form on a router opens with: what is kept, else what can be guessed.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { guessRouterKind, type RouterKind } from '@tunnel-desk/shared/routers/kinds';
import type { KeptRouterSettings, RouterSettings } from '@tunnel-desk/shared/routers/settings';
import { untouchedSettings } from './router-fields.ts';

/** What is kept for the tunnel itself, else for another one that was paired with it. */
export function keptFor(tunnelId: string, kept: readonly KeptRouterSettings[]): RouterSettings | undefined {
  const own = kept.find((each) => each.tunnelId === tunnelId)?.settings;
  if (own !== undefined) return own;
  const partner = kept.find(({ settings }) => settings.pairedWith === tunnelId);
  return partner && { ...partner.settings, pairedWith: partner.tunnelId };
}

/** `lastKind` is what this person chose last: it counts where the description names no kind. */
export function initialSettings(
  tunnel: IpsecTunnel,
  kept: readonly KeptRouterSettings[],
  lastKind: RouterKind | undefined,
): RouterSettings {
  const kind = guessRouterKind(tunnel.description) ?? lastKind ?? 'linux';
  return keptFor(tunnel.id, kept) ?? untouchedSettings(kind, tunnel);
}
