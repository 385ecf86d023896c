// The account's tunnels in one line: how many, and how many that want attention.

import { useMemo } from 'react';
import { hasKey } from './columns.ts';
import type { TunnelRow } from './tunnel-row.ts';

export interface SummaryLineProps {
  readonly rows: readonly TunnelRow[];
  /** How many of them are shown. */
  readonly shown: number;
}

export function SummaryLine({ rows, shown }: SummaryLineProps) {
  const parts = useMemo(() => summaryOf(rows), [rows]);
  return (
    <p className="flex flex-wrap gap-x-2 text-kumo-subtle">
      {parts.map((part, index) => (
        <span key={part}>
          {index > 0 && <span aria-hidden>· </span>}
          {part}
        </span>
      ))}
      <span role="status">
        {shown < rows.length && (
          <>
            <span aria-hidden>· </span>
            {shown === 0 ? 'none match' : `${format(shown)} shown`}
          </>
        )}
      </span>
    </p>
  );
}

/** One entry for each thing that is counted; what is nowhere the case is not mentioned. */
export function summaryOf(rows: readonly TunnelRow[]): readonly string[] {
  const withoutKey = rows.reduce((count, { tunnel }) => (hasKey(tunnel) ? count : count + 1), 0);
  return [
    `${format(rows.length)} ${rows.length === 1 ? 'tunnel' : 'tunnels'}`,
    ...(withoutKey > 0 ? [`${format(withoutKey)} without a key`] : []),
  ];
}

const NUMBER = new Intl.NumberFormat(undefined);

function format(count: number): string {
  return NUMBER.format(count);
}
