// The kind of router that a person chose last in this browser.

import { ROUTER_KINDS, type RouterKind } from '@tunnel-desk/shared/routers/kinds';

export function lastKind(person: string): RouterKind | undefined {
  try {
    const stored = localStorage.getItem(storageKey(person));
    return ROUTER_KINDS.find((kind) => kind === stored);
  } catch {
    return undefined;
  }
}

export function rememberKind(person: string, kind: RouterKind): void {
  try {
    localStorage.setItem(storageKey(person), kind);
  } catch {
    // Without storage it is guessed each time.
  }
}

/** People share a browser on a desk without sign-in, and then a name too. */
function storageKey(person: string): string {
  return `tunnel-desk.router-kind.${person}`;
}
