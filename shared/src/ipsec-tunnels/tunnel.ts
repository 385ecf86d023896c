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

/** The result of a create: the tunnel itself or, in older responses, a list of one under `ipsec_tunnels`. */
export const createdTunnelSchema = z.union([
  ipsecTunnelSchema,
  z.object({ ipsec_tunnels: z.tuple([ipsecTunnelSchema]) }).transform(({ ipsec_tunnels: [tunnel] }) => tunnel),
]);

/** The result of a list. */
export const tunnelListSchema = z.object({ ipsec_tunnels: z.array(ipsecTunnelSchema) });

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
