// The entries, newest first, and older ones as one scrolls down or asks for them.

import { Button } from '@cloudflare/kumo/components/button';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import type { Account } from '@tunnel-desk/shared/api/session';
import { useEffect, useMemo, useRef } from 'react';
import type { AuditFilter } from '../audit/filter.ts';
import { EntryLine } from './entry-line.tsx';

/** What every line of the list needs beside its entry. */
export interface EntryContext {
  readonly accounts: readonly Account[];
  readonly onFilter: (part: Partial<AuditFilter>) => void;
  readonly onToggle: (id: number) => void;
}

export interface EntryListProps extends EntryContext {
  readonly entries: readonly AuditEntry[];
  readonly openEntry: number | undefined;
  /** The one that the page was opened for. */
  readonly linkedEntry: number | undefined;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly hasFailed: boolean;
  readonly onMore: () => void;
}

export function EntryList({ entries, openEntry, linkedEntry, ...props }: EntryListProps) {
  const { accounts, onFilter, onToggle, hasMore, isLoadingMore, hasFailed, onMore } = props;
  const deleted = useMemo(() => deletedIds(entries), [entries]);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = end.current;
    if (element === null || !hasMore || isLoadingMore || hasFailed) return undefined;
    const observer = new IntersectionObserver(([seen]) => seen?.isIntersecting && onMore(), { rootMargin: AHEAD });
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasMore, isLoadingMore, hasFailed, onMore]);
  return (
    <>
      <h2 id="entries" className="sr-only">
        Entries
      </h2>
      <ol
        aria-labelledby="entries"
        className="flex flex-col divide-y divide-kumo-line rounded-lg bg-kumo-base ring ring-kumo-line"
      >
        {entries.map((entry) => (
          <EntryLine
            key={entry.id}
            entry={entry}
            accounts={accounts}
            isDeleted={entry.resource.id !== undefined && deleted.has(entry.resource.id)}
            isOpen={entry.id === openEntry}
            isLinked={entry.id === linkedEntry}
            onFilter={onFilter}
            onToggle={onToggle}
          />
        ))}
      </ol>
      <div ref={end} className="flex flex-wrap items-center gap-3">
        {hasMore && (
          <Button loading={isLoadingMore} onClick={onMore}>
            {isLoadingMore ? 'Loading older entries…' : 'Show older entries'}
          </Button>
        )}
        {hasFailed && (
          <p role="alert" className="text-kumo-danger text-sm">
            Older entries could not be loaded.
          </p>
        )}
      </div>
    </>
  );
}

/** How far before the end is seen the next ones are asked for. */
const AHEAD = '800px';

/** What is known to be gone. */
function deletedIds(entries: readonly AuditEntry[]): ReadonlySet<string> {
  const gone = entries.filter(({ outcome }) => outcome?.result === 'deleted');
  return new Set(gone.map(({ resource }) => resource.id).filter((id) => id !== undefined));
}
