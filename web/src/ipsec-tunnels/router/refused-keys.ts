// Pre-shared keys that the kind of router does not take: they are in no file, and the person is told why.

import { readRouterTunnels } from '@tunnel-desk/shared/routers/router-tunnel';
import { ROUTERS } from '@tunnel-desk/shared/routers/routers';
import type { KeyOf, RouterOfTunnels } from './make-configuration.ts';

export interface RefusedKey {
  readonly tunnelId: string;
  readonly tunnelName: string;
  /** A sentence that has nothing of the key. */
  readonly message: string;
}

/** What is advised of a tunnel only because of its key is why the router does not take it. */
export function refusedKeys({ accountId, tunnels, settings }: RouterOfTunnels, keyOf: KeyOf): RefusedKey[] {
  const { adviseOn } = ROUTERS[settings.kind];
  return tunnels.flatMap((tunnel) => {
    const psk = keyOf(tunnel.id);
    const read = readRouterTunnels(accountId, [{ tunnel, psk }]);
    const [withKey] = read.kind === 'usable' ? read.tunnels : [];
    if (psk === undefined || withKey === undefined) return [];
    const anyway = new Set(adviseOn({ ...withKey, psk: undefined }, settings).map(({ message }) => message));
    return adviseOn(withKey, settings)
      .filter(({ message }) => !anyway.has(message))
      .map(({ message }) => ({ tunnelId: tunnel.id, tunnelName: tunnel.name, message }));
  });
}
