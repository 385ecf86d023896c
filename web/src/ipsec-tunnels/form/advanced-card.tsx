import { FoldingCard } from '../../ui/card.tsx';
import { Switch } from './bound-fields.tsx';
import { useFieldValue } from './use-tunnel-field.ts';

export function AdvancedCard() {
  const isOn = useFieldValue('automatic_return_routing');
  return (
    <FoldingCard title="Advanced" state={`automatic return routing ${isOn ? 'on' : 'off'}`}>
      <Switch
        name="automatic_return_routing"
        explanation="Sends replies back through the tunnel their request came from."
      />
    </FoldingCard>
  );
}
