import { Card, FieldRow } from '../../ui/card.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { TextAreaField, TextField } from '../../ui/text-field.tsx';
import { useField } from './use-tunnel-field.ts';

export function BgpCard() {
  const { value: enabled, ...field } = useField('bgpEnabled');
  return (
    <Card title="BGP">
      <SwitchField
        {...field}
        checked={enabled}
        explanation="Exchange routes with your router instead of static routes."
      />
      {enabled && <BgpFields />}
    </Card>
  );
}

function BgpFields() {
  return (
    <>
      <FieldRow>
        <TextField
          {...useField('bgp/customer_asn')}
          explanation="Your router's autonomous system number."
          placeholder="65001"
          inputMode="numeric"
          mono
        />
        <TextField {...useField('bgp/md5_key')} explanation="The same on both sides of the session." optional mono />
      </FieldRow>
      <TextAreaField
        {...useField('bgp/extra_prefixes')}
        explanation="Advertised to your router beside the Magic routing table. Separate them with commas, spaces or lines."
        placeholder={'10.1.0.0/16\n10.2.0.0/16'}
        optional
        mono
      />
      <FieldRow>
        <TextField
          {...useField('bgp/import_filter_id')}
          explanation="ID of the profile that filters routes from your router."
          optional
          mono
        />
        <TextField
          {...useField('bgp/export_filter_id')}
          explanation="ID of the profile that filters routes to your router."
          optional
          mono
        />
      </FieldRow>
    </>
  );
}
