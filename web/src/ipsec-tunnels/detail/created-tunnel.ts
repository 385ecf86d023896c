// What the page of a tunnel knows right after it was created: most of it survives a reload, its key is in memory alone.

import { KEY_SOURCES, type KeySource } from '@tunnel-desk/shared/ipsec-tunnels/key-sources';
import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';

const createdStateSchema = z.object({
  created: z.object({
    tunnel: ipsecTunnelSchema,
    /** Where its pre-shared key came from, for the next tunnel like it. */
    pskSource: z.enum(KEY_SOURCES),
    /** Whether it was created with a pre-shared key. */
    hasKey: z.boolean(),
  }),
});

/** Kept in the browser's history entry, and therefore without the pre-shared key. */
export type CreatedState = z.infer<typeof createdStateSchema>;

/** What the history entry says of this tunnel's create; `undefined` where it was opened in another way. */
export function createdIn(state: unknown, tunnelId: string): CreatedState['created'] | undefined {
  const created = createdStateSchema.safeParse(state).data?.created;
  return created?.tunnel.id === tunnelId ? created : undefined;
}

interface HeldKey {
  readonly psk: string;
  /** Whether the person has copied or seen it. */
  isTaken: boolean;
}

const held = new Map<IpsecTunnel['id'], HeldKey>();

/**
 * Holds a tunnel's key while this document lives, for taking it to the router: nobody can show it again. One that the
 * person typed is theirs already.
 */
export function holdKey(tunnelId: string, psk: string, source: KeySource): void {
  held.set(tunnelId, { psk, isTaken: source === 'own' });
}

/** Forgets a key that the tunnel no longer has. */
export function forgetKey(tunnelId: string): void {
  held.delete(tunnelId);
}

/** The key of this tunnel while it is held. */
export function heldKey(tunnelId: string): string | undefined {
  return held.get(tunnelId)?.psk;
}

/** Records that the person has the key. */
export function markTaken(tunnelId: string): void {
  const key = held.get(tunnelId);
  if (key !== undefined) key.isTaken = true;
}

/** Whether leaving would lose a key that nobody has taken. */
export function isKeyAtRisk(tunnelId: string): boolean {
  return held.get(tunnelId)?.isTaken === false;
}
