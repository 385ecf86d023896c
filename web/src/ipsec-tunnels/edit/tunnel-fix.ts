// Values that put a tunnel right, on their way to the form of its tunnel: in the browser's history entry, not in the URL.

import type { TunnelFix } from '@tunnel-desk/shared/routers/advisories';
import { z } from 'zod';
import { namesOf, valuesFrom } from '../../forms/fields.ts';
import { TUNNEL_FORM, type TunnelFormValues } from '../form/fields.ts';

const fixStateSchema = z.object({
  fix: z.object({ tunnelId: z.string(), values: z.record(z.string(), z.union([z.string(), z.boolean()])) }),
});

/** The history state of a form that is opened to put something right. */
export interface FixState {
  readonly fix: { readonly tunnelId: string; readonly values: TunnelFix };
}

export type FixValues = Readonly<Record<string, string | boolean>>;

/** The values for this tunnel; `undefined` where its form was opened in another way. */
export function fixIn(state: unknown, tunnelId: string): FixValues | undefined {
  const fix = fixStateSchema.safeParse(state).data?.fix;
  return fix?.tunnelId === tunnelId ? fix.values : undefined;
}

/** Fields of which only a person can tell the right value: an empty one asks for it. */
const ASKED_FOR = new Set([
  'customer_endpoint',
  'interface_address',
  'custom_remote_identities/fqdn_id',
  'bgp/customer_asn',
]);

/** The form with these values in it. */
export function withFix(values: TunnelFormValues, fix: FixValues): TunnelFormValues {
  return valuesFrom(TUNNEL_FORM.fields, (name) => {
    const value = fix[name];
    return value === undefined || isAskedFor(name, value) ? values[name] : value;
  });
}

/** The field that a person has to fill in. */
export function fieldToFill(fix: FixValues): string | undefined {
  return namesOf(TUNNEL_FORM.fields).find((name) => isAskedFor(name, fix[name]));
}

function isAskedFor(name: string, value: string | boolean | undefined): boolean {
  return value === '' && ASKED_FOR.has(name);
}
