// What the list shows, as its URL says it. Typing in the search is ahead of the URL by a moment.

import { useCallback, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { type ListView, readListQuery, writeListQuery } from './list-query.ts';

/** Browsers take only so many changes of the URL in a row: it follows once somebody stops typing. */
const WRITE_AFTER_MS = 300;

export interface ListViewState {
  readonly view: ListView;
  /** Shows something else; the browser's back button comes back to what was shown before. */
  change(part: Partial<ListView>): void;
  /** Searches for what is typed so far. */
  search(text: string): void;
  /** Has the URL say at once what is being searched for, before the page is left. */
  settleSearch(): void;
}

export function useListView(): ListViewState {
  const [query, setQuery] = useSearchParams();
  const inUrl = useMemo(() => readListQuery(query), [query]);
  const [typed, setTyped] = useState(inUrl.filter.search);
  const view = useMemo(() => ({ ...inUrl, filter: { ...inUrl.filter, search: typed } }), [inUrl, typed]);

  // The browser's buttons change the URL: what was typed gives way to it.
  const [lastInUrl, setLastInUrl] = useState(inUrl);
  if (lastInUrl !== inUrl) {
    setLastInUrl(inUrl);
    setTyped(inUrl.filter.search);
  }

  const isBehind = typed !== inUrl.filter.search;
  const write = useCallback(
    (next: ListView, replace: boolean) => setQuery((others) => writeListQuery(next, others), { replace }),
    [setQuery],
  );
  const writeSearch = useEffectEvent(() => write(view, true));
  // biome-ignore lint/correctness/useExhaustiveDependencies: every keystroke starts the wait anew
  useEffect(() => {
    if (!isBehind) return undefined;
    const timer = setTimeout(writeSearch, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isBehind, typed]);

  return useMemo(
    () => ({
      view,
      change: (part: Partial<ListView>) => write({ ...view, ...part }, false),
      search: setTyped,
      settleSearch: () => {
        if (isBehind) write(view, true);
      },
    }),
    [view, isBehind, write],
  );
}
