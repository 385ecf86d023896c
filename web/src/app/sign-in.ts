// Sends a browser to the sign-in, once: one that comes back without being signed in is not redirected in a loop.

import { signInPath } from '@tunnel-desk/shared/api/paths';

const STORAGE_KEY = 'tunnel-desk.signing-in';
let isLeaving = false;

/** Goes to sign in and comes back to this page. */
export function signIn(): void {
  isLeaving = true;
  const { pathname, search, hash } = window.location;
  window.location.assign(signInPath(pathname + search + hash));
}

/** Signs in, unless that was tried just now without success; returns whether it does. */
export function signInOnce(): boolean {
  if (isLeaving) return true;
  try {
    if (sessionStorage.getItem(STORAGE_KEY) !== null) return false;
    sessionStorage.setItem(STORAGE_KEY, 'yes');
  } catch {
    // Without storage nobody can tell whether it was: the person decides.
    return false;
  }
  signIn();
  return true;
}

/** Remembers that the sign-in worked, so that the next one starts by itself again. */
export function rememberSignedIn(): void {
  try {
    sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // Nothing was stored either.
  }
}
