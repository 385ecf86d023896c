// The place of the likely causes on the page of a tunnel that is not well. What it shows is loaded after the page.

import { isBgpToBlame } from '@tunnel-desk/shared/health/bgp-state';
import type { ShownState } from '@tunnel-desk/shared/health/states';
import { lazy, Suspense } from 'react';
import { Card } from '../../ui/card.tsx';
import type { CauseSectionProps } from './why-down/cause-section.tsx';

const CauseSection = lazy(async () => ({ default: (await import('./why-down/cause-section.tsx')).CauseSection }));

const TITLES: Readonly<Record<ShownState, string>> = {
  down: 'Why is it down?',
  degraded: 'Why is it degraded?',
  unknown: 'Why is nothing measured?',
  healthy: 'Why is BGP down?',
};

/** Nothing where there is nothing to explain. */
export function WhyDown(props: CauseSectionProps) {
  const { tunnel, health } = props;
  if (health.state === 'healthy' && !isBgpToBlame(tunnel, health.state, Date.now())) return null;
  return (
    <Card title={TITLES[health.state]}>
      <Suspense fallback={<p role="status">Loading…</p>}>
        <CauseSection {...props} />
      </Suspense>
    </Card>
  );
}
