// The account that was in use last in this browser, so that the start page opens there.

import type { Account } from '@tunnel-desk/shared/api/session';

const STORAGE_KEY = 'tunnel-desk.last-account';

/** The only one of these accounts, else the one that was used last; `undefined` where somebody has to choose. */
export function startAccount(accounts: readonly Account[]): Account | undefined {
  if (accounts.length === 1) return accounts[0];
  try {
    const id = localStorage.getItem(STORAGE_KEY);
    return accounts.find((account) => account.id === id);
  } catch {
    return undefined;
  }
}

export function rememberAccount({ id }: Account): void {
  try {
    localStorage.setItem(STORAGE_KEY, id);
  } catch {
    // Without storage the start page asks each time.
  }
}
