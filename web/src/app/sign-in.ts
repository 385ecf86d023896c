// Sends a browser to the sign-in, once: one that comes back without being signed in is not redirected in a loop.

import { signInPath } from '@tunnel-desk/shared/api/paths';

const STORAGE_KEY = 'tunnel-desk.signing-in';
const FRAGMENT_KEY = 'tunnel-desk.fragment';
let isLeaving = false;

/** Goes to sign in and comes back to this page. */
export function signIn(): void {
  isLeaving = true;
  const { pathname, search, hash } = window.location;
  const page = pathname + search;
  // A fragment may be longer than a cookie, in which the server remembers the page; and it is none of the server's business.
  try {
    if (hash !== '') sessionStorage.setItem(FRAGMENT_KEY, JSON.stringify([page, hash]));
  } catch {
    // Without storage it is lost.
  }
  window.location.assign(signInPath(page));
}

/** Puts the fragment back that the page had before its person went to sign in. Call it before anything reads the URL. */
export function restoreFragment(): void {
  const { pathname, search, hash } = window.location;
  try {
    const [page, fragment]: unknown[] = JSON.parse(sessionStorage.getItem(FRAGMENT_KEY) ?? '[]');
    if (page !== pathname + search || typeof fragment !== 'string') return;
    sessionStorage.removeItem(FRAGMENT_KEY);
    if (hash === '') window.history.replaceState(window.history.state, '', page + fragment);
  } catch {
    // Nothing was stored.
  }
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
