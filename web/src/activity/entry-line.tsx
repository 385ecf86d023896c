// One entry as a line: when, who, what, how it ended; in full below where it is open. Pressing a part of it filters by that.

import { CaretRightIcon, FunnelIcon } from '@phosphor-icons/react';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { memo, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { tunnelPath } from '../app/paths.ts';
import { FoundByLooking, OutcomeBadge } from '../audit/outcome-badge.tsx';
import { whatWasDone } from '../audit/words.ts';
import { shortId } from '../lib/short-id.ts';
import { withVisibleCharacters } from '../lib/visible-characters.ts';
import { Time } from '../ui/time.tsx';
import { VisibleText } from '../ui/visible-text.tsx';
import { EntryDetail } from './entry-detail.tsx';
import type { EntryContext } from './entry-list.tsx';

export interface EntryLineProps extends EntryContext {
  readonly entry: AuditEntry;
  /** Whether its tunnel is known to be gone. */
  readonly isDeleted: boolean;
  readonly isOpen: boolean;
  /** Whether the page was opened for it: it is scrolled to. */
  readonly isLinked: boolean;
}

/** Rendered again only when something of it changes: a list may have thousands. */
export const EntryLine = memo(function EntryLine(props: EntryLineProps) {
  const { entry, accounts, isDeleted, isOpen, isLinked, onFilter, onToggle } = props;
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isLinked) line.current?.scrollIntoView({ block: 'center' });
  }, [isLinked]);
  const { id, accountId, person, personName, resource } = entry;
  const account = accounts.find((each) => each.id === accountId);
  const tunnelHref = account && resource.id && !isDeleted ? tunnelPath(accountId, resource.id) : undefined;
  const detailId = `entry-${id}`;
  return (
    // The browser lays out and paints those in sight alone.
    <li ref={line} className="px-3 py-1.5 text-sm [contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]">
      <div className={`flex flex-wrap items-center gap-x-3 gap-y-0.5 lg:grid ${accounts.length > 1 ? FOUR : THREE}`}>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailId : undefined}
          onClick={() => onToggle(id)}
          className={`${PRESS} gap-1.5 tabular-nums`}
        >
          <CaretRightIcon
            aria-hidden
            className={`size-4 shrink-0 transition-transform motion-reduce:transition-none ${isOpen ? 'rotate-90' : ''}`}
          />
          <Time at={entry.at} />
          <span className="sr-only">, details</span>
        </button>
        <p className="flex min-w-0 flex-1 basis-64 flex-wrap items-center gap-x-1.5 lg:basis-auto">
          <button type="button" title={person} onClick={() => onFilter({ person })} className={`${PRESS} font-medium`}>
            <VisibleText text={personName} />
            <span className="sr-only">: only this person's entries</span>
          </button>
          <span>{whatWasDone(entry)}</span>
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {tunnelHref ? (
              <Link href={tunnelHref} className="py-1 font-medium underline">
                <VisibleText text={resource.name} />
              </Link>
            ) : (
              <span className="font-medium">
                <VisibleText text={resource.name} />
              </span>
            )}
          </span>
          <button
            type="button"
            title="Only this tunnel's entries"
            aria-label={`Only entries of ${withVisibleCharacters(resource.name)}`}
            onClick={() => onFilter(tunnelFilterOf(entry))}
            className={`${PRESS} size-6 justify-center text-kumo-subtle`}
          >
            <FunnelIcon aria-hidden className="size-4" />
          </button>
        </p>
        {accounts.length > 1 && (
          <span className="min-w-0 truncate text-kumo-subtle" title={accountId}>
            {account ? <VisibleText text={account.label} /> : shortId(accountId)}
          </span>
        )}
        <span className="flex flex-wrap items-center gap-x-2">
          <button
            type="button"
            disabled={entry.outcome === null}
            onClick={() => onFilter({ outcome: entry.outcome?.result })}
            className={PRESS}
          >
            <OutcomeBadge entry={entry} />
            {entry.outcome && <span className="sr-only">: only entries that ended like this</span>}
          </button>
          <FoundByLooking entry={entry} />
        </span>
      </div>
      {isOpen && (
        <div id={detailId}>
          <EntryDetail entry={entry} account={account} tunnelHref={tunnelHref} />
        </div>
      )}
    </li>
  );
});

const PRESS =
  'inline-flex min-h-6 min-w-0 items-center rounded-md text-left [overflow-wrap:anywhere] not-disabled:cursor-pointer not-disabled:hover:bg-kumo-tint';
/** When, what, where, and how it ended; without the account where there is only one. */
const FOUR = 'lg:grid-cols-[14rem_minmax(0,1fr)_minmax(0,11rem)_14rem]';
const THREE = 'lg:grid-cols-[14rem_minmax(0,1fr)_14rem]';

/** By its ID, under which it is found whatever it was called; a create that failed has none. */
function tunnelFilterOf({ resource: { id, name } }: AuditEntry) {
  return id === undefined ? { tunnel: name, tunnel_id: undefined } : { tunnel: undefined, tunnel_id: id };
}
