import { Card, FieldRow } from '../../ui/card.tsx';
import { Text } from './bound-fields.tsx';

export interface EndpointsCardProps {
  /** Those to choose from. */
  readonly cloudflareEndpoints: readonly string[];
}

export function EndpointsCard({ cloudflareEndpoints }: EndpointsCardProps) {
  return (
    <Card title="Endpoints">
      <FieldRow>
        <Text
          name="cloudflare_endpoint"
          explanation="One of your account's two anycast addresses."
          placeholder={cloudflareEndpoints[0]}
          choices={cloudflareEndpoints}
          mono
        />
        <Text
          name="customer_endpoint"
          explanation="Your router's public address."
          placeholder="203.0.113.10"
          optional
          mono
        />
      </FieldRow>
    </Card>
  );
}
