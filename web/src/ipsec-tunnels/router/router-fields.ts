// The fields of the form on a router, and the settings that they make.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { ROUTER_KINDS, type RouterKind } from '@tunnel-desk/shared/routers/kinds';
import { ROUTERS } from '@tunnel-desk/shared/routers/routers';
import { PROPOSALS, ROUTINGS, type RouterSettings, routerSettingsSchema } from '@tunnel-desk/shared/routers/settings';
import { choice, flag, text } from '../../forms/field-kinds.ts';
import { type Field, type FieldValue, type FormDefinition, fromResource, type ValuesOf } from '../../forms/fields.ts';
import { prefixList } from '../form/fields.ts';
import { isAddressStart } from '../form/unfinished.ts';

const FIELDS = {
  kind: alwaysSent(choice('Kind of router', ROUTER_KINDS, 'linux')),
  pairedWith: text('Another tunnel to the same router'),
  uplink: text('Interface to the internet'),
  isBehindNat: alwaysSent(flag('The router is behind NAT', false)),
  localAddress: text('Its own address on that interface', { isUnfinished: isAddressStart }),
  routing: alwaysSent(choice('Routing', ROUTINGS, 'bgp')),
  lanPrefixes: prefixList('Networks behind the router'),
  remotePrefixes: prefixList('Networks reached through Cloudflare'),
  proposals: alwaysSent(choice('Encryption', PROPOSALS, 'strongest')),
} satisfies Readonly<Record<keyof RouterSettings, Field<FieldValue, unknown>>>;

export type RouterFields = typeof FIELDS;
export type RouterFieldName = keyof RouterFields;
export type RouterFormValues = ValuesOf<RouterFields>;

export const ROUTER_FORM: FormDefinition<RouterFields, unknown> = {
  fields: FIELDS,
  groups: {},
  sentWhen: {
    uplink: ({ kind }) => isAsked(kind, 'uplink'),
    isBehindNat: ({ kind }) => isAsked(kind, 'isBehindNat'),
    localAddress: ({ kind, isBehindNat }) => isAsked(kind, 'localAddress') && isBehindNat,
    routing: ({ kind }) => isAsked(kind, 'routing'),
    lanPrefixes: ({ kind }) => isAsked(kind, 'lanPrefixes'),
    remotePrefixes: ({ kind, routing }) => isAsked(kind, 'remotePrefixes') && routing === 'static',
    proposals: ({ kind }) => isAsked(kind, 'proposals'),
  },
};

/** Whether this kind of router makes use of the field. */
export function isAsked(kind: RouterKind, field: RouterFieldName): boolean {
  return field === 'kind' || field === 'pairedWith' || ROUTERS[kind].asks.includes(field);
}

/** Settings of which nobody has entered anything. */
export function untouchedSettings(kind: RouterKind, tunnel: Pick<IpsecTunnel, 'bgp'>): RouterSettings {
  return {
    kind,
    isBehindNat: false,
    lanPrefixes: [],
    routing: tunnel.bgp === undefined ? 'static' : 'bgp',
    remotePrefixes: [],
    proposals: 'strongest',
  };
}

export function valuesOfSettings(settings: RouterSettings): RouterFormValues {
  return fromResource(ROUTER_FORM, settings, undefined);
}

/** What a request of the form says, as far as it is right: whatever is wrong or not asked for is as nobody touched it. */
export function readableSettings(
  request: Readonly<Record<string, unknown>>,
  tunnel: Pick<IpsecTunnel, 'bgp'>,
): RouterSettings {
  const kind = routerSettingsSchema.shape.kind.safeParse(request['kind']).data ?? 'linux';
  const right = Object.entries(routerSettingsSchema.shape).flatMap(([field, schema]) => {
    const parsed = schema.safeParse(request[field]);
    return parsed.success && parsed.data !== undefined ? [[field, parsed.data] as const] : [];
  });
  return routerSettingsSchema.parse({ ...untouchedSettings(kind, tunnel), ...Object.fromEntries(right) });
}

/** Sent as it is by default too: the settings have no defaults of their own. */
function alwaysSent<Value extends FieldValue>(field: Field<Value, unknown>): Field<Value, unknown> {
  return { ...field, toRequest: (value) => value };
}
