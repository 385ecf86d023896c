import type { HistoryRange } from '@tunnel-desk/shared/health/ranges';
import { Link } from 'wouter';
import { type AuditFilter, activityPath } from '../../../audit/filter.ts';
import { VisibleText } from '../../../ui/visible-text.tsx';
import { StateMark } from '../../health/state-mark.tsx';
import { changeWords, type HealthEvent, turnWords } from './events.ts';
import { formatBucket, formatMoment } from './strip-words.ts';

export interface EventListProps {
  readonly events: readonly HealthEvent[];
  readonly range: HistoryRange;
  /** Of the entries that a change links to. */
  readonly filter: AuditFilter;
}

const SHOWN = 12;

/** What happened, the newest first: how the state turned and what was done to the tunnel, one below the other. */
export function EventList({ events, range, filter }: EventListProps) {
  if (events.length === 0) {
    return (
      <p className="text-kumo-subtle text-sm">
        In this time its state did not change, and nothing was done to it from this desk.
      </p>
    );
  }
  return (
    <ol aria-label="What happened" className="flex flex-col gap-1 text-sm">
      {events.slice(0, SHOWN).map((event) =>
        event.kind === 'turn' ? (
          <li key={`turn ${event.turn.at}`} className="flex flex-wrap items-baseline gap-x-2">
            <span className="w-44 shrink-0 max-sm:w-full text-kumo-strong tabular-nums">
              {formatBucket(range, event.turn.at, event.turn.until)}
            </span>
            <span>
              {event.turn.to === 'no-data' ? (
                turnWords(event.turn)
              ) : (
                <StateMark state={event.turn.to} words={turnWords(event.turn)} />
              )}
            </span>
          </li>
        ) : (
          <li key={event.change.entry.id} className="flex flex-wrap items-baseline gap-x-2">
            <Link
              href={activityPath(filter, event.change.entry.id)}
              className="w-44 shrink-0 max-sm:w-full underline tabular-nums"
            >
              {formatMoment(range, event.change.at)}
            </Link>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <span className="mr-1 rounded-sm bg-kumo-contrast px-1 font-medium text-kumo-inverse text-xs">
                {event.letter}
              </span>
              <span className="font-medium">
                <VisibleText text={event.change.entry.personName} />
              </span>{' '}
              {changeWords(event.change.entry)}
            </span>
          </li>
        ),
      )}
      {events.length > SHOWN && <li className="text-kumo-subtle">and {events.length - SHOWN} earlier</li>}
    </ol>
  );
}
