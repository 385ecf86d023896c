import { customIdentitySuffix } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Switch } from './bound-fields.tsx';
import { identityLabel, isWholeIdentity } from './fields.ts';
import { PreSharedKeyField } from './pre-shared-key-field.tsx';
import { useField } from './use-tunnel-field.ts';

export interface SecurityCardProps {
  readonly accountId: string;
  /** What it is called to set no key now. */
  readonly withoutKey: string;
  /** Whether a key was typed before the page was reloaded, which did not keep it. */
  readonly isKeyLost: boolean;
}

export function SecurityCard({ accountId, withoutKey, isKeyLost }: SecurityCardProps) {
  return (
    <Card title="Security">
      <PreSharedKeyField withoutKey={withoutKey} isKeyLost={isKeyLost} />
      <Switch
        name="replay_protection"
        explanation="Drops repeated packets in the Cloudflare-to-router direction. Usually off."
      />
      <CustomIdentityField accountId={accountId} />
    </Card>
  );
}

function CustomIdentityField({ accountId }: Pick<SecurityCardProps, 'accountId'>) {
  const field = useField('custom_remote_identities/fqdn_id');
  // Whoever pastes a whole identity of this account means its label.
  const onChange = (value: string) => {
    const label = identityLabel(value.trim(), { accountId });
    field.onChange(label === value.trim() ? value : label);
  };
  return (
    <TextField
      {...field}
      onChange={onChange}
      explanation="A label of your choice, for routers that identify themselves by name (FQDN)."
      placeholder="branch-ams-1"
      suffix={isWholeIdentity(field.value) ? undefined : customIdentitySuffix(accountId || '<account ID>')}
      optional
      mono
    />
  );
}
