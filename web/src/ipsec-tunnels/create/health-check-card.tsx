import {
  HEALTH_CHECK_DIRECTIONS,
  HEALTH_CHECK_RATES,
  HEALTH_CHECK_TYPES,
} from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { useWatch } from 'react-hook-form';
import { FieldRow, FoldingCard } from '../../ui/card.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useField, useTunnelForm } from './form-context.tsx';
import type { TunnelFormValues } from './tunnel-form.ts';

type HealthCheck = TunnelFormValues['health_check'];
type Labels<Value extends string> = Readonly<Record<Value, string>>;

const RATES: Labels<HealthCheck['rate']> = { low: 'Low', mid: 'Medium', high: 'High' };
const TYPES: Labels<HealthCheck['type']> = { reply: 'Reply', request: 'Request' };
const DIRECTIONS: Labels<HealthCheck['direction']> = {
  '': 'Default direction',
  unidirectional: 'Unidirectional',
  bidirectional: 'Bidirectional',
};

export function HealthCheckCard() {
  const healthCheck = useWatch({ control: useTunnelForm().form.control, name: 'health_check' });
  const { value: enabled, ...enabledField } = useField('health_check.enabled');
  return (
    <FoldingCard title="Health check" state={stateOf(healthCheck)}>
      <SwitchField
        {...enabledField}
        checked={enabled}
        explanation="Probes through the tunnel, so that Cloudflare knows whether it works."
      />
      {enabled && <ProbeFields isUnidirectional={healthCheck.direction === 'unidirectional'} />}
    </FoldingCard>
  );
}

function ProbeFields({ isUnidirectional }: { readonly isUnidirectional: boolean }) {
  const rate = useField('health_check.rate');
  const type = useField('health_check.type');
  const direction = useField('health_check.direction');
  return (
    <>
      <FieldRow>
        <SelectField
          {...rate}
          explanation="How often Cloudflare probes."
          options={HEALTH_CHECK_RATES.map((value) => ({ value, label: RATES[value] }))}
        />
        <SelectField
          {...type}
          explanation="An ICMP reply, or a request."
          options={HEALTH_CHECK_TYPES.map((value) => ({ value, label: TYPES[value] }))}
        />
        <SelectField
          {...direction}
          explanation="Where the answer comes back."
          options={(['', ...HEALTH_CHECK_DIRECTIONS] as const).map((value) => ({ value, label: DIRECTIONS[value] }))}
        />
      </FieldRow>
      {isUnidirectional && <TargetField />}
    </>
  );
}

function TargetField() {
  return (
    <TextField
      {...useField('health_check.target')}
      explanation="Where request probes go once they leave the tunnel; the customer endpoint when empty."
      placeholder="203.0.113.10"
      optional
      mono
    />
  );
}

function stateOf({ enabled, rate, type, direction }: HealthCheck): string {
  return enabled ? `On, ${RATES[rate]}, ${TYPES[type]}, ${DIRECTIONS[direction]}`.toLowerCase() : 'off';
}
