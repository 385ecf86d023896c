import { Card, FieldRow } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useField } from './use-tunnel-field.ts';

export function EndpointsCard({ cloudflareEndpoints }: { readonly cloudflareEndpoints: readonly string[] }) {
  return (
    <Card title="Endpoints">
      <FieldRow>
        <TextField
          {...useField('cloudflare_endpoint')}
          explanation="One of your account's two anycast addresses."
          placeholder={cloudflareEndpoints[0]}
          choices={cloudflareEndpoints}
          mono
        />
        <TextField
          {...useField('customer_endpoint')}
          explanation="Your router's public address."
          placeholder="203.0.113.10"
          optional
          mono
        />
      </FieldRow>
    </Card>
  );
}
