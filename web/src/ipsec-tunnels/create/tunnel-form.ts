// What the form holds, and the one way from there to the request.

import type { DraftRequest } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import {
  customIdentitySuffix,
  HEALTH_CHECK_DIRECTIONS,
  HEALTH_CHECK_RATES,
  HEALTH_CHECK_TYPES,
} from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { splitPrefixes } from '@tunnel-desk/shared/ipsec-tunnels/prefix-list';
import { z } from 'zod';

/**
 * The values of the form. Names are those of the request, so that a JSON path is a field name; those in camelCase are
 * the form's own. Numbers and lists are the text one typed.
 */
export const tunnelFormSchema = z.object({
  account_id: z.string(),
  name: z.string(),
  description: z.string(),
  cloudflare_endpoint: z.string(),
  customer_endpoint: z.string(),
  interface_address: z.string(),
  interface_address6: z.string(),
  pskSource: z.enum(['later', 'own', 'generated']),
  psk: z.string(),
  replay_protection: z.boolean(),
  /** The label alone; the rest follows from the account. */
  custom_remote_identities: z.object({ fqdn_id: z.string() }),
  health_check: z.object({
    enabled: z.boolean(),
    rate: z.enum(HEALTH_CHECK_RATES),
    type: z.enum(HEALTH_CHECK_TYPES),
    /** Empty for the product's default. */
    direction: z.enum(['', ...HEALTH_CHECK_DIRECTIONS]),
    target: z.string(),
  }),
  bgpEnabled: z.boolean(),
  bgp: z.object({ customer_asn: z.string(), md5_key: z.string(), extra_prefixes: z.string() }),
  automatic_return_routing: z.boolean(),
});

export type TunnelFormValues = z.infer<typeof tunnelFormSchema>;

export const EMPTY_FORM: TunnelFormValues = {
  account_id: '',
  name: '',
  description: '',
  cloudflare_endpoint: '',
  customer_endpoint: '',
  interface_address: '',
  interface_address6: '',
  pskSource: 'later',
  psk: '',
  replay_protection: false,
  custom_remote_identities: { fqdn_id: '' },
  health_check: { enabled: true, rate: 'mid', type: 'reply', direction: '', target: '' },
  bgpEnabled: false,
  bgp: { customer_asn: '', md5_key: '', extra_prefixes: '' },
  automatic_return_routing: false,
};

/** Every field under its name, in the order of the page, with the words Cloudflare uses for it. */
export const FIELD_LABELS = {
  account_id: 'Account',
  name: 'Name',
  description: 'Description',
  cloudflare_endpoint: 'Cloudflare endpoint',
  customer_endpoint: 'Customer endpoint',
  interface_address: 'Interface address',
  interface_address6: 'IPv6 interface address',
  psk: 'Pre-shared key',
  replay_protection: 'Replay protection',
  'custom_remote_identities.fqdn_id': 'Custom IKE identity',
  'health_check.enabled': 'Health check',
  'health_check.rate': 'Health check rate',
  'health_check.type': 'Health check type',
  'health_check.direction': 'Health check direction',
  'health_check.target': 'Health check target',
  bgpEnabled: 'BGP',
  'bgp.customer_asn': 'Customer ASN',
  'bgp.md5_key': 'MD5 key',
  'bgp.extra_prefixes': 'Extra prefixes',
  automatic_return_routing: 'Automatic return routing',
} as const;

export type FieldName = keyof typeof FIELD_LABELS;

/** The element ID of a field's control. */
export function fieldId(name: FieldName): string {
  return `field-${name.replaceAll('.', '-')}`;
}

/** The field a path of the request belongs to: `['bgp', 'extra_prefixes', 1]` → `bgp.extra_prefixes`. */
export function fieldOfPath(path: readonly (string | number)[]): FieldName | undefined {
  for (let length = path.length; length > 0; length--) {
    const name = path.slice(0, length).join('.');
    if (isFieldName(name)) return name;
  }
  return path[0] === 'bgp' ? 'bgpEnabled' : undefined;
}

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELD_LABELS, name);
}

/**
 * The request as the form stands, right or wrong: white space around pasted values is trimmed, and what was left alone
 * or switched off is absent. Keys and free text are taken as typed.
 */
export function toRequest(values: TunnelFormValues): DraftRequest {
  return omitUndefined({
    name: values.name.trim() || undefined,
    description: values.description || undefined,
    cloudflare_endpoint: values.cloudflare_endpoint.trim() || undefined,
    customer_endpoint: values.customer_endpoint.trim() || undefined,
    interface_address: values.interface_address.trim() || undefined,
    interface_address6: values.interface_address6.trim() || undefined,
    psk: values.pskSource === 'later' ? undefined : values.psk,
    replay_protection: values.replay_protection || undefined,
    custom_remote_identities: group({ fqdn_id: toFqdnId(values) }),
    health_check: group(toHealthCheck(values)),
    bgp: values.bgpEnabled ? toBgp(values.bgp) : undefined,
    automatic_return_routing: values.automatic_return_routing || undefined,
  });
}

function toFqdnId({ account_id, custom_remote_identities }: TunnelFormValues): string | undefined {
  const label = custom_remote_identities.fqdn_id.trim();
  return label === '' ? undefined : label + customIdentitySuffix(account_id || '<account ID>');
}

/** Only what differs from Cloudflare's defaults; the target only where Cloudflare reads it. */
function toHealthCheck({ health_check: { enabled, rate, type, direction, target } }: TunnelFormValues) {
  return {
    enabled: enabled ? undefined : false,
    rate: rate === EMPTY_FORM.health_check.rate ? undefined : rate,
    type: type === EMPTY_FORM.health_check.type ? undefined : type,
    direction: direction || undefined,
    target: direction === 'unidirectional' ? target.trim() || undefined : undefined,
  };
}

function toBgp({ customer_asn, md5_key, extra_prefixes }: TunnelFormValues['bgp']) {
  const asn = customer_asn.trim();
  const prefixes = splitPrefixes(extra_prefixes);
  return omitUndefined({
    customer_asn: /^\d+$/.test(asn) ? Number(asn) : asn || undefined,
    md5_key: md5_key || undefined,
    extra_prefixes: prefixes.length > 0 ? prefixes : undefined,
  });
}

function group(members: Record<string, unknown>): Record<string, unknown> | undefined {
  const present = omitUndefined(members);
  return Object.keys(present).length > 0 ? present : undefined;
}

function omitUndefined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
