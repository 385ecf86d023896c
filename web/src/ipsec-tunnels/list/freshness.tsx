// How old the list is, and a button that asks for a new one.

import { Button } from '@cloudflare/kumo/components/button';
import { ArrowsClockwiseIcon } from '@phosphor-icons/react';
import { useSecondsSince } from '../../lib/use-seconds-since.ts';
import { formatTime } from '../../ui/format-time.ts';

export interface FreshnessProps {
  /** When the list came, in milliseconds since the epoch. */
  readonly at: number;
  readonly isRefreshing: boolean;
  readonly onRefresh: () => void;
}

export function Freshness({ at, isRefreshing, onRefresh }: FreshnessProps) {
  return (
    <>
      <span className="text-kumo-subtle text-sm tabular-nums" title={formatTime(new Date(at))}>
        <Age at={at} />
      </span>
      <Button
        size="sm"
        shape="square"
        aria-label="Refresh"
        icon={ArrowsClockwiseIcon}
        loading={isRefreshing}
        onClick={onRefresh}
      />
    </>
  );
}

function Age({ at }: Pick<FreshnessProps, 'at'>) {
  return describeAge(useSecondsSince(at));
}

/** "Just now", "20 s ago", "3 min ago": as exact as one needs it. */
export function describeAge(seconds: number): string {
  if (seconds < STEP_S) return 'Just now';
  if (seconds < 60) return `${seconds - (seconds % STEP_S)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

const STEP_S = 5;
