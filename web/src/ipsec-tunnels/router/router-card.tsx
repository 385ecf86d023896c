// The place of the router on a tunnel's page. What it shows is loaded after the page.

import { lazy, Suspense, useEffect } from 'react';
import { Card } from '../../ui/card.tsx';
import { ROUTER_HASH, ROUTER_ID, showRouter } from './router-hash.ts';
import type { RouterSectionProps } from './router-section.tsx';

const RouterSection = lazy(async () => ({ default: (await import('./router-section.tsx')).RouterSection }));

export function RouterCard(props: RouterSectionProps) {
  useEffect(() => {
    if (window.location.hash === ROUTER_HASH) showRouter();
  }, []);
  return (
    <Card id={ROUTER_ID} title="Router">
      <Suspense
        fallback={
          <p role="status" className="min-h-64 text-kumo-subtle">
            Loading…
          </p>
        }
      >
        <RouterSection {...props} />
      </Suspense>
    </Card>
  );
}
