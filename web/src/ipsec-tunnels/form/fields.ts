// The fields of an IPsec tunnel's form, in the order of the page.

import { DEVICES, type Device } from '@tunnel-desk/shared/ipsec-tunnels/devices';
import {
  completeIdentity,
  customIdentitySuffix,
  HEALTH_CHECK_DIRECTIONS,
  HEALTH_CHECK_RATES,
  HEALTH_CHECK_TYPES,
} from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { KEY_SOURCES } from '@tunnel-desk/shared/ipsec-tunnels/key-sources';
import { IPSEC_TUNNEL_LABELS as LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import { replaceEntry, splitPrefixes } from '@tunnel-desk/shared/ipsec-tunnels/prefix-list';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { choice, flag, formOnly, freeText, isText, secret, text } from '../../forms/field-kinds.ts';
import {
  emptyValues,
  type Field,
  type FieldPath,
  type FieldValue,
  type FormDefinition,
  type ValuesOf,
} from '../../forms/fields.ts';
import { PAIR_FIELDS } from './pair-fields.ts';
import * as unfinished from './unfinished.ts';

export interface TunnelContext {
  /** Empty while none is chosen. */
  readonly accountId: string;
}

type FieldName =
  | FieldPath<CreateIpsecTunnelRequest>
  | 'pskSource'
  | 'bgpEnabled'
  | 'device'
  | 'isPair'
  | keyof typeof PAIR_FIELDS;

const FIELDS = {
  /** Whose guide a new tunnel follows. */
  device: choice<Device | ''>('Device', ['', ...DEVICES], ''),
  name: text(LABELS.name),
  description: { ...freeText(LABELS.description), cleared: '' },
  cloudflare_endpoint: text(LABELS.cloudflare_endpoint, { isUnfinished: unfinished.isAddressStart }),
  customer_endpoint: text(LABELS.customer_endpoint, { isUnfinished: unfinished.isAddressStart }),
  interface_address: text(LABELS.interface_address, { isUnfinished: unfinished.isInterfaceAddressStart }),
  interface_address6: text(LABELS.interface_address6, { isUnfinished: unfinished.isInterfaceAddress6Start }),
  isPair: formOnly(flag('Two tunnels', false)),
  ...PAIR_FIELDS,
  pskSource: formOnly(choice('Where the pre-shared key comes from', KEY_SOURCES, 'later')),
  psk: secret(LABELS.psk),
  replay_protection: flag(LABELS.replay_protection, false),
  'custom_remote_identities/fqdn_id': customIdentity(LABELS['custom_remote_identities.fqdn_id']),
  'health_check/enabled': flag(LABELS['health_check.enabled'], true),
  'health_check/rate': choice(LABELS['health_check.rate'], HEALTH_CHECK_RATES, 'mid'),
  'health_check/type': choice(LABELS['health_check.type'], HEALTH_CHECK_TYPES, 'reply'),
  'health_check/direction': direction(LABELS['health_check.direction']),
  'health_check/target': target(LABELS['health_check.target']),
  bgpEnabled: formOnly(flag('Use BGP', false)),
  'bgp/customer_asn': asn(LABELS['bgp.customer_asn']),
  'bgp/md5_key': { ...freeText(LABELS['bgp.md5_key']), isPrivate: true },
  'bgp/extra_prefixes': prefixList(LABELS['bgp.extra_prefixes']),
  'bgp/import_filter_id': text(LABELS['bgp.import_filter_id']),
  'bgp/export_filter_id': text(LABELS['bgp.export_filter_id']),
  automatic_return_routing: flag(LABELS.automatic_return_routing, false),
} satisfies Readonly<Record<FieldName, Field<FieldValue, TunnelContext>>>;

export type TunnelFields = typeof FIELDS;
export type TunnelFormValues = ValuesOf<TunnelFields>;

export const TUNNEL_FORM: FormDefinition<TunnelFields, TunnelContext> = {
  fields: FIELDS,
  groups: { bgp: 'bgpEnabled', pair: 'isPair' },
  sentWhen: {
    psk: ({ pskSource }) => pskSource !== 'later',
    'pair/second_psk': ({ isPair, pskSource, 'pair/shares_key': sharesKey }) =>
      isPair && pskSource !== 'later' && !sharesKey,
  },
};

export const EMPTY_FORM: TunnelFormValues = emptyValues(FIELDS);

/** What the form's request says of the tunnel, without what the form has beside it: its device, and the other half of a pair. */
export function tunnelIn({
  device: _,
  pair: __,
  ...tunnel
}: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return tunnel;
}

/** A label of one's choice, or a whole identity where the account's part of it is another than its ID. */
function customIdentity(label: string): Field<string, TunnelContext> {
  return {
    ...freeText(label),
    toRequest: (value, { accountId }) => {
      const written = value.trim();
      return written === '' ? undefined : completeIdentity(written, accountId || '<account ID>');
    },
    fromResource: (found, context) => (isText(found) ? identityLabel(found, context) : ''),
    isUnfinished: unfinished.isLabelStart,
  };
}

/** Whether the text is more than a label. */
export function isWholeIdentity(text: string): boolean {
  return /\.custom\.ipsec\.cloudflare\.com\.?$/i.test(text.trim());
}

/** The part of a custom identity that the form asks for. */
export function identityLabel(identity: string, { accountId }: TunnelContext): string {
  const suffix = customIdentitySuffix(accountId);
  return identity.endsWith(suffix) ? identity.slice(0, -suffix.length) : identity;
}

/** Always sent, because the sources disagree about what the API takes when it is absent. */
function direction(label: string) {
  return { ...choice(label, HEALTH_CHECK_DIRECTIONS, 'bidirectional'), toRequest: (value: string) => value };
}

/** An address; a resource tells it as a text, or as an object whose `saved` is what was set. */
function target(label: string): Field<string, unknown> {
  return {
    ...text(label, { isUnfinished: unfinished.isAddressStart }),
    cleared: '',
    fromResource: (found) => {
      const saved = typeof found === 'object' && found !== null && 'saved' in found ? found.saved : found;
      return isText(saved) ? saved : '';
    },
  };
}

/** A number, or what was typed in its place, for the schema to validate. */
function asn(label: string): Field<string, unknown> {
  return {
    ...freeText(label),
    toRequest: (value) => {
      const written = value.trim();
      return /^\d+$/.test(written) ? Number(written) : written || undefined;
    },
    fromResource: (found) => (isText(found) || typeof found === 'number' ? String(found) : ''),
    isUnfinished: unfinished.isAsnStart,
  };
}

/** A list of prefixes, pasted in whatever way lists are written. */
export function prefixList(label: string): Field<string, unknown> {
  return {
    ...freeText(label),
    cleared: [],
    toRequest: (value) => {
      const prefixes = splitPrefixes(value);
      return prefixes.length > 0 ? prefixes : undefined;
    },
    fromResource: (found) => (Array.isArray(found) ? found.join('\n') : ''),
    fixEntry: replaceEntry,
    isUnfinished: unfinished.isPrefixListStart,
  };
}
