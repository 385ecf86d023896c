// The tunnel as Cloudflare answers it.

import { z } from 'zod';

/** An optional field that is only read where it is as expected: an answer is not worth losing for it, `null` least of all. */
function ifReadable<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

/**
 * What this project reads of an answered tunnel. Loose, because Cloudflare adds fields over time;
 * `psk` is never among them: it is write-only.
 */
export const ipsecTunnelSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  cloudflare_endpoint: z.string(),
  interface_address: z.string(),
  description: ifReadable(z.string()),
  customer_endpoint: ifReadable(z.string()),
  interface_address6: ifReadable(z.string()),
  created_on: ifReadable(z.string()),
  custom_remote_identities: ifReadable(z.looseObject({ fqdn_id: ifReadable(z.string()) })),
  /** When its key was set; that it has one, and never the key. */
  psk_metadata: ifReadable(z.looseObject({ last_generated_on: ifReadable(z.string()) })),
  bgp: ifReadable(z.looseObject({ customer_asn: z.number() })),
});

export type IpsecTunnel = z.infer<typeof ipsecTunnelSchema>;

/** The result of a create: the tunnel itself or, in older answers, a list of one under `ipsec_tunnels`. */
export const createdTunnelSchema = z.union([
  ipsecTunnelSchema,
  z.object({ ipsec_tunnels: z.tuple([ipsecTunnelSchema]) }).transform(({ ipsec_tunnels: [tunnel] }) => tunnel),
]);

/** The result of a list. */
export const tunnelListSchema = z.object({ ipsec_tunnels: z.array(ipsecTunnelSchema) });
