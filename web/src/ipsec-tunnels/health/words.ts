// What is said of health: the states, since when, and why it could not be read.

import { type AccountHealth, HEALTH_PERMISSION, type HealthFailure, type Since } from '@tunnel-desk/shared/api/health';
import type { ShownState } from '@tunnel-desk/shared/health/states';
import type { CellState } from '@tunnel-desk/shared/health/strip';
import { formatClock } from '../../ui/format-time.ts';
import { readingOf } from './health-by-name.ts';

export const STATE_WORDS: Readonly<Record<ShownState | CellState, string>> = {
  down: 'Down',
  degraded: 'Degraded',
  unknown: 'Unknown',
  healthy: 'Healthy',
  'no-data': 'Not measured',
};

const SINCE_WORDS: Readonly<Record<Since['precision'], string>> = {
  minute: 'since',
  hour: 'since about',
  'at-least': 'since before',
};

/** What stands before the moment, as exact as it is known: "since", "since about", "since before". */
export function sinceWords({ precision }: Since): string {
  return SINCE_WORDS[precision];
}

/** "since 02:14" today, "since 28 Nov" on another day; in the person's own time. */
export function shortSince(since: Since, now = new Date()): string {
  const at = new Date(since.at);
  const format = at.toDateString() === now.toDateString() ? CLOCK : DAY;
  return `${sinceWords(since)} ${format.format(at)}`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

export const NOT_PERMITTED = `this desk's API token does not have the permission ${HEALTH_PERMISSION}`;

const FAILURES: Readonly<Record<HealthFailure, string>> = {
  refused: 'Cloudflare refused to tell',
  'rate-limited': 'Cloudflare asked this desk to wait',
  unreachable: 'Cloudflare could not be reached',
  'connection-lost': 'the connection to Cloudflare broke',
  'timed-out': 'Cloudflare did not respond in time',
  unintelligible: "Cloudflare's response could not be read",
};

/** Why it could not be read, as the rest of a sentence with its end. */
export function whyFailed({
  reason,
  message,
}: {
  readonly reason: HealthFailure;
  readonly message?: string | undefined;
}) {
  return message === undefined ? `${FAILURES[reason]}.` : `${FAILURES[reason]}: ${message.replace(/\.$/, '')}.`;
}

/**
 * What to say beside the states of an account's tunnels; `undefined` where they say all. `unreadSince` is when this desk itself
 * did not tell them any more, in milliseconds since the epoch.
 */
export function healthNote(health: AccountHealth | undefined, unreadSince: number | undefined): string | undefined {
  const reading = health && readingOf(health);
  const asOf = reading && `The states are as of ${clock(reading.checkedAt)}`;
  if (unreadSince !== undefined) {
    const tried = `this desk did not tell them at ${formatClock(new Date(unreadSince))}.`;
    return asOf
      ? `${asOf}: ${tried}`
      : 'The health of the tunnels is not known: this desk did not tell it. The rest works.';
  }
  if (health === undefined) return undefined;
  switch (health.kind) {
    case 'not-permitted':
      return `The health of the tunnels is not shown: ${NOT_PERMITTED}. The rest works.`;
    case 'failed':
      return asOf
        ? `${asOf}. At ${clock(health.checkedAt)} they could not be read: ${whyFailed(health)}`
        : `The health of the tunnels is not known: ${whyFailed(health)} It is read again every minute. The rest works.`;
    case 'known':
      if (health.leftOut.includes('tunnels')) {
        return 'Cloudflare has more tunnels than it tells in one response: of those that were best, the state is unknown.';
      }
      return health.measuredAt === undefined
        ? 'Cloudflare measured none of the tunnels in the last 15 minutes, so their state is unknown.'
        : undefined;
  }
}

function clock(moment: string): string {
  return formatClock(new Date(moment));
}
