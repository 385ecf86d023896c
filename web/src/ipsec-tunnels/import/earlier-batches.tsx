// The batches of creates that the account has had, each with where it stands and a link to its page.

import { useQuery } from '@tanstack/react-query';
import type { BatchSource, BatchSummary } from '@tunnel-desk/shared/api/batches';
import { Link } from 'wouter';
import { batchPagePath } from '../../app/paths.ts';
import { Age } from '../../ui/age.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { batchesQuery } from '../api/list-batches.ts';

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
              <VisibleText text={sourceName(batch.source)} />
            </Link>
            <span className="tabular-nums">{standing(batch.counts)}</span>
            <span className="min-w-0 text-kumo-subtle [overflow-wrap:anywhere]">
              <VisibleText text={batch.personName} />, <Age at={batch.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a batch is called after. */
function sourceName({ kind, name }: BatchSource): string {
  if (kind === 'pair') return `Pair ${name}`;
  return name || 'Pasted cells';
}

/** "12 of 50 created · 3 not · 35 not tried": what is nowhere the case is not mentioned. */
export function standing(counts: BatchSummary['counts']): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const part = (count: number, words: string) => (count > 0 ? [`${count} ${words}`] : []);
  return [
    `${counts.created} of ${all} created`,
    ...part(counts['not-created'], 'not'),
    ...part(counts.unknown, 'not known'),
    ...part(counts['under-way'], 'under way'),
    ...part(counts['not-tried'], 'not tried'),
  ].join(' · ');
}
