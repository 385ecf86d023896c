// The entry that the URL names, where the list does not have it: it is older, or does not match the filters.

import { useQuery } from '@tanstack/react-query';
import { auditEntryQuery } from '../audit/audit-queries.ts';
import { ReadFailure } from '../audit/read-failure.tsx';
import { EntryLine } from './entry-line.tsx';
import type { EntryContext } from './entry-list.tsx';

export function LinkedEntry({ id, ...context }: EntryContext & { readonly id: number }) {
  const { data: entry, error, isFetching, refetch } = useQuery(auditEntryQuery(id));
  return (
    <section aria-labelledby="linked-entry" className="flex flex-col gap-2">
      <h2 id="linked-entry" className="font-semibold text-lg">
        Entry {id}
      </h2>
      {entry === undefined && error !== null && (
        <ReadFailure error={error} isFetching={isFetching} onRetry={() => refetch()} />
      )}
      {entry === undefined && error === null && <p role="status">Loading…</p>}
      {entry === null && <p role="status">There is no such entry, or none that you may see.</p>}
      {entry && (
        <ul className="rounded-lg bg-kumo-base ring ring-kumo-line">
          <EntryLine
            {...context}
            entry={entry}
            isDeleted={entry.outcome?.result === 'deleted'}
            isOpen
            isLinked={false}
          />
        </ul>
      )}
    </section>
  );
}
