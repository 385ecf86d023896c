// What the second tunnel of a pair has of its own, and what both share.

import type { Session } from '@tunnel-desk/shared/api/session';
import { parseIp } from '@tunnel-desk/shared/ip/address';
import type { KeySource } from '@tunnel-desk/shared/ipsec-tunnels/key-sources';
import { presetFor } from '@tunnel-desk/shared/ipsec-tunnels/presets';
import { useEffect, useRef } from 'react';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { FieldRow } from '../../ui/card.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { Switch, Text } from '../form/bound-fields.tsx';
import { generatePreSharedKey } from '../form/generate-pre-shared-key.ts';
import { Ipv4Field, Ipv6Field } from '../form/interface-addresses-card.tsx';
import { KEY_EXPLANATIONS, KeyInput } from '../form/pre-shared-key-field.tsx';
import type { KnownAccount } from '../form/use-advice.ts';
import { useField, useFieldValue } from '../form/use-tunnel-field.ts';
import { useFollowing } from './use-following.ts';

export interface PairFieldsProps {
  readonly rules: Session['rules'];
  readonly known: KnownAccount;
  /** Those to choose from. */
  readonly cloudflareEndpoints: readonly string[];
}

export function PairFields({ rules, known, cloudflareEndpoints }: PairFieldsProps) {
  const device = useFieldValue('device');
  const preset = device === '' ? undefined : presetFor(device, rules.interfaceAddressRules).pair;
  const firstEndpoint = useFieldValue('cloudflare_endpoint').trim();
  const otherEndpoint = cloudflareEndpoints.find((each) => each !== firstEndpoint);
  const proposed = preset?.sharesEndpoint ? firstEndpoint : otherEndpoint;
  useFollowing('pair/second_endpoint', parseIp(firstEndpoint) ? proposed : undefined);
  const firstCustomerEndpoint = useFieldValue('customer_endpoint');
  const firstAddress6 = useFieldValue('interface_address6');
  const hasAddress6 = useFieldValue('pair/second_interface_address6') !== '' || firstAddress6 !== '';
  return (
    <>
      {preset && <p className="text-kumo-subtle text-sm">{preset.why}</p>}
      <div className="flex flex-col gap-1.5">
        <FieldRow>
          <Suffix name="pair/first_suffix" explanation="Added to the name of the first." />
          <Suffix name="pair/second_suffix" explanation="Added to the name of the second." />
        </FieldRow>
        <Names />
      </div>
      <FieldRow>
        <Text
          name="pair/second_endpoint"
          explanation={
            preset?.sharesEndpoint ? 'The same as the first.' : "The other one of your account's two anycast addresses."
          }
          placeholder={otherEndpoint}
          choices={cloudflareEndpoints}
          mono
        />
        <Text
          name="pair/second_customer_endpoint"
          explanation={
            preset?.hasSecondAddress ? 'The guide has another one for the second.' : 'The same as the first when empty.'
          }
          placeholder={preset?.hasSecondAddress ? undefined : firstCustomerEndpoint}
          optional
          mono
        />
      </FieldRow>
      <FieldRow>
        <Ipv4Field name="pair/second_interface_address" other="interface_address" rules={rules} known={known} />
        {hasAddress6 && <Ipv6Field name="pair/second_interface_address6" rules={rules} />}
      </FieldRow>
      <SharedKey />
      <Switch
        name="pair/shares_identity"
        explanation="Otherwise its label ends in each tunnel's suffix. Empty identities stay empty."
      />
    </>
  );
}

interface SuffixProps {
  readonly name: 'pair/first_suffix' | 'pair/second_suffix';
  readonly explanation: string;
}

/** A suffix that stands there from the beginning is to be looked at from the beginning. */
function Suffix({ name, explanation }: SuffixProps) {
  const { form } = useLiveFormContext();
  useEffect(() => form.setValue(name, form.getValues(name) ?? '', { shouldTouch: true }), [form, name]);
  return <Text name={name} explanation={explanation} mono />;
}

/** Both names as they will be. */
function Names() {
  const name = useFieldValue('name').trim();
  const suffixes = [useFieldValue('pair/first_suffix'), useFieldValue('pair/second_suffix')];
  const [first, second] = suffixes.map((suffix) => name + suffix.trim());
  return (
    <p role="status" className="text-sm [overflow-wrap:anywhere] empty:hidden">
      {name !== '' && (
        <>
          They will be named <VisibleText text={first ?? ''} dir="ltr" /> and{' '}
          <VisibleText text={second ?? ''} dir="ltr" />.
        </>
      )}
    </p>
  );
}

const SHARED_KEY: Record<KeySource, string> = {
  later: 'Neither has a key yet: you set it later, on each.',
  own: 'Otherwise you enter a second one.',
  generated: 'Otherwise a second one is generated.',
};

function SharedKey() {
  const source = useFieldValue('pskSource');
  const isShared = useFieldValue('pair/shares_key');
  const field = useSecondKey(source);
  return (
    <>
      <Switch name="pair/shares_key" explanation={SHARED_KEY[source]} />
      {source !== 'later' && !isShared && (
        <KeyInput key={source} field={field} source={source} explanation={KEY_EXPLANATIONS[source]} isSecond />
      )}
    </>
  );
}

/** Each source keeps its key while the page lives, as for the first one. */
function useSecondKey(source: KeySource) {
  const { form } = useLiveFormContext();
  const field = useField('pair/second_psk');
  const keys = useRef(new Map<KeySource, string>());
  const last = useRef(source);
  useEffect(() => {
    if (last.current !== source) {
      keys.current.set(last.current, String(form.getValues('pair/second_psk')));
      form.setValue('pair/second_psk', keys.current.get(source) ?? '');
      last.current = source;
    }
    if (source === 'generated' && form.getValues('pair/second_psk') === '') {
      form.setValue('pair/second_psk', generatePreSharedKey());
    }
  }, [form, source]);
  return field;
}
