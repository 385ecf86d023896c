// What an edited form sends of a tunnel, what it changes, and what Cloudflare made of it.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { fromResource } from '../../forms/fields.ts';
import { changesBetween, type FieldChange, mergeChanges, toUpdateRequest } from '../../forms/update.ts';
import { TUNNEL_FORM, type TunnelContext, type TunnelFields, type TunnelFormValues } from './fields.ts';
import { DIRECTIONS, RATES, TYPES } from './words.ts';

export type TunnelFieldName = keyof TunnelFields;

/** The form as it opens on a tunnel. */
export function valuesOfTunnel(tunnel: IpsecTunnel, context: TunnelContext): TunnelFormValues {
  return fromResource(TUNNEL_FORM, tunnel, context);
}

/** The complete body of the tunnel's update, right or wrong. Its health check is always written whole. */
export function tunnelUpdateRequest(
  tunnel: IpsecTunnel,
  values: TunnelFormValues,
  context: TunnelContext,
): Record<string, unknown> {
  return toUpdateRequest(TUNNEL_FORM, tunnel, values, context, ['health_check']);
}

export function tunnelChanges(
  before: TunnelFormValues,
  after: TunnelFormValues,
  context: TunnelContext,
): FieldChange<TunnelFieldName>[] {
  return changesBetween(TUNNEL_FORM, before, after, context);
}

export function mergeTunnelChanges(
  sides: Readonly<Record<'base' | 'yours' | 'theirs', TunnelFormValues>>,
  context: TunnelContext,
) {
  return mergeChanges(TUNNEL_FORM, sides, context);
}

/** A change in words. Both sides are absent where only that it changed may be said. */
export interface ChangeInWords {
  readonly field: string;
  readonly label: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Those whose values are not shown unasked. */
const MASKED = new Set<TunnelFieldName>(['psk', 'bgp/md5_key']);

export function changeInWords({ field, from, to }: FieldChange<TunnelFieldName>): ChangeInWords {
  const label = fieldInWords(field);
  if (field === 'psk') return { field, label };
  return { field, label, from: valueInWords(field, from), to: valueInWords(field, to) };
}

/** The field's label, as it stands in a sentence of its own. */
export function fieldInWords(field: TunnelFieldName): string {
  return field === 'bgpEnabled' ? 'BGP' : TUNNEL_FORM.fields[field].label;
}

/** What a field holds, as it stands in a request. */
export function valueInWords(field: TunnelFieldName, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return 'none';
  if (MASKED.has(field)) return '••••••••';
  if (Array.isArray(value)) return value.join(', ');
  return WORDS.get(field)?.get(String(value)) ?? String(value);
}

const WORDS: ReadonlyMap<TunnelFieldName, ReadonlyMap<string, string>> = new Map([
  ['health_check/rate', inWords(RATES)],
  ['health_check/type', inWords(TYPES)],
  ['health_check/direction', inWords(DIRECTIONS)],
]);

function inWords(labels: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(labels).map(([word, label]) => [word, label.toLowerCase()]));
}

/** What stops while a change of these takes effect, each as a sentence; none where traffic goes on. */
export function interruptionsOf(changes: readonly FieldChange<TunnelFieldName>[]): string[] {
  // BGP that was off has no session that could end.
  const startsBgp = changes.some(({ field, to }) => field === 'bgpEnabled' && to === true);
  const changed = new Set(changes.map(({ field }) => field).filter((field) => !startsBgp || !isOfBgp(field)));
  return INTERRUPTIONS.filter(({ fields }) => fields.some((field) => changed.has(field))).map(
    ({ sentence }) => sentence,
  );
}

function isOfBgp(field: TunnelFieldName): boolean {
  return field === 'bgpEnabled' || field.startsWith('bgp/');
}

const INTERRUPTIONS: readonly { readonly fields: readonly TunnelFieldName[]; readonly sentence: string }[] = [
  {
    fields: ['cloudflare_endpoint', 'customer_endpoint'],
    sentence: 'The tunnel carries no traffic until the router uses the new endpoints.',
  },
  {
    fields: ['interface_address', 'interface_address6'],
    sentence: 'The router needs its new interface address, and static routes and BGP peers that name the old one stop.',
  },
  { fields: ['psk'], sentence: 'Traffic stops at the next re-authentication until the router has the new key.' },
  {
    fields: ['custom_remote_identities/fqdn_id'],
    sentence: 'A router that identifies itself by the old identity is refused at the next re-authentication.',
  },
  {
    fields: ['bgpEnabled', 'bgp/customer_asn', 'bgp/md5_key'],
    sentence: 'The BGP session ends, and its routes with it, until both sides agree again.',
  },
];

/**
 * What Cloudflare did not do as it was asked to, each as a sentence: some updates keep what was left out. Whether it took
 * a key is not told.
 */
export function keptByCloudflare(
  sides: Readonly<Record<'before' | 'asked' | 'after', TunnelFormValues>>,
  context: TunnelContext,
): string[] {
  const { before, asked, after } = sides;
  const withoutKey = { ...asked, pskSource: 'later' as const };
  // From what was asked to what is there; a group that is off on one side is told by its switch alone.
  const differences = tunnelChanges(withoutKey, { ...after, pskSource: 'later' }, context);
  const isOnAnyway = differences.some(({ field }) => field === 'bgpEnabled');
  return differences
    .filter(({ field }) => !isOnAnyway || !field.startsWith('bgp/'))
    .map(({ field, from, to }) => {
      const label = field === 'bgpEnabled' ? 'BGP' : `the ${sentenceLabel(field)}`;
      const wasKept = !tunnelChanges(before, after, context).some((change) => change.field === field);
      if (field === 'bgpEnabled')
        return wasKept ? 'Cloudflare kept BGP as it was.' : 'Cloudflare did not switch BGP as asked.';
      const value = valueInWords(field, to);
      return wasKept
        ? `Cloudflare kept ${label}: ${value}.`
        : `Cloudflare has ${value} for ${label}, not ${valueInWords(field, from)}.`;
    });
}

/** Labels that begin with a name keep it as it is. */
function sentenceLabel(field: TunnelFieldName): string {
  const { label } = TUNNEL_FORM.fields[field];
  return /^(?:[A-Z][a-z]*[A-Z0-9]|[A-Z]{2}|Cloudflare|IP)/.test(label)
    ? label
    : label.charAt(0).toLowerCase() + label.slice(1);
}
