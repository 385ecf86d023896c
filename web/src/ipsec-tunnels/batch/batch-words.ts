// A batch in words: what it is called, and where it stands.

import type { BatchSource, BatchSummary } from '@tunnel-desk/shared/api/batches';
import { formatMinute } from '../../ui/format-time.ts';

/** "Batch: branches.csv, Nov 30, 4:12 PM": the same file may have become several. */
export function batchTitle({ source: { kind, name }, createdAt }: Readonly<BatchHead>): string {
  const what = kind === 'pair' ? `Pair ${name}` : `Batch: ${name || 'pasted cells'}`;
  return `${what}, ${formatMinute(new Date(createdAt))}`;
}

interface BatchHead {
  readonly source: BatchSource;
  readonly createdAt: string;
}

/** "12 of 50 created, 3 not, 1 not known, 34 not tried": what is nowhere the case is not mentioned. */
export function countsInWords(counts: BatchSummary['counts']): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const others: readonly (readonly [number, string])[] = [
    [counts['not-created'], 'not'],
    [counts.unknown, 'not known'],
    [counts['under-way'], 'under way'],
    [counts['not-tried'], 'not tried'],
  ];
  const parts = others.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return [`${counts.created} of ${all} created`, ...parts].join(', ');
}
