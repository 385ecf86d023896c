// The tunnel as Cloudflare responds with it, and the results that hold one.

import { z } from 'zod';

/** An optional field that is only read where it is as expected: a response is not worth losing for it, `null` least of all. */
function ifReadable<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

const text = ifReadable(z.string());
const flag = ifReadable(z.boolean());

const pskMetadataSchema = ifReadable(z.looseObject({ last_generated_on: text }));

const healthCheckSchema = z.looseObject({
  enabled: flag,
  // Words, and not only those known today: an unknown one must not be taken for an absent one.
  rate: text,
  type: text,
  direction: text,
  /** A string, or an object where the call carried `x-magic-new-hc-target: true`. */
  target: ifReadable(z.union([z.string(), z.looseObject({ saved: text, effective: text })])),
});

const bgpSchema = z.looseObject({
  customer_asn: z.number(),
  /** In clear; no secret (API reference), and yet masked until it is asked for. */
  md5_key: text,
  extra_prefixes: ifReadable(z.array(z.string())),
  import_filter_id: text,
  export_filter_id: text,
});

const bgpStatusSchema = z.looseObject({
  /** `BGP_DOWN`, `BGP_UP` or `BGP_ESTABLISHING`. */
  state: z.string(),
  tcp_established: flag,
  /** May be long ago. */
  updated_at: text,
  bgp_state: text,
  /** What the router must peer with, where it is present. */
  cf_speaker_ip: text,
  cf_speaker_port: ifReadable(z.number()),
  customer_speaker_ip: text,
  customer_speaker_port: ifReadable(z.number()),
});

/**
 * A tunnel of a response. Loose, because Cloudflare adds fields over time: unknown ones are kept.
 * `psk` is never among them: it is write-only.
 */
export const ipsecTunnelSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  cloudflare_endpoint: z.string(),
  interface_address: z.string(),
  description: text,
  customer_endpoint: text,
  interface_address6: text,
  /** RFC 3339 with up to nine digits of a second, more than a `Date` keeps: compare as texts. */
  created_on: text,
  modified_on: text,
  custom_remote_identities: ifReadable(z.looseObject({ fqdn_id: text })),
  /** The IKE identities the router can have; in no type of the SDK. */
  remote_identities: ifReadable(z.looseObject({ hex_id: text, fqdn_id: text, user_id: text })),
  /** When its key was set; that it has one, and never the key. */
  psk_metadata: pskMetadataSchema,
  replay_protection: flag,
  automatic_return_routing: flag,
  allow_null_cipher: flag,
  health_check: ifReadable(healthCheckSchema),
  bgp: ifReadable(bgpSchema),
  bgp_status: ifReadable(bgpStatusSchema),
});

export type IpsecTunnel = z.infer<typeof ipsecTunnelSchema>;

/**
 * The tunnel in a part of a response; `undefined` where there is none. The same as {@link ipsecTunnelSchema} reads, at a
 * fraction of the time for one that is as expected, which it returns itself: there may be 20,000 in one response.
 */
export function readIpsecTunnel(value: unknown): IpsecTunnel | undefined {
  return isAsExpected(value) ? value : ipsecTunnelSchema.safeParse(value).data;
}

/** Whether the schema would leave all of it as it is. False proves nothing. */
function isAsExpected(value: unknown): value is IpsecTunnel {
  return (
    isGroup(value) &&
    typeof value['id'] === 'string' &&
    value['id'] !== '' &&
    typeof value['name'] === 'string' &&
    typeof value['cloudflare_endpoint'] === 'string' &&
    typeof value['interface_address'] === 'string' &&
    isTextIfAny(value['description']) &&
    isTextIfAny(value['customer_endpoint']) &&
    isTextIfAny(value['interface_address6']) &&
    isTextIfAny(value['created_on']) &&
    isTextIfAny(value['modified_on']) &&
    isFlagIfAny(value['replay_protection']) &&
    isFlagIfAny(value['automatic_return_routing']) &&
    isFlagIfAny(value['allow_null_cipher']) &&
    isGroupIfAny(value['custom_remote_identities'], ({ fqdn_id }) => isTextIfAny(fqdn_id)) &&
    isGroupIfAny(
      value['remote_identities'],
      ({ hex_id, fqdn_id, user_id }) => isTextIfAny(hex_id) && isTextIfAny(fqdn_id) && isTextIfAny(user_id),
    ) &&
    isGroupIfAny(value['psk_metadata'], ({ last_generated_on }) => isTextIfAny(last_generated_on)) &&
    isGroupIfAny(value['health_check'], isHealthCheck) &&
    isGroupIfAny(value['bgp'], isBgp) &&
    isGroupIfAny(value['bgp_status'], isBgpStatus)
  );
}

interface Group {
  readonly [field: string]: unknown;
}

function isHealthCheck({ enabled, rate, type, direction, target }: Group): boolean {
  return (
    isFlagIfAny(enabled) &&
    isTextIfAny(rate) &&
    isTextIfAny(type) &&
    isTextIfAny(direction) &&
    (typeof target === 'string' ||
      isGroupIfAny(target, ({ saved, effective }) => isTextIfAny(saved) && isTextIfAny(effective)))
  );
}

function isBgp({ customer_asn, md5_key, extra_prefixes, import_filter_id, export_filter_id }: Group): boolean {
  return (
    Number.isFinite(customer_asn) &&
    isTextIfAny(md5_key) &&
    (extra_prefixes === undefined ||
      (Array.isArray(extra_prefixes) && extra_prefixes.every((prefix) => typeof prefix === 'string'))) &&
    isTextIfAny(import_filter_id) &&
    isTextIfAny(export_filter_id)
  );
}

function isBgpStatus(status: Group): boolean {
  return (
    typeof status['state'] === 'string' &&
    isFlagIfAny(status['tcp_established']) &&
    isTextIfAny(status['updated_at']) &&
    isTextIfAny(status['bgp_state']) &&
    isTextIfAny(status['cf_speaker_ip']) &&
    isNumberIfAny(status['cf_speaker_port']) &&
    isTextIfAny(status['customer_speaker_ip']) &&
    isNumberIfAny(status['customer_speaker_port'])
  );
}

function isTextIfAny(value: unknown): boolean {
  return typeof value === 'string' || value === undefined;
}

function isFlagIfAny(value: unknown): boolean {
  return typeof value === 'boolean' || value === undefined;
}

/** JSON has numbers that are infinite here, which the schema takes for none. */
function isNumberIfAny(value: unknown): boolean {
  return Number.isFinite(value) || value === undefined;
}

/** A key of this name would be a value's own here, and is dropped by the schema. */
function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__');
}

function isGroupIfAny(value: unknown, isAsExpectedWithin: (group: Group) => boolean): boolean {
  return value === undefined || (isGroup(value) && isAsExpectedWithin(value));
}

/** The result of a create: the tunnel itself or, in older responses, a list of one under `ipsec_tunnels`. */
export const createdTunnelSchema = z.union([
  ipsecTunnelSchema,
  z.object({ ipsec_tunnels: z.tuple([ipsecTunnelSchema]) }).transform(({ ipsec_tunnels: [tunnel] }) => tunnel),
]);

/** The result of a list. */
export const tunnelListSchema = z.object({
  ipsec_tunnels: z.unknown().transform((entries, context): IpsecTunnel[] => {
    if (Array.isArray(entries)) {
      const tunnels = entries.flatMap((entry) => readIpsecTunnel(entry) ?? []);
      if (tunnels.length === entries.length) return tunnels;
    }
    context.issues.push({ code: 'custom', message: 'not a list of tunnels', input: entries });
    return z.NEVER;
  }),
});

/** The result of a get. */
export const tunnelResultSchema = z.object({ ipsec_tunnel: ipsecTunnelSchema });

/** The result of an update; without the tunnel where Cloudflare leaves it out. */
export const modifiedTunnelSchema = z.object({ modified: flag, modified_ipsec_tunnel: ipsecTunnelSchema.optional() });

/** The result of a delete; without the tunnel where Cloudflare leaves it out. */
export const deletedTunnelSchema = z.object({ deleted: flag, deleted_ipsec_tunnel: ipsecTunnelSchema.optional() });

/** The result of `psk_generate`: a secret, shown once, and never logged or stored. */
export const generatedPskSchema = z.looseObject({
  psk: z.string().min(1),
  ipsec_tunnel_id: text,
  /** The IKE identity of the router. */
  ipsec_id: text,
  psk_metadata: pskMetadataSchema,
});

/** Whether the tunnel says itself that it has a pre-shared key; the key is write-only. */
export function hasPreSharedKey({ psk_metadata }: Pick<IpsecTunnel, 'psk_metadata'>): boolean {
  return psk_metadata?.last_generated_on !== undefined;
}
