import type { Account } from '@tunnel-desk/shared/api/session';
import { Card, FieldRow } from '../../ui/card.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useField } from './form-context.tsx';

export function TunnelCard({ accounts }: { readonly accounts: readonly Account[] }) {
  const account = useField('account_id');
  return (
    <Card title="Tunnel">
      <FieldRow>
        <SelectField
          {...account}
          explanation="The Cloudflare account the tunnel will belong to."
          options={[
            ...(accounts.length === 1 ? [] : [{ value: '', label: 'Choose an account' }]),
            ...accounts.map(({ id, label }) => ({ value: id, label: `${label} (${id.slice(0, 8)}…)` })),
          ]}
        />
        <TextField {...useField('name')} explanation="Unique in the account, such as branch-ams-1." />
      </FieldRow>
      <TextField {...useField('description')} explanation="What the next person should know." optional />
    </Card>
  );
}
