// How well the tunnel works, and how well it did. The strips are loaded when they are first shown.

import { lazy, Suspense } from 'react';
import { Age } from '../../ui/age.tsx';
import { Card } from '../../ui/card.tsx';
import { Time } from '../../ui/time.tsx';
import type { ShownHealth } from '../health/health-by-name.ts';
import { StateMark } from '../health/state-mark.tsx';
import type { AccountHealthView } from '../health/use-account-health.ts';
import { sinceWords } from '../health/words.ts';
import type { HistorySectionProps } from './health/history-section.tsx';

const HistorySection = lazy(async () => ({
  default: (await import('./health/history-section.tsx')).HistorySection,
}));

export interface HealthCardProps extends HistorySectionProps {
  readonly view: AccountHealthView;
}

export function HealthCard({ accountId, tunnel, view: { note, isPermitted } }: HealthCardProps) {
  return (
    <Card title="Health">
      {note && <p className="text-kumo-subtle text-sm">{note}</p>}
      {isPermitted && (
        <Suspense fallback={<p role="status">Loading…</p>}>
          <HistorySection accountId={accountId} tunnel={tunnel} />
        </Suspense>
      )}
    </Card>
  );
}

/** The tunnel's state in a line. */
export function HealthState({ health: { state, since, isIdle } }: { readonly health: ShownHealth }) {
  return (
    <p>
      <StateMark state={state} />
      {since && (
        <>
          {' '}
          {sinceWords(since)} <Time at={since.at} /> (<Age at={since.at} />)
        </>
      )}
      {isIdle && <span className="text-kumo-subtle"> without traffic</span>}
    </p>
  );
}
