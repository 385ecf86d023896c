// What every export says of a tunnel: its fields as a create request has them, without its key and what is read-only.

import { z } from 'zod';
import type { IpsecTunnel } from '../tunnel.ts';

/** Empty texts are left out: to a create request they say the same as nothing. */
const text = ifUsable(z.string().min(1));
const flag = ifUsable(z.boolean());

/** The keys in the order in which they are written. */
const exportedRequestSchema = z.object({
  name: text,
  description: text,
  cloudflare_endpoint: text,
  customer_endpoint: text,
  interface_address: text,
  interface_address6: text,
  replay_protection: flag,
  automatic_return_routing: flag,
  custom_remote_identities: ifUsable(z.object({ fqdn_id: text })),
  health_check: ifUsable(
    z.object({
      enabled: flag,
      rate: text,
      type: text,
      direction: text,
      /** In the string form, whichever the source has. */
      target: ifUsable(z.union([z.string().min(1), z.object({ saved: z.string().min(1) }).transform(savedOf)])),
    }),
  ),
  bgp: ifUsable(
    z.object({
      /** A text where a form was left with one that is no number. */
      customer_asn: ifUsable(z.union([z.number(), z.string().min(1)])),
      md5_key: text,
      extra_prefixes: ifUsable(z.array(z.string()).min(1)),
      import_filter_id: text,
      export_filter_id: text,
    }),
  ),
});

/** The fields of a create request but for its key. Their words and addresses are as found, known to this desk or not. */
export type ExportedRequest = z.infer<typeof exportedRequestSchema>;

export interface ExportedTunnel {
  readonly request: ExportedRequest;
  /** Absent before it is created. */
  readonly id?: string;
  /** Whether a pre-shared key belongs to it. The key itself is in no export. */
  readonly hasKey: boolean;
}

/** A tunnel that there is. What Cloudflare adds to it, now or later, is left out. */
export function exportedTunnel(tunnel: IpsecTunnel): ExportedTunnel {
  return {
    request: exportedRequest(tunnel),
    id: tunnel.id,
    hasKey: tunnel.psk_metadata?.last_generated_on !== undefined,
  };
}

/** A tunnel before it is created, right or wrong: what a form would send. */
export function tunnelToCreate(request: Readonly<Record<string, unknown>>): ExportedTunnel {
  return { request: exportedRequest(request), hasKey: request['psk'] !== undefined };
}

function exportedRequest(source: object): ExportedRequest {
  const request = exportedRequestSchema.parse(source);
  return withoutAbsent({
    ...request,
    custom_remote_identities: presentGroup(request.custom_remote_identities),
    health_check: presentGroup(request.health_check),
    // Kept even where nothing is in it: a form says so that BGP is on, and an export without it would create another tunnel.
    bgp: request.bgp && withoutAbsent(request.bgp),
  });
}

function presentGroup<Group extends object>(group: Group | undefined): Group | undefined {
  if (group === undefined) return undefined;
  const present = withoutAbsent(group);
  return Object.keys(present).length === 0 ? undefined : present;
}

/** A copy without the keys whose value is `undefined`. */
function withoutAbsent<Value extends object>(value: Value): Value {
  const copy = { ...value };
  for (const key of keysOf(copy)) if (copy[key] === undefined) delete copy[key];
  return copy;
}

function keysOf<Value extends object>(value: Value): (keyof Value)[] {
  return Object.keys(value).filter((key): key is keyof Value & string => Object.hasOwn(value, key));
}

/** An optional field that counts as absent where it is not as expected: nothing in a tunnel breaks its export. */
function ifUsable<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

function savedOf({ saved }: { readonly saved: string }): string {
  return saved;
}
