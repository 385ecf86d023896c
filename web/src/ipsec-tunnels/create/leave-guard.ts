import { useEffect } from 'react';

let isMeant = false;

/** Leaves the page for another document without being asked: where the entries are kept, and it is the person's own wish. */
export function leaveFor(url: string): void {
  isMeant = true;
  window.location.assign(url);
}

/** Asks before the page is left while `isDirty()` holds: by reload or close, by a link, or by the browser's buttons. */
export function useLeaveGuard(isDirty: () => boolean): void {
  useEffect(() => {
    const onBeforeUnload = (event: BeforeUnloadEvent) => {
      if (isDirty() && !isMeant) event.preventDefault();
      isMeant = false;
    };
    // The browser asks by itself when the document goes; within the app this does.
    const onNavigate = (event: NavigateEvent) => {
      const isWithinApp = event.destination.sameDocument && event.cancelable && !event.hashChange;
      if (!isWithinApp || !isDirty()) return;
      if (!window.confirm('Leave this form? Your entries are kept, but not the pre-shared key.'))
        event.preventDefault();
    };
    // The Navigation API is young: where it is missing, a page change within the app does not ask, and the draft is kept.
    const navigation = 'navigation' in window ? window.navigation : undefined;
    window.addEventListener('beforeunload', onBeforeUnload);
    navigation?.addEventListener('navigate', onNavigate);
    return () => {
      window.removeEventListener('beforeunload', onBeforeUnload);
      navigation?.removeEventListener('navigate', onNavigate);
    };
  }, [isDirty]);
}
