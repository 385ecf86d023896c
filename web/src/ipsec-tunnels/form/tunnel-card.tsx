import type { ReactNode } from 'react';
import { Card, FieldRow } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useField } from './use-tunnel-field.ts';

/** `account` is the field or the text that says whose tunnel it is. */
export function TunnelCard({ account }: { readonly account: ReactNode }) {
  return (
    <Card title="Tunnel">
      <FieldRow>
        {account}
        <TextField {...useField('name')} explanation="Unique in the account, such as branch-ams-1." />
      </FieldRow>
      <TextField {...useField('description')} explanation="What the next person should know." optional />
    </Card>
  );
}
