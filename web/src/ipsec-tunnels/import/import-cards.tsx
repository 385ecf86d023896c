// The rows of an import in a narrow window: each as a card with what is wrong with it, and the page itself scrolls.

import { Button } from '@cloudflare/kumo/components/button';
import { WarningCircleIcon, WarningIcon } from '@phosphor-icons/react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useLayoutEffect, useRef, useState } from 'react';
import { VisibleText } from '../../ui/visible-text.tsx';
import { rowTitle } from './cell-texts.ts';
import type { CheckedRow } from './import-table.ts';

export interface ImportCardsProps {
  readonly rows: readonly CheckedRow[];
  /** Kept while nothing in it changes. */
  readonly onOpen: (number: number) => void;
}

const CARD_HEIGHT = 120;
const OVERSCAN = 8;

export function ImportCards({ rows, onOpen }: ImportCardsProps) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // What stands above it comes and goes with the issues.
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0));
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => CARD_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  return (
    <ul
      ref={list}
      aria-label="Rows of the import"
      className="relative shrink-0 rounded-lg bg-kumo-base ring ring-kumo-line"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, start }) => {
        const checked = rows[index];
        return (
          checked && (
            <RowCard
              key={checked.row.number}
              checked={checked}
              place={index + 1}
              count={rows.length}
              offset={start - top}
              onOpen={onOpen}
            />
          )
        );
      })}
    </ul>
  );
}

interface RowCardProps extends Pick<ImportCardsProps, 'onOpen'> {
  readonly checked: CheckedRow;
  readonly place: number;
  readonly count: number;
  readonly offset: number;
}

const RowCard = memo(function RowCard({ checked, place, count, offset, onOpen }: RowCardProps) {
  const { row, issues, advisories } = checked;
  const { cells } = row;
  const [first, ...more] = [...issues, ...advisories.filter(({ severity }) => severity === 'risk')];
  return (
    <li
      aria-posinset={place}
      aria-setsize={count}
      className="absolute inset-x-0 top-0 flex items-start gap-2 overflow-hidden border-kumo-line border-b px-3 py-2 text-sm"
      style={{ height: CARD_HEIGHT, transform: `translateY(${offset}px)` }}
    >
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="truncate font-medium text-base">
          <VisibleText text={rowTitle(row)} />
        </p>
        <p className="truncate font-mono text-kumo-strong text-xs">
          <VisibleText text={[cells.cloudflare_endpoint, cells.customer_endpoint].filter(Boolean).join(' ⇄ ') || '–'} />
        </p>
        <p className="truncate font-mono text-kumo-strong text-xs">
          <VisibleText text={cells.interface_address ?? '–'} />
        </p>
        {first && (
          <p className={`flex items-start gap-1.5 ${issues.length > 0 ? 'text-kumo-danger' : 'text-kumo-warning'}`}>
            {issues.length > 0 ? (
              <WarningCircleIcon role="img" aria-label="Issue:" weight="fill" className="mt-0.5 size-4 shrink-0" />
            ) : (
              <WarningIcon role="img" aria-label="Advice:" className="mt-0.5 size-4 shrink-0" />
            )}
            <span className="line-clamp-2 min-w-0 [overflow-wrap:anywhere]">
              {more.length > 0 && `${more.length + 1} things, the first: `}
              <VisibleText text={first.message} dir="ltr" />
            </span>
          </p>
        )}
      </div>
      <Button size="sm" aria-label={`Edit row ${row.number}`} onClick={() => onOpen(row.number)}>
        Edit
      </Button>
    </li>
  );
});
