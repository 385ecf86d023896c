import { Card, FieldRow } from '../../ui/card.tsx';
import { Switch, Text, TextArea } from './bound-fields.tsx';
import { FilterProfileFields } from './filter-profile-fields.tsx';
import { useFieldValue } from './use-tunnel-field.ts';

export function BgpCard({ accountId }: { readonly accountId: string }) {
  return (
    <Card title="BGP">
      <Switch name="bgpEnabled" explanation="Exchange routes with your router instead of static routes." />
      {useFieldValue('bgpEnabled') && <BgpFields accountId={accountId} />}
    </Card>
  );
}

function BgpFields({ accountId }: { readonly accountId: string }) {
  return (
    <>
      <FieldRow>
        <Text
          name="bgp/customer_asn"
          explanation="Your router's autonomous system number."
          placeholder="65001"
          inputMode="numeric"
          mono
        />
        <Text name="bgp/md5_key" explanation="The same on both sides of the session." optional mono />
      </FieldRow>
      <TextArea
        name="bgp/extra_prefixes"
        explanation="Advertised to your router beside the Magic routing table. Separate them with commas, spaces or lines."
        placeholder={'10.1.0.0/16\n10.2.0.0/16'}
        optional
        mono
      />
      <FilterProfileFields accountId={accountId} />
    </>
  );
}
