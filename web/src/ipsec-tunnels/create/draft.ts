// The draft of the form in session storage: it survives a reload, and the pre-shared key is never in it.

import { EMPTY_FORM, type TunnelFormValues, tunnelFormSchema } from './tunnel-form.ts';

const STORAGE_KEY = 'tunnel-desk.draft';

/** Stores everything but the pre-shared key. Does nothing where the browser allows no storage. */
export function saveDraft(values: TunnelFormValues): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ ...values, psk: '' }));
  } catch {
    // Storage is full or forbidden: the form works without it.
  }
}

/** The stored draft, if there is one that this version of the form can read. */
export function loadDraft(): TunnelFormValues | undefined {
  try {
    const text = sessionStorage.getItem(STORAGE_KEY);
    return text === null ? undefined : tunnelFormSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function clearDraft(): void {
  try {
    sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // As in saveDraft.
  }
}

/** What is worth keeping for the next tunnel: all but what must be its own. */
export function duplicateFrom(values: TunnelFormValues): TunnelFormValues {
  return { ...values, name: '', interface_address: '', interface_address6: '', pskSource: 'later', psk: '' };
}

/** Whether the form holds anything one would be sorry to lose. */
export function isWorthKeeping(values: TunnelFormValues): boolean {
  return JSON.stringify({ ...values, account_id: '' }) !== JSON.stringify(EMPTY_FORM);
}
