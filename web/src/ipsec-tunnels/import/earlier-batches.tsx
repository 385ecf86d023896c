// The batches of creates that the account has had, each with where it stands and a link to its page.

import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { batchPagePath } from '../../app/paths.ts';
import { Age } from '../../ui/age.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { batchesQuery } from '../api/list-batches.ts';
import { batchTitle, countsInWords } from '../batch/batch-words.ts';

export function EarlierBatches({ accountId }: { readonly accountId: string }) {
  const { data: batches, isError } = useQuery(batchesQuery(accountId));
  if (isError) return <p className="text-kumo-subtle text-sm">The earlier batches can't be listed just now.</p>;
  if (batches === undefined || batches.length === 0) return null;
  return (
    <section aria-labelledby="earlier-batches" className="flex flex-col gap-2">
      <h2 id="earlier-batches" className="font-semibold text-lg">
        Earlier batches
      </h2>
      <ul className="divide-y divide-kumo-line rounded-lg bg-kumo-base ring ring-kumo-line">
        {batches.map((batch) => (
          <li key={batch.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2 text-sm">
            <Link
              href={batchPagePath(accountId, batch.id)}
              className="min-w-0 py-1 font-medium underline [overflow-wrap:anywhere]"
            >
              <VisibleText text={batchTitle(batch)} />
            </Link>
            <span className="tabular-nums">{countsInWords(batch.counts)}</span>
            <span className="min-w-0 text-kumo-subtle [overflow-wrap:anywhere]">
              <VisibleText text={batch.personName} />, <Age at={batch.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
