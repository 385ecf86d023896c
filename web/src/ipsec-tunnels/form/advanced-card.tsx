import { FoldingCard } from '../../ui/card.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { useField } from './use-tunnel-field.ts';

export function AdvancedCard() {
  const { value: enabled, ...field } = useField('automatic_return_routing');
  return (
    <FoldingCard title="Advanced" state={`automatic return routing ${enabled ? 'on' : 'off'}`}>
      <SwitchField
        {...field}
        checked={enabled}
        explanation="Sends replies back through the tunnel their request came from."
      />
    </FoldingCard>
  );
}
