// Asks before a page is left with something on it that would be lost.

import { useEffect } from 'react';

let isIntended = false;

/** Leaves the page for another document without asking: for where the entries are kept, and the person asked to go. */
export function leaveFor(url: string): void {
  isIntended = true;
  window.location.assign(url);
}

export interface LeaveGuard {
  /** Whether leaving would lose something. */
  readonly wouldLose: () => boolean;
  /** What to ask before another page of the app is opened. */
  readonly question: string;
  /** Whether a path of the app is still this page. */
  readonly isSamePage?: (pathname: string) => boolean;
}

/**
 * Asks before the page is left by reload or close (in the browser's own words), by a link, or by the browser's buttons.
 * The guard must keep its identity while nothing in it changes.
 */
export function useLeaveGuard(guard: LeaveGuard): void {
  useEffect(() => {
    const { wouldLose, question, isSamePage } = guard;
    const onBeforeUnload = (event: BeforeUnloadEvent) => {
      if (wouldLose() && !isIntended) event.preventDefault();
      isIntended = false;
    };
    // The browser asks by itself when the document goes; within the app this does.
    const onNavigate = (event: NavigateEvent) => {
      const { destination, cancelable, hashChange } = event;
      if (!destination.sameDocument || !cancelable || hashChange || !wouldLose()) return;
      if (isSamePage?.(new URL(destination.url).pathname)) return;
      if (!window.confirm(question)) event.preventDefault();
    };
    // The Navigation API is young: where it is missing, a page change within the app does not ask, and the draft is kept.
    const navigation = 'navigation' in window ? window.navigation : undefined;
    window.addEventListener('beforeunload', onBeforeUnload);
    navigation?.addEventListener('navigate', onNavigate);
    return () => {
      window.removeEventListener('beforeunload', onBeforeUnload);
      navigation?.removeEventListener('navigate', onNavigate);
    };
  }, [guard]);
}
