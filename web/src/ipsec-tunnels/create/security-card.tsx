import { customIdentitySuffix } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { useWatch } from 'react-hook-form';
import { Card } from '../../ui/card.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useField, useTunnelForm } from './form-context.tsx';
import { PreSharedKeyField } from './pre-shared-key-field.tsx';

export function SecurityCard() {
  const { value: replayProtection, ...replayProtectionField } = useField('replay_protection');
  return (
    <Card title="Security">
      <PreSharedKeyField />
      <SwitchField
        {...replayProtectionField}
        checked={replayProtection}
        explanation="Drops repeated packets in the Cloudflare-to-router direction. Usually off."
      />
      <CustomIdentityField />
    </Card>
  );
}

function CustomIdentityField() {
  const field = useField('custom_remote_identities.fqdn_id');
  const accountId = useWatch({ control: useTunnelForm().form.control, name: 'account_id' });
  const suffix = customIdentitySuffix(accountId || '<account ID>');
  // Whoever pastes a whole identity means its label.
  const onChange = (value: string) =>
    field.onChange(value.trim().endsWith(suffix) ? value.trim().slice(0, -suffix.length) : value);
  return (
    <TextField
      {...field}
      onChange={onChange}
      explanation="A label of your choice, for routers that identify themselves by name (FQDN)."
      placeholder="branch-ams-1"
      suffix={suffix}
      optional
      mono
    />
  );
}
