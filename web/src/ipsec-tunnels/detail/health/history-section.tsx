// The past of a tunnel: strips of the last hour, day or week, and what happened meanwhile. Loaded with the page's Health card.

import { useQuery } from '@tanstack/react-query';
import type { HealthHistory } from '@tunnel-desk/shared/api/health';
import { HISTORY_RANGES, type HistoryRange } from '@tunnel-desk/shared/health/ranges';
import { axisOf, type Strip, stripsOf } from '@tunnel-desk/shared/health/strip';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { newestEntriesQuery } from '../../../audit/audit-queries.ts';
import { readFilter } from '../../../audit/filter.ts';
import { formatClock } from '../../../ui/format-time.ts';
import { Time } from '../../../ui/time.tsx';
import { VisibleText } from '../../../ui/visible-text.tsx';
import { tunnelHistoryQuery } from '../../api/tunnel-health.ts';
import { NOT_PERMITTED, STATE_WORDS, whyFailed } from '../../health/words.ts';
import { EventList } from './event-list.tsx';
import { beginningOf, changesOf, eventsOf, marksOf, overallStrip, turnsOf } from './events.ts';
import { StripTable } from './strip-table.tsx';
import { formatBucket, formatMoment, formatTick, RANGE_WORDS, zoneName } from './strip-words.ts';
import { Strips } from './strips.tsx';

export interface HistorySectionProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
}

const MINUTE_MS = 60_000;
/** How many of the tunnel's newest audit entries are looked through for changes. */
const ENTRIES = 50;
/** Data centres that are shown at once; the others are folded. */
const WORST_SHOWN = 4;

export function HistorySection({ accountId, tunnel }: HistorySectionProps) {
  const [range, setRange] = useRange();
  const { data, isError } = useQuery(tunnelHistoryQuery(accountId, tunnel.name, range));
  const failure = data && data.latest.kind !== 'known' ? data.latest : undefined;
  return (
    <div className="flex flex-col gap-3">
      <RangeChoice range={range} onChange={setRange} />
      {failure?.kind === 'not-permitted' && (
        <p className="text-kumo-subtle text-sm">The past is not shown: {NOT_PERMITTED}.</p>
      )}
      {failure?.kind === 'failed' && (
        <p className="text-kumo-strong text-sm">
          {data?.known ? `This is as of ${formatClock(new Date(data.known.checkedAt))}. ` : ''}
          At {formatClock(new Date(failure.checkedAt))} the past could not be read: {whyFailed(failure)}
        </p>
      )}
      {isError && <p className="text-kumo-strong text-sm">This desk did not tell the past just now.</p>}
      {data?.known ? (
        <History key={range} accountId={accountId} tunnel={tunnel} history={data.known} />
      ) : (
        data === undefined && !isError && <p role="status">Loading…</p>
      )}
    </div>
  );
}

/** Which range is shown, in the URL; what the browser's history holds of the page stays. */
function useRange(): [HistoryRange, (range: HistoryRange) => void] {
  const [query, setQuery] = useSearchParams();
  const named = query.get('health');
  const range = HISTORY_RANGES.find((each) => each === named) ?? 'hour';
  const setRange = (next: HistoryRange) =>
    setQuery(
      (others) => {
        const query = new URLSearchParams(others);
        query.delete('health');
        if (next !== 'hour') query.set('health', next);
        return query;
      },
      { replace: true, state: window.history.state },
    );
  return [range, setRange];
}

interface RangeChoiceProps {
  readonly range: HistoryRange;
  readonly onChange: (range: HistoryRange) => void;
}

function RangeChoice({ range, onChange }: RangeChoiceProps) {
  return (
    <fieldset className="flex w-fit overflow-hidden rounded-lg ring ring-control-edge">
      <legend className="sr-only">How far back</legend>
      {HISTORY_RANGES.map((each) => (
        <label
          key={each}
          className="flex h-8 cursor-pointer items-center px-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-kumo-brand has-focus-visible:-outline-offset-2 has-checked:bg-kumo-contrast has-checked:text-kumo-inverse"
        >
          <input
            type="radio"
            name="health-range"
            checked={each === range}
            onChange={() => onChange(each)}
            className="sr-only"
          />
          {RANGE_WORDS[each]}
        </label>
      ))}
    </fieldset>
  );
}

function History({ accountId, tunnel, history }: HistorySectionProps & { readonly history: HealthHistory }) {
  const filter = { ...readFilter(''), account: accountId, tunnel_id: tunnel.id };
  const entries = useQuery({ ...newestEntriesQuery(filter, ENTRIES), refetchInterval: MINUTE_MS });
  const [showsAll, setShowsAll] = useState(false);
  const { range, bucketMinutes, locations, everywhere, firstMeasuredAt, isCutShort } = history;
  const bucketMs = bucketMinutes * MINUTE_MS;
  const axis = axisOf(history);
  const overall = overallStrip(history);
  const places = locations.length === 0 ? [] : stripsOf(history);
  const strips = [...(overall && places.length !== 1 ? [overall] : []), ...places];
  const shown = showsAll ? strips : strips.slice(0, WORST_SHOWN + 1);
  const folded = strips.slice(shown.length);
  const changes = changesOf(entries.data ?? [], axis.from);
  const oldest = entries.data?.[ENTRIES - 1];
  const turns = overall === undefined ? [] : turnsOf(overall, bucketMs);
  const moment = (at: number) => formatMoment(range, at);
  return (
    <>
      {everywhere.every((score) => score === null) && <p className="text-sm">Nothing was measured in this time.</p>}
      {locations.length === 0 && (
        <p className="text-kumo-subtle text-sm">
          No data centre had traffic for it: this is what all those that probe it measured.
        </p>
      )}
      <Strips
        strips={shown}
        marks={marksOf(changes, axis)}
        from={axis.from}
        bucketMs={bucketMs}
        bucketCount={everywhere.length}
        formatTick={(at) => formatTick(range, at)}
        formatBucket={(at) => formatBucket(range, at, at + bucketMs)}
      />
      {(folded.length > 0 || showsAll) && (
        <button
          type="button"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
          className="w-fit cursor-pointer py-1 text-sm underline"
        >
          {showsAll ? 'Show the worst data centres only' : `Show ${folded.length} more: ${foldedWords(folded)}`}
        </button>
      )}
      <EventList events={eventsOf(turns, changes)} range={range} filter={filter} />
      {entries.isError && (
        <p className="text-kumo-subtle text-sm">What was done to the tunnel could not be read, and is not marked.</p>
      )}
      {oldest && Date.parse(oldest.at) > axis.from && (
        <p className="text-kumo-subtle text-sm">
          What was done to it before <Time at={oldest.at} /> is not marked: only the latest {ENTRIES} entries are.
        </p>
      )}
      <StripTable
        caption={`Health of ${tunnel.name}, ${RANGE_WORDS[range].toLowerCase()}`}
        strips={strips}
        formatMoment={moment}
      />
      <div className="flex flex-col gap-1 text-kumo-subtle text-sm">
        {firstMeasuredAt !== undefined && (
          <p>
            Nothing was measured under this name before <Time at={firstMeasuredAt} />.{' '}
            <BeginningWords
              beginning={beginningOf(Date.parse(firstMeasuredAt), tunnel.created_on, entries.data ?? [])}
            />
          </p>
        )}
        {isCutShort && <p>The oldest part is left out: Cloudflare has more than it tells in one response.</p>}
        <p>
          Times are your own ({zoneName(axis.until)}), in steps of{' '}
          {bucketMinutes === 1 ? 'a minute' : stepWords(bucketMinutes)}.
        </p>
      </div>
    </>
  );
}

function stepWords(minutes: number): string {
  return minutes === 60 ? 'an hour' : `${minutes} minutes`;
}

/** In which states the data centres are that are folded: "3 healthy". */
function foldedWords(strips: readonly Strip[]): string {
  const byState = Map.groupBy(strips, ({ state }) => state);
  return [...byState].map(([state, { length }]) => `${length} ${STATE_WORDS[state].toLowerCase()}`).join(', ');
}

function BeginningWords({ beginning }: { readonly beginning: ReturnType<typeof beginningOf> }) {
  switch (beginning.kind) {
    case 'renamed':
      return (
        <>
          It was called <VisibleText text={beginning.formerName} /> until then, and Cloudflare keeps what it measured by
          name.
        </>
      );
    case 'created':
      return 'The tunnel was created then.';
    case 'not-known':
      return 'If it was renamed then, what was measured before stands under its former name.';
  }
}
