// The rows of a batch, each with what became of it: of 4,000 only those near the window are in the document.

import { Button } from '@cloudflare/kumo/components/button';
import {
  CheckCircleIcon,
  CircleDashedIcon,
  CircleNotchIcon,
  type Icon,
  QuestionIcon,
  XCircleIcon,
} from '@phosphor-icons/react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { RowState } from '@tunnel-desk/shared/api/batches';
import { rowLabel } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import { valueAt } from '@tunnel-desk/shared/value-at';
import { memo, useRef } from 'react';
import { Link } from 'wouter';
import { tunnelPath } from '../../app/paths.ts';
import { withVisibleCharacters } from '../../lib/visible-characters.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import type { ShownRow } from './shown-rows.ts';

export interface RowListProps {
  readonly accountId: string;
  readonly rows: readonly ShownRow[];
  /** The IDs of tunnels that the batch made and the account no longer has. */
  readonly deleted: ReadonlySet<string>;
  readonly lacksKey: (row: ShownRow) => boolean;
  /** Opens what corrects a row that was not created; absent where the person may not. */
  readonly onEdit: ((row: ShownRow) => void) | undefined;
  readonly onRetry: (row: ShownRow) => void;
}

const ROW_HEIGHT = 45;
const OVERSCAN = 10;

export function RowList({ accountId, rows, deleted, lacksKey, onEdit, onRetry }: RowListProps) {
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => rows[index]?.number ?? index,
    initialRect: { width: 0, height: window.innerHeight },
  });
  return (
    <section
      ref={scroller}
      aria-label="Rows"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard (WCAG 2.1.1)
      tabIndex={0}
      className="max-h-[70dvh] min-h-48 overflow-y-auto rounded-lg bg-kumo-base ring ring-kumo-line"
    >
      <ul className="relative text-sm" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return (
            row && (
              <li
                key={row.number}
                ref={virtualizer.measureElement}
                data-index={index}
                aria-posinset={index + 1}
                aria-setsize={rows.length}
                className="absolute inset-x-0 top-0 border-kumo-line border-b"
                style={{ transform: `translateY(${start}px)` }}
              >
                <Row
                  accountId={accountId}
                  row={row}
                  isDeleted={row.tunnelId !== undefined && deleted.has(row.tunnelId)}
                  lacksKey={lacksKey(row)}
                  onEdit={onEdit}
                  onRetry={onRetry}
                />
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}

interface RowProps extends Pick<RowListProps, 'accountId' | 'onEdit' | 'onRetry'> {
  readonly row: ShownRow;
  readonly isDeleted: boolean;
  readonly lacksKey: boolean;
}

const Row = memo(function Row({ accountId, row, isDeleted, lacksKey, onEdit, onRetry }: RowProps) {
  const { row: kept, number, name, request, state, tunnelId, errors } = row;
  const ends = [valueAt(request, ['interface_address']), valueAt(request, ['customer_endpoint'])].filter(Boolean);
  const visibleName = withVisibleCharacters(name);
  return (
    <div className="grid grid-cols-[2rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1 px-3 py-2 *:col-start-2 md:grid-cols-[2.5rem_minmax(0,1fr)_17rem_17rem] md:*:col-start-auto">
      <span className="col-start-1! text-right text-kumo-subtle tabular-nums">
        {rowLabel(kept.importRow ?? number)}
      </span>
      <span className="font-medium [overflow-wrap:anywhere]">
        {tunnelId === undefined || isDeleted ? (
          <VisibleText text={name} />
        ) : (
          <Link href={tunnelPath(accountId, tunnelId)} className="inline-block py-1 hover:underline">
            <VisibleText text={name} />
          </Link>
        )}
      </span>
      <span className="font-mono text-kumo-strong text-xs [overflow-wrap:anywhere]">
        <VisibleText text={ends.join(' · ')} />
      </span>
      <State state={state} note={isDeleted ? ', deleted since' : lacksKey ? ', needs its key' : ''} />
      {errors.length > 0 && (
        <ul className="[overflow-wrap:anywhere] md:col-span-2 md:col-start-2!">
          {errors.map(({ field, message }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            <li key={index}>
              {field && `${IPSEC_TUNNEL_LABELS[field]}: `}
              <VisibleText text={message} dir="ltr" />
            </li>
          ))}
        </ul>
      )}
      {state === 'not-created' && onEdit && (
        <span className="flex gap-2 md:col-start-4!">
          <Button size="sm" aria-label={`Edit ${visibleName}`} onClick={() => onEdit(row)}>
            Edit
          </Button>
          <Button size="sm" aria-label={`Try again: ${visibleName}`} onClick={() => onRetry(row)}>
            Try again
          </Button>
        </span>
      )}
    </div>
  );
});

interface StateLook {
  readonly words: string;
  readonly icon: Icon;
  readonly className: string;
}

const LOOKS: Readonly<Record<RowState, StateLook>> = {
  created: { words: 'Created', icon: CheckCircleIcon, className: 'text-kumo-success' },
  'under-way': { words: 'Being created', icon: CircleNotchIcon, className: 'text-kumo-default' },
  'not-created': { words: 'Not created', icon: XCircleIcon, className: 'text-kumo-danger' },
  unknown: {
    words: 'Not known yet, we keep looking',
    icon: QuestionIcon,
    className: 'bg-(--text-color-kumo-danger) text-kumo-inverse',
  },
  'not-tried': { words: 'Not tried', icon: CircleDashedIcon, className: 'text-kumo-subtle' },
};

function State({ state, note }: { readonly state: RowState; readonly note: string }) {
  const { words, icon: StateIcon, className } = LOOKS[state];
  return (
    <span
      className={`inline-flex items-center gap-1.5 justify-self-start rounded-md px-1.5 py-0.5 font-medium max-md:-ml-1.5 ${className}`}
    >
      <StateIcon
        aria-hidden
        className={`size-4 shrink-0 ${state === 'under-way' ? 'motion-safe:animate-spin' : ''}`}
        weight={state === 'created' ? 'fill' : 'regular'}
      />
      {words}
      {note}
    </span>
  );
}
