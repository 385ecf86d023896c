// The fields of an IPsec tunnel's form, in the order of the page, with the words Cloudflare uses for them.

import {
  completeIdentity,
  customIdentitySuffix,
  HEALTH_CHECK_DIRECTIONS,
  HEALTH_CHECK_RATES,
  HEALTH_CHECK_TYPES,
} from '@tunnel-desk/shared/ipsec-tunnels/fields';
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

import * as unfinished from './unfinished.ts';

export interface TunnelContext {
  /** Empty while none is chosen. */
  readonly accountId: string;
}

export const PSK_SOURCES = ['later', 'own', 'generated'] as const;
export type PskSource = (typeof PSK_SOURCES)[number];

type FieldName = FieldPath<CreateIpsecTunnelRequest> | 'pskSource' | 'bgpEnabled';

const FIELDS = {
  name: text('Name'),
  description: { ...freeText('Description'), cleared: '' },
  cloudflare_endpoint: text('Cloudflare endpoint', { isUnfinished: unfinished.isAddressStart }),
  customer_endpoint: text('Customer endpoint', { isUnfinished: unfinished.isAddressStart }),
  interface_address: text('Interface address', { isUnfinished: unfinished.isInterfaceAddressStart }),
  interface_address6: text('IPv6 interface address', { isUnfinished: unfinished.isInterfaceAddress6Start }),
  pskSource: formOnly(choice('Where the pre-shared key comes from', PSK_SOURCES, 'later')),
  psk: secret('Pre-shared key'),
  replay_protection: flag('Replay protection', false),
  'custom_remote_identities/fqdn_id': customIdentity('Custom IKE identity'),
  'health_check/enabled': flag('Run health checks', true),
  'health_check/rate': choice('Health check rate', HEALTH_CHECK_RATES, 'mid'),
  'health_check/type': choice('Health check type', HEALTH_CHECK_TYPES, 'reply'),
  'health_check/direction': direction('Health check direction'),
  'health_check/target': target('Health check target'),
  bgpEnabled: formOnly(flag('Use BGP', false)),
  'bgp/customer_asn': asn('Customer ASN'),
  'bgp/md5_key': { ...freeText('MD5 key'), isPrivate: true },
  'bgp/extra_prefixes': prefixList('Extra prefixes'),
  'bgp/import_filter_id': text('Import filter profile'),
  'bgp/export_filter_id': text('Export filter profile'),
  automatic_return_routing: flag('Automatic return routing', false),
} satisfies Readonly<Record<FieldName, Field<FieldValue, TunnelContext>>>;

export type TunnelFields = typeof FIELDS;
export type TunnelFormValues = ValuesOf<TunnelFields>;

export const TUNNEL_FORM: FormDefinition<TunnelFields, TunnelContext> = {
  fields: FIELDS,
  groups: { bgp: 'bgpEnabled' },
  sentWhen: { psk: ({ pskSource }) => pskSource !== 'later' },
};

export const EMPTY_FORM: TunnelFormValues = emptyValues(FIELDS);

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

function prefixList(label: string): Field<string, unknown> {
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
