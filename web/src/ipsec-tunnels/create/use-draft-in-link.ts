import { useEffect, useState } from 'react';
import { hasDraft } from '../../forms/shared-draft.ts';

export interface DraftInLink {
  /** The fragment of the URL. */
  readonly fragment: string;
  /** Counts the links that were opened on this page. */
  readonly count: number;
}

/** The draft in the page's URL: that of the link by which it was opened, or of one that is opened on it later. */
export function useDraftInLink(): DraftInLink | undefined {
  const [draft, setDraft] = useState(() => next(undefined));
  useEffect(() => {
    const onHashChange = () => setDraft(next);
    window.addEventListener('hashchange', onHashChange);
    return () => window.removeEventListener('hashchange', onHashChange);
  }, []);
  return draft;
}

function next(before: DraftInLink | undefined): DraftInLink | undefined {
  const fragment = window.location.hash;
  return hasDraft(fragment) ? { fragment, count: (before?.count ?? 0) + 1 } : before;
}
