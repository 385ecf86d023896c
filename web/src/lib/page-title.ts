import { useEffect } from 'react';
import { withVisibleCharacters } from './visible-characters.ts';

/** Says in the browser's tab, history and bookmarks where one is: "Create an IPsec tunnel · Tunnel Desk". */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${withVisibleCharacters(title)} · Tunnel Desk`;
  }, [title]);
}
