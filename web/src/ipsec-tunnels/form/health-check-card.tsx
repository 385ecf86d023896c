import {
  HEALTH_CHECK_DIRECTIONS,
  HEALTH_CHECK_RATES,
  HEALTH_CHECK_TYPES,
} from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { FieldRow, FoldingCard } from '../../ui/card.tsx';
import { Select, Switch, Text } from './bound-fields.tsx';
import { useFieldValue } from './use-tunnel-field.ts';
import { DIRECTIONS, RATES, TYPES } from './words.ts';

export function HealthCheckCard() {
  return (
    <FoldingCard title="Health check" state={useStateInWords()}>
      <Switch
        name="health_check/enabled"
        explanation="Probes through the tunnel, so that Cloudflare knows whether it works."
      />
      <FieldRow>
        <Select
          name="health_check/rate"
          explanation="How often Cloudflare probes."
          options={options(HEALTH_CHECK_RATES, RATES)}
        />
        <Select
          name="health_check/type"
          explanation="An ICMP reply, or a request."
          options={options(HEALTH_CHECK_TYPES, TYPES)}
        />
        <Select
          name="health_check/direction"
          explanation="Which way the response returns."
          options={options(HEALTH_CHECK_DIRECTIONS, DIRECTIONS)}
        />
      </FieldRow>
      <Text
        name="health_check/target"
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

function options<Value extends string>(values: readonly Value[], labels: Readonly<Record<Value, string>>) {
  return values.map((value) => ({ value, label: labels[value] }));
}
