// Makes two tunnels of one form. What the second one has of its own is loaded once somebody wants a pair.

import { Card } from '../../ui/card.tsx';
import { Switch } from '../form/bound-fields.tsx';
import { useFieldValue } from '../form/use-tunnel-field.ts';
import type { PairFieldsProps } from './pair-fields.tsx';
import { useLoaded } from './use-loaded.ts';

const loadFields = () => import('./pair-fields.tsx');

export function PairCard(props: PairFieldsProps) {
  const isPair = useFieldValue('isPair');
  const loaded = useLoaded(loadFields, isPair);
  return (
    <Card title="Redundant pair">
      <Switch name="isPair" explanation="Cloudflare recommends two for each router and internet connection." />
      <p role="status" className="text-kumo-danger text-sm empty:hidden">
        {isPair &&
          loaded === 'failed' &&
          "The fields of the second can't be loaded just now. Turn the pair off and on."}
      </p>
      {isPair && typeof loaded === 'object' && <loaded.PairFields {...props} />}
    </Card>
  );
}
