// The unsaved changes to one tunnel, with the version they were made on, in session storage: they survive a reload, and no
// secret is ever among them.

import { ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import { draftStore } from '../../forms/draft.ts';
import type { TunnelVersion } from '../api/get-ipsec-tunnel.ts';
import { TUNNEL_FORM, type TunnelFormValues } from '../form/fields.ts';

export interface EditDraft {
  readonly base: TunnelVersion;
  readonly values: TunnelFormValues;
}

const baseSchema = z.object({ tunnel: ipsecTunnelSchema, etag: z.string().optional() });

export function loadEditDraft(tunnelId: string): EditDraft | undefined {
  const values = valuesStore(tunnelId).load();
  const base = loadBase(tunnelId);
  return values && base && { base, values };
}

export function saveEditDraft(tunnelId: string, { base, values }: EditDraft): void {
  try {
    sessionStorage.setItem(baseKey(tunnelId), JSON.stringify(base));
  } catch {
    // Storage is full or forbidden: the form works without it.
  }
  valuesStore(tunnelId).save(values);
}

export function clearEditDraft(tunnelId: string): void {
  try {
    sessionStorage.removeItem(baseKey(tunnelId));
  } catch {
    // As above.
  }
  valuesStore(tunnelId).clear();
}

function loadBase(tunnelId: string): TunnelVersion | undefined {
  try {
    const base = baseSchema.safeParse(JSON.parse(sessionStorage.getItem(baseKey(tunnelId)) ?? 'null')).data;
    return base && { tunnel: base.tunnel, etag: base.etag };
  } catch {
    return undefined;
  }
}

function valuesStore(tunnelId: string) {
  return draftStore(`tunnel-desk.edit-${tunnelId}`, TUNNEL_FORM.fields);
}

function baseKey(tunnelId: string): string {
  return `tunnel-desk.edit-base-${tunnelId}`;
}
