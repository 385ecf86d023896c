// A create that is on its way, remembered in session storage, so that a reload in the middle does not forget it.

import { z } from 'zod';

const STORAGE_KEY = 'tunnel-desk.pending-create';
const pendingSchema = z.object({ at: z.iso.datetime() });

/** Remembers that a create was sent now. What was sent is in the draft. */
export function rememberPendingCreate(): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ at: new Date().toISOString() }));
  } catch {
    // Without storage a reload forgets it, as it forgets the draft.
  }
}

/** When the create was sent whose outcome this tab has not learned. */
export function pendingCreate(): Date | undefined {
  try {
    const text = sessionStorage.getItem(STORAGE_KEY);
    const pending = text === null ? undefined : pendingSchema.safeParse(JSON.parse(text)).data;
    return pending && new Date(pending.at);
  } catch {
    return undefined;
  }
}

export function forgetPendingCreate(): void {
  try {
    sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // As above.
  }
}
