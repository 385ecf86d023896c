import type { ReactNode } from 'react';
import { Card, FieldRow } from '../../ui/card.tsx';
import { Text } from './bound-fields.tsx';

/** `account` is the field or the text that says whose tunnel it is. */
export function TunnelCard({ account }: { readonly account: ReactNode }) {
  return (
    <Card title="Tunnel">
      <FieldRow>
        {account}
        <Text name="name" explanation="Unique in the account, such as branch-ams-1." />
      </FieldRow>
      <Text name="description" explanation="What the next person should know." optional />
    </Card>
  );
}
