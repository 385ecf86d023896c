// A create whose outcome this tab has not learned, remembered in session storage, so that a reload does not forget it.

import { idempotencyKeySchema } from '@tunnel-desk/shared/api/creates';
import { z } from 'zod';

const STORAGE_KEY = 'tunnel-desk.pending-create';
const pendingSchema = z.object({ at: z.iso.datetime(), key: idempotencyKeySchema });

export interface PendingSubmission {
  readonly at: Date;
  /** The idempotency key it was sent under. */
  readonly key: string;
}

/** Remembers that a create was sent now. What was sent is in the draft. */
export function rememberPending(key: string): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ at: new Date().toISOString(), key }));
  } catch {
    // Without storage a reload forgets it, as it forgets the draft.
  }
}

/** The create whose outcome this tab has not learned. */
export function pendingSubmission(): PendingSubmission | undefined {
  try {
    const text = sessionStorage.getItem(STORAGE_KEY);
    const pending = text === null ? undefined : pendingSchema.safeParse(JSON.parse(text)).data;
    return pending && { at: new Date(pending.at), key: pending.key };
  } catch {
    return undefined;
  }
}

export function forgetPending(): void {
  try {
    sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // As above.
  }
}
