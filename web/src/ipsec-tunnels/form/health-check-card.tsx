import {
  HEALTH_CHECK_DIRECTIONS,
  HEALTH_CHECK_RATES,
  HEALTH_CHECK_TYPES,
} from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { FieldRow, FoldingCard } from '../../ui/card.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { TunnelFormValues } from './fields.ts';
import { useField, useFieldValue } from './use-tunnel-field.ts';

type Labels<Value extends string> = Readonly<Record<Value, string>>;

const RATES: Labels<TunnelFormValues['health_check/rate']> = { low: 'Low', mid: 'Medium', high: 'High' };
const TYPES: Labels<TunnelFormValues['health_check/type']> = { reply: 'Reply', request: 'Request' };
const DIRECTIONS: Labels<TunnelFormValues['health_check/direction']> = {
  bidirectional: 'Bidirectional',
  unidirectional: 'Unidirectional',
};

export function HealthCheckCard() {
  const { value: enabled, ...enabledField } = useField('health_check/enabled');
  return (
    <FoldingCard title="Health check" state={useStateInWords()}>
      <SwitchField
        {...enabledField}
        checked={enabled}
        explanation="Probes through the tunnel, so that Cloudflare knows whether it works."
      />
      <FieldRow>
        <SelectField
          {...useField('health_check/rate')}
          explanation="How often Cloudflare probes."
          options={HEALTH_CHECK_RATES.map((value) => ({ value, label: RATES[value] }))}
        />
        <SelectField
          {...useField('health_check/type')}
          explanation="An ICMP reply, or a request."
          options={HEALTH_CHECK_TYPES.map((value) => ({ value, label: TYPES[value] }))}
        />
        <SelectField
          {...useField('health_check/direction')}
          explanation="Which way the response returns."
          options={[...HEALTH_CHECK_DIRECTIONS].reverse().map((value) => ({ value, label: DIRECTIONS[value] }))}
        />
      </FieldRow>
      <TextField
        {...useField('health_check/target')}
        explanation="Where probes go once they leave the tunnel; the customer endpoint when empty."
        placeholder="203.0.113.10"
        optional
        mono
      />
    </FoldingCard>
  );
}

function useStateInWords(): string {
  const enabled = useFieldValue('health_check/enabled');
  const rate = useFieldValue('health_check/rate');
  const type = useFieldValue('health_check/type');
  const direction = useFieldValue('health_check/direction');
  return enabled ? `on, ${RATES[rate]}, ${TYPES[type]}, ${DIRECTIONS[direction]}`.toLowerCase() : 'off';
}
