// Who did what: the audit log, filtered by what the URL says, and one of its entries in full.

import { Button, LinkButton } from '@cloudflare/kumo/components/button';
import { ArrowClockwiseIcon, DownloadSimpleIcon } from '@phosphor-icons/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import type { Session } from '@tunnel-desk/shared/api/session';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { auditEntriesQuery } from '../audit/audit-queries.ts';
import { type AuditFilter, activityPath, exportPath, readFilter, readOpenEntry } from '../audit/filter.ts';
import { ReadFailure } from '../audit/read-failure.tsx';
import { usePageTitle } from '../lib/page-title.ts';
import { formatClock } from '../ui/format-time.ts';
import { EntryList } from './entry-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FilterChips } from './filter-chips.tsx';
import { LinkedEntry } from './linked-entry.tsx';

export function ActivityPage({ session: { accounts } }: { readonly session: Session }) {
  usePageTitle('Activity');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { filter, openEntry, linkedEntry, setFilter, narrow, toggle } = useActivityUrl();
  const query = useInfiniteQuery(auditEntriesQuery(filter));
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.entries), [query.data]);
  const personNames = useMemo(() => new Map(entries?.map(({ person, personName }) => [person, personName])), [entries]);
  const isFiltered = activityPath(filter) !== activityPath({ ...NOTHING });
  const isLinkedElsewhere = openEntry !== undefined && entries?.every(({ id }) => id !== openEntry) === true;
  const shared = { accounts, onFilter: narrow, onToggle: toggle };
  return (
    <div className="flex flex-col gap-4 pb-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h1 ref={heading} tabIndex={-1} className="font-semibold text-2xl">
            Activity
          </h1>
          <p className="text-kumo-subtle text-sm">{whoseEntries(accounts)}</p>
        </div>
        <Button icon={ArrowClockwiseIcon} loading={query.isRefetching} onClick={() => query.refetch()}>
          Refresh
        </Button>
        <LinkButton
          variant="secondary"
          className="[--color-kumo-line:var(--color-control-edge)]"
          href={exportPath(filter)}
          download="audit.ndjson"
          icon={DownloadSimpleIcon}
        >
          Download NDJSON
        </LinkButton>
      </div>
      <FilterBar filter={filter} accounts={accounts} personNames={personNames} onChange={narrow} />
      <FilterChips filter={filter} context={{ accounts, personNames }} onChange={setFilter} />
      {entries === undefined && query.error !== null && (
        <ReadFailure error={query.error} isFetching={query.isFetching} onRetry={() => query.refetch()} />
      )}
      {isLinkedElsewhere && <LinkedEntry key={openEntry} id={openEntry} {...shared} />}
      <p role="status" className="text-kumo-subtle text-sm">
        {query.isPending && 'Loading…'}
        {entries !== undefined && entries.length > 0 && countOf(entries, query.hasNextPage)}
        {entries !== undefined && ` As of ${formatClock(new Date(query.dataUpdatedAt))}.`}
        {entries !== undefined && query.isRefetchError && ' They could not be refreshed.'}
      </p>
      {entries !== undefined && entries.length > 0 && (
        <EntryList
          {...shared}
          entries={entries}
          openEntry={openEntry}
          linkedEntry={linkedEntry}
          hasMore={query.hasNextPage}
          isLoadingMore={query.isFetchingNextPage}
          hasFailed={query.isFetchNextPageError}
          onMore={() => query.fetchNextPage()}
        />
      )}
      {entries?.length === 0 && <Nothing isFiltered={isFiltered} onShowAll={() => setFilter(NOTHING)} />}
    </div>
  );
}

const NOTHING = readFilter('');

/** What the URL says, and its changes: those of the filter are steps to go back by, opening an entry is none. */
function useActivityUrl() {
  const search = useSearch();
  const [, navigate] = useLocation();
  const filter = useMemo(() => readFilter(search), [search]);
  const openEntry = readOpenEntry(search);
  const [linkedEntry] = useState(openEntry);
  const setFilter = useCallback((next: AuditFilter) => navigate(activityPath(next)), [navigate]);
  const narrow = useCallback(
    (part: Partial<AuditFilter>) => navigate(activityPath({ ...readFilter(window.location.search), ...part })),
    [navigate],
  );
  const toggle = useCallback(
    (id: number) => {
      const { search: now } = window.location;
      navigate(activityPath(readFilter(now), readOpenEntry(now) === id ? undefined : id), { replace: true });
    },
    [navigate],
  );
  return { filter, openEntry, linkedEntry, setFilter, narrow, toggle };
}

function whoseEntries(accounts: Session['accounts']): string {
  const [theirs, own] = [accounts.filter(({ mayChange }) => mayChange), accounts.filter(({ mayChange }) => !mayChange)];
  if (own.length === 0) return 'Who did what from this desk, newest first.';
  if (theirs.length === 0) return "These are your own entries. An account's operators see everybody's.";
  const names = (some: Session['accounts']) => some.map(({ label }) => label).join(', ');
  return `You see everybody's entries in ${names(theirs)}, and your own in ${names(own)}.`;
}

function countOf({ length }: readonly AuditEntry[], hasMore: boolean): string {
  const entries = length === 1 ? '1 entry' : `${length} entries`;
  return hasMore ? `The newest ${entries}; older ones load as you scroll.` : `${entries}.`;
}

function Nothing({ isFiltered, onShowAll }: { readonly isFiltered: boolean; readonly onShowAll: () => void }) {
  if (!isFiltered) return <p>No activity yet.</p>;
  return (
    <div className="flex flex-col items-start gap-2">
      <p>No entry that you may see matches these filters.</p>
      <Button onClick={onShowAll}>Remove all filters</Button>
    </div>
  );
}
