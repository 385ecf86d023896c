// What the page of a created tunnel knows: most of it survives a reload, the pre-shared key only lives in memory.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { TunnelFormValues } from '../create/tunnel-form.ts';

/** Kept in the browser's history entry, and therefore without the pre-shared key. */
export interface CreatedTunnel {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
  /** Whether it was created with a pre-shared key. */
  readonly hasKey: boolean;
  /** The form it came from, for the next one like it. */
  readonly values: TunnelFormValues;
}

let held: { readonly tunnelId: string; readonly psk: string } | undefined;

/** Holds the key in this page's memory, for copying it to the router; nobody can show it again. */
export function holdKey(tunnelId: string, psk: string): void {
  held = { tunnelId, psk };
}

/** The key of this tunnel while it is held. */
export function heldKey(tunnelId: string): string | undefined {
  return held?.tunnelId === tunnelId ? held.psk : undefined;
}

export function forgetKey(): void {
  held = undefined;
}
