// The fields of the form on a router: those that its kind asks for.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { ROUTER_KINDS, ROUTER_NAMES } from '@tunnel-desk/shared/routers/kinds';
import { ROUTERS } from '@tunnel-desk/shared/routers/routers';
import type { ReactNode } from 'react';
import { useFormField, useFormValue } from '../../forms/use-field.ts';
import { withVisibleCharacters } from '../../lib/visible-characters.ts';
import { FieldRow } from '../../ui/card.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { TextAreaField, TextField } from '../../ui/text-field.tsx';
import { rememberKind } from './last-kind.ts';
import { isAsked, ROUTER_FORM, type RouterFieldName } from './router-fields.ts';

const { fields: FIELDS } = ROUTER_FORM;

export interface SettingsFieldsProps {
  /** Whose last choice of a kind is remembered. */
  readonly person: string;
  /** Tunnels that may lead to the same router. */
  readonly partners: readonly IpsecTunnel[];
}

export function SettingsFields({ person, partners }: SettingsFieldsProps) {
  const kind = useFormValue(FIELDS, 'kind');
  const routing = useFormValue(FIELDS, 'routing');
  const isBehindNat = useFormValue(FIELDS, 'isBehindNat');
  const asks = (name: RouterFieldName) => isAsked(kind, name);
  const isStatic = asks('remotePrefixes') && routing === 'static';
  return (
    <div className="flex flex-col gap-5">
      {partners.length > 0 && (
        <Half>
          <PartnerField partners={partners} />
        </Half>
      )}
      <FieldRow>
        <KindField person={person} />
        {asks('uplink') ? <UplinkField example={ROUTERS[kind].uplinkExample} /> : <Nothing />}
      </FieldRow>
      {asks('isBehindNat') && <NatField />}
      {asks('localAddress') && isBehindNat && (
        <Half>
          <LocalAddressField />
        </Half>
      )}
      {(asks('routing') || asks('proposals')) && (
        <FieldRow>
          {asks('routing') && <RoutingField />}
          {asks('proposals') && <ProposalsField />}
          {!(asks('routing') && asks('proposals')) && <Nothing />}
        </FieldRow>
      )}
      {(asks('lanPrefixes') || isStatic) && (
        <FieldRow>
          {asks('lanPrefixes') && <LanField />}
          {isStatic && <RemoteField />}
          {!(asks('lanPrefixes') && isStatic) && <Nothing />}
        </FieldRow>
      )}
    </div>
  );
}

/** A field alone, as wide as one of two. */
function Half({ children }: { readonly children: ReactNode }) {
  return (
    <FieldRow>
      {children}
      <Nothing />
    </FieldRow>
  );
}

/** Keeps the place of the second field of a row. */
function Nothing() {
  return <div className="hidden sm:row-span-4 sm:block" />;
}

function KindField({ person }: Pick<SettingsFieldsProps, 'person'>) {
  const field = useFormField(FIELDS, 'kind');
  return (
    <SelectField
      {...field}
      onChange={(kind) => {
        rememberKind(person, kind);
        field.onChange(kind);
      }}
      explanation={provenance(field.value)}
      options={KINDS}
    />
  );
}

const KINDS = ROUTER_KINDS.map((kind) => ({ value: kind, label: ROUTER_NAMES[kind] }));

function provenance(kind: (typeof ROUTER_KINDS)[number]): string {
  const { guidesOf } = ROUTERS[kind];
  return guidesOf === undefined
    ? "Proven with real strongSwan and FRR in this desk's tests."
    : `Made from the guides of ${guidesOf}, not run here.`;
}

function PartnerField({ partners }: Pick<SettingsFieldsProps, 'partners'>) {
  const field = useFormField(FIELDS, 'pairedWith');
  const options = [
    { value: '', label: 'None' },
    ...partners.map(({ id, name }) => ({ value: id, label: withVisibleCharacters(name) })),
  ];
  const isThere = options.some(({ value }) => value === field.value);
  return (
    <SelectField
      {...field}
      value={isThere ? field.value : ''}
      explanation="The files are then for both tunnels."
      options={options}
    />
  );
}

function UplinkField({ example }: { readonly example: string | undefined }) {
  return (
    <TextField
      {...useFormField(FIELDS, 'uplink')}
      explanation={
        example === undefined
          ? 'By the name it has on the router.'
          : `By the name it has on the router, such as ${example}.`
      }
      mono
    />
  );
}

function ProposalsField() {
  return (
    <SelectField
      {...useFormField(FIELDS, 'proposals')}
      explanation="Both are among Cloudflare's supported parameters."
      options={[
        { value: 'strongest', label: 'Strongest: AES-256-GCM, SHA-384' },
        { value: 'compatible', label: 'Compatible: AES-256-CBC, SHA-256' },
      ]}
    />
  );
}

function NatField() {
  const { value, ...field } = useFormField(FIELDS, 'isBehindNat');
  return (
    <SwitchField
      {...field}
      checked={value}
      explanation="Its address on that interface differs from the customer endpoint."
    />
  );
}

function LocalAddressField() {
  return (
    <TextField
      {...useFormField(FIELDS, 'localAddress')}
      explanation="An IPv4 address, such as 192.168.1.2. Empty where it changes."
      optional
      mono
    />
  );
}

function RoutingField() {
  return (
    <SelectField
      {...useFormField(FIELDS, 'routing')}
      explanation="How the router learns what is behind Cloudflare."
      options={[
        { value: 'bgp', label: 'BGP' },
        { value: 'static', label: 'Static routes' },
      ]}
    />
  );
}

function LanField() {
  return (
    <TextAreaField
      {...useFormField(FIELDS, 'lanPrefixes')}
      explanation="IPv4 prefixes, separated by lines, commas or spaces."
      optional
      mono
    />
  );
}

function RemoteField() {
  return (
    <TextAreaField
      {...useFormField(FIELDS, 'remotePrefixes')}
      explanation="IPv4 prefixes, separated by lines, commas or spaces."
      mono
    />
  );
}
