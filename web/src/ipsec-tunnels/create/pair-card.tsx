// Makes two tunnels of one form. What the second one has of its own is loaded once somebody wants a pair.

import { lazy, Suspense } from 'react';
import { Card } from '../../ui/card.tsx';
import { Switch } from '../form/bound-fields.tsx';
import { useFieldValue } from '../form/use-tunnel-field.ts';
import type { PairFieldsProps } from './pair-fields.tsx';

const PairFields = lazy(async () => ({ default: (await import('./pair-fields.tsx')).PairFields }));

export function PairCard(props: PairFieldsProps) {
  return (
    <Card title="Redundant pair">
      <Switch name="isPair" explanation="Cloudflare recommends two for each router and internet connection." />
      {useFieldValue('isPair') && (
        <Suspense>
          <PairFields {...props} />
        </Suspense>
      )}
    </Card>
  );
}
