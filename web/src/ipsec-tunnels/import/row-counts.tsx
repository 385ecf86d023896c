// How many rows there are, and how many are ready, have issues or advice; each count shows those rows.

import { Link } from 'wouter';
import type { ImportCounts } from './import-table.ts';
import { FILTER_PARAMETER, type RowFilter } from './shown-rows.ts';

export interface RowCountsProps {
  readonly counts: ImportCounts;
  /** How many have been checked so far; `undefined` once all have. */
  readonly checkedSoFar: number | undefined;
  readonly filter: RowFilter | undefined;
  /** Whether those of one kind of issue are shown instead. */
  readonly isOneKind: boolean;
  /** How many rows are shown. */
  readonly shown: number;
  readonly onShow: () => void;
}

export function RowCounts({ counts, checkedSoFar, filter, isOneKind, shown, onShow }: RowCountsProps) {
  const isChecking = checkedSoFar !== undefined && checkedSoFar < counts.rows;
  const links: readonly { readonly to: RowFilter | undefined; readonly text: string }[] = [
    { to: undefined, text: `${format(counts.rows)} ${counts.rows === 1 ? 'row' : 'rows'}` },
    { to: 'ready', text: `${format(counts.ready)} ready` },
    { to: 'issues', text: `${format(counts.withIssues)} with issues` },
    { to: 'advice', text: `${format(counts.withAdvice)} with advice` },
  ];
  return (
    <div className="flex flex-wrap items-center gap-x-2 text-kumo-strong text-sm tabular-nums">
      <nav aria-label="Rows shown">
        <ul className="flex flex-wrap gap-x-2">
          {links.map(({ to, text }, index) => (
            <li key={to ?? 'all'} className="flex gap-x-2">
              {index > 0 && (
                <span aria-hidden className="py-1">
                  ·
                </span>
              )}
              <Link
                href={to === undefined ? '?' : `?${FILTER_PARAMETER}=${to}`}
                replace
                aria-current={filter === to && !isOneKind ? 'true' : undefined}
                onClick={onShow}
                className="py-1 underline aria-[current]:font-semibold aria-[current]:text-kumo-default aria-[current]:no-underline"
              >
                {text}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <span role="status">
        {isChecking ? `Checking: ${format(checkedSoFar)} of ${format(counts.rows)}…` : ''}
        {!isChecking && shown < counts.rows ? `${format(shown)} shown` : ''}
      </span>
    </div>
  );
}

const NUMBER = new Intl.NumberFormat('en');

function format(count: number): string {
  return NUMBER.format(count);
}
