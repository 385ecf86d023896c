// The files for the router of one or two tunnels, made in the browser.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { ConfigurationFile } from '@tunnel-desk/shared/routers/configuration';
import { readRouterTunnels } from '@tunnel-desk/shared/routers/router-tunnel';
import { ROUTERS } from '@tunnel-desk/shared/routers/routers';
import type { RouterSettings } from '@tunnel-desk/shared/routers/settings';

export interface RouterOfTunnels {
  readonly accountId: string;
  /** In order. */
  readonly tunnels: readonly IpsecTunnel[];
  readonly settings: RouterSettings;
  readonly deskVersion: string;
  readonly at: Date;
}

/** The pre-shared key to write for a tunnel; `undefined` for none. */
export type KeyOf = (tunnelId: string) => string | undefined;

export type MadeConfiguration =
  | {
      readonly kind: 'made';
      /** Its name, for folders and archives. */
      readonly label: string;
      readonly files: readonly ConfigurationFile[];
      readonly leftOut: readonly string[];
    }
  | { readonly kind: 'unusable'; readonly reasons: readonly string[] };

export function makeConfiguration(router: RouterOfTunnels, keyOf: KeyOf = () => undefined): MadeConfiguration {
  const { accountId, tunnels, settings, deskVersion, at } = router;
  const read = readRouterTunnels(
    accountId,
    tunnels.map((tunnel) => ({ tunnel, psk: keyOf(tunnel.id) })),
  );
  if (read.kind === 'unusable') return { kind: 'unusable', reasons: reasonsByName(accountId, tunnels) };
  const input = { accountId, tunnels: read.tunnels, settings, deskVersion, at };
  const { files, leftOut } = ROUTERS[settings.kind].configure(input);
  return { kind: 'made', label: read.tunnels[0]?.label ?? settings.kind, files, leftOut };
}

/** Why there is no configuration; of several tunnels, each reason with the tunnel's name. */
function reasonsByName(accountId: string, tunnels: readonly IpsecTunnel[]): string[] {
  return tunnels.flatMap((tunnel) => {
    const read = readRouterTunnels(accountId, [{ tunnel }]);
    if (read.kind === 'usable') return [];
    return tunnels.length === 1 ? read.reasons : read.reasons.map((reason) => `${tunnel.name}: ${reason}`);
  });
}
