// Says over the list that a batch of creates is not finished: whoever began it may not be here to go on.

import { useQuery } from '@tanstack/react-query';
import type { BatchSummary } from '@tunnel-desk/shared/api/batches';
import { Link } from 'wouter';
import { batchPagePath } from '../../app/paths.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import { batchesQuery } from '../api/list-batches.ts';
import { batchTitle, countsInWords } from '../batch/batch-words.ts';

/** How long rows that nobody tried are of interest, in milliseconds: by then they were left on purpose. */
const UNTRIED_FOR_MS = 24 * 60 * 60 * 1000;

/** The newest one; nothing while there is none, or it is not known. */
export function UnfinishedBatch({ accountId }: { readonly accountId: string }) {
  const { data: batches = [] } = useQuery(batchesQuery(accountId));
  const batch = batches.find(isUnfinished);
  if (batch === undefined) return null;
  return (
    <p className="max-w-prose text-sm [overflow-wrap:anywhere]">
      <Link href={batchPagePath(accountId, batch.id)} className="py-1 underline">
        <VisibleText text={batchTitle(batch)} />
      </Link>{' '}
      is not finished: {countsInWords(batch.counts)}.
    </p>
  );
}

export function isUnfinished({ counts, createdAt }: BatchSummary): boolean {
  if (counts.unknown > 0 || counts['under-way'] > 0) return true;
  return counts['not-tried'] > 0 && Date.now() - Date.parse(createdAt) < UNTRIED_FOR_MS;
}
