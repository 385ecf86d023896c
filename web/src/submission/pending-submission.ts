// A submission whose outcome this tab has not learned, remembered in session storage, so that a reload does not forget it.

import { idempotencyKeySchema } from '@tunnel-desk/shared/api/submissions';
import { z } from 'zod';

const pendingSchema = z.object({ at: z.iso.datetime(), key: idempotencyKeySchema });

export interface PendingSubmission {
  readonly at: Date;
  /** The idempotency key it was sent under. */
  readonly key: string;
}

/** Remembers that this form, by a name of its own such as `create`, was sent now. */
export function rememberPending(form: string, key: string): void {
  try {
    sessionStorage.setItem(storageKey(form), JSON.stringify({ at: new Date().toISOString(), key }));
  } catch {
    // Without storage a reload forgets it, as it forgets the draft.
  }
}

/** The submission of this form whose outcome this tab has not learned. */
export function pendingSubmission(form: string): PendingSubmission | undefined {
  try {
    const text = sessionStorage.getItem(storageKey(form));
    const pending = text === null ? undefined : pendingSchema.safeParse(JSON.parse(text)).data;
    return pending && { at: new Date(pending.at), key: pending.key };
  } catch {
    return undefined;
  }
}

export function forgetPending(form: string): void {
  try {
    sessionStorage.removeItem(storageKey(form));
  } catch {
    // As above.
  }
}

function storageKey(form: string): string {
  return `tunnel-desk.pending-${form}`;
}
