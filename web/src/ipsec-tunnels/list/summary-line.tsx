// The account's tunnels in one line: how many, and how many that want attention, each a link to them.

import { useMemo } from 'react';
import { Link } from 'wouter';
import { tunnelsPath } from '../../app/paths.ts';
import { countDrifts, type DriftById, LISTED_DRIFTS } from '../drift/drift-by-id.ts';
import { countStates, type HealthByName } from '../health/health-by-name.ts';
import { hasKey } from './columns.ts';
import { type ListFilter, NO_FILTER } from './filter-rows.ts';
import { type ListView, writeListQuery } from './list-query.ts';
import type { TunnelRow } from './tunnel-row.ts';

export interface SummaryLineProps {
  readonly accountId: string;
  readonly rows: readonly TunnelRow[];
  /** Absent while no health is known. */
  readonly health: HealthByName | undefined;
  /** Absent while it is not known what was done elsewhere. */
  readonly drift: DriftById | undefined;
  /** How many were deleted elsewhere, of which there are no rows. */
  readonly deleted: number;
  readonly onShowDeleted: () => void;
  /** How many of them are shown. */
  readonly shown: number;
  /** What is shown now: a link changes its filter alone. */
  readonly view: ListView;
}

export function SummaryLine(props: SummaryLineProps) {
  const { accountId, rows, health, drift, deleted, onShowDeleted, shown, view } = props;
  const parts = useMemo(() => summaryOf(rows, health, drift), [rows, health, drift]);
  return (
    <p className="flex flex-wrap gap-x-2 text-kumo-subtle">
      {parts.map(({ text, filter }, index) => (
        <span key={text}>
          {index > 0 && <span aria-hidden>· </span>}
          {filter === undefined ? (
            text
          ) : (
            <Link
              href={`${tunnelsPath(accountId)}?${writeListQuery({ ...view, filter: { ...NO_FILTER, ...filter } }, new URLSearchParams())}`}
              className={`py-1 underline ${filter.state === 'down' ? 'font-medium text-kumo-danger' : ''}`}
            >
              {text}
            </Link>
          )}
        </span>
      ))}
      {deleted > 0 && (
        <span>
          <span aria-hidden>· </span>
          <button
            type="button"
            aria-haspopup="dialog"
            onClick={onShowDeleted}
            className="-my-1 cursor-pointer py-1 underline"
          >
            {format(deleted)} deleted elsewhere
          </button>
        </span>
      )}
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

export interface SummaryPart {
  readonly text: string;
  /** What shows those that are counted; absent for all. */
  readonly filter?: Partial<ListFilter>;
}

/** One entry for each thing that is counted; what is nowhere the case is not mentioned. */
export function summaryOf(
  rows: readonly TunnelRow[],
  health: HealthByName | undefined,
  drift?: DriftById,
): readonly SummaryPart[] {
  const withoutKey = rows.reduce((count, { tunnel }) => (hasKey(tunnel) ? count : count + 1), 0);
  const states = health && countStates(health, rows);
  const drifts = drift && countDrifts(drift, rows);
  const counted = (count: number, words: string, filter: Partial<ListFilter>): SummaryPart[] =>
    count > 0 ? [{ text: `${format(count)} ${words}`, filter }] : [];
  return [
    { text: `${format(rows.length)} ${rows.length === 1 ? 'tunnel' : 'tunnels'}` },
    ...(states
      ? (['down', 'degraded', 'unknown'] as const).flatMap((state) => counted(states[state], state, { state }))
      : []),
    ...counted(withoutKey, 'without a key', { isKeyMissing: true }),
    ...(drifts
      ? LISTED_DRIFTS.flatMap((elsewhere) => counted(drifts[elsewhere], `${elsewhere} elsewhere`, { elsewhere }))
      : []),
  ];
}

const NUMBER = new Intl.NumberFormat(undefined);

function format(count: number): string {
  return NUMBER.format(count);
}
