// A state by shape, word and colour.

import type { ShownState } from '@tunnel-desk/shared/health/states';
import type { ReactNode } from 'react';
import { formatTime } from '../../ui/format-time.ts';
import type { ShownHealth } from './health-by-name.ts';
import { STATE_WORDS, shortSince, sinceWords } from './words.ts';

/** Drawn here: the library's own would be 1.5 kB each, on the first view. */
const SHAPES: Readonly<Record<ShownState, ReactNode>> = {
  down: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path d="m5.5 5.5 5 5m0-5-5 5" className="stroke-kumo-base" strokeWidth="1.75" />
    </>
  ),
  degraded: (
    <>
      <path d="M8 1.25 15.5 14.5H.5z" fill="currentColor" strokeLinejoin="round" />
      <path d="M8 5.75v4m0 1.5v1.5" className="stroke-kumo-base" strokeWidth="1.5" />
    </>
  ),
  unknown: (
    <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.6 2.3" />
  ),
  healthy: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.75 8.25 2.25 2.25 4.25-4.5" fill="none" className="stroke-kumo-base" strokeWidth="1.5" />
    </>
  ),
};

const ICON_COLORS: Readonly<Record<ShownState, string>> = {
  down: 'text-kumo-danger',
  degraded: 'text-kumo-warning',
  unknown: 'text-kumo-subtle',
  healthy: 'text-kumo-success',
};

const WORD_COLORS: Readonly<Record<ShownState, string>> = {
  down: 'font-medium text-kumo-danger',
  degraded: 'text-kumo-warning',
  unknown: 'text-kumo-strong',
  healthy: '',
};

export interface StateMarkProps {
  readonly state: ShownState;
  /** In place of the state's own word. */
  readonly words?: string;
}

export function StateMark({ state, words = STATE_WORDS[state] }: StateMarkProps) {
  return (
    <>
      <svg
        aria-hidden="true"
        viewBox="0 0 16 16"
        className={`mr-1 inline-block size-4 shrink-0 align-[-0.1875rem] ${ICON_COLORS[state]}`}
      >
        {SHAPES[state]}
      </svg>
      <span className={WORD_COLORS[state]}>{words}</span>
    </>
  );
}

/** In a row of the list: the state, and since when in brief; the exact moment shows where one points at it. */
export function BriefState({ health: { state, since } }: { readonly health: ShownHealth }) {
  return (
    <span title={since && `${STATE_WORDS[state]} ${sinceWords(since)} ${formatTime(new Date(since.at))}`}>
      <StateMark state={state} />
      {since && (
        <>
          {' '}
          <time dateTime={since.at} className="text-kumo-strong tabular-nums">
            {shortSince(since)}
          </time>
        </>
      )}
    </span>
  );
}
