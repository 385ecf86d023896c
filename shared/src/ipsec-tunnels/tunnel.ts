// The tunnel as Cloudflare answers it.

import { z } from 'zod';

/**
 * What this project reads of an answered tunnel. Loose, because Cloudflare adds fields over time;
 * `psk` is never among them: it is write-only.
 */
export const ipsecTunnelSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  cloudflare_endpoint: z.string(),
  interface_address: z.string(),
  description: z.string().optional(),
  customer_endpoint: z.string().optional(),
  interface_address6: z.string().optional(),
  created_on: z.string().optional(),
  modified_on: z.string().optional(),
  replay_protection: z.boolean().optional(),
  automatic_return_routing: z.boolean().optional(),
  custom_remote_identities: z.looseObject({ fqdn_id: z.string().optional() }).optional(),
  bgp: z.looseObject({ customer_asn: z.number() }).optional(),
});

export type IpsecTunnel = z.infer<typeof ipsecTunnelSchema>;

/** The result of a create: the tunnel itself or, in older answers, a list of one under `ipsec_tunnels`. */
export const createdTunnelSchema = z.union([
  ipsecTunnelSchema,
  z.object({ ipsec_tunnels: z.tuple([ipsecTunnelSchema]) }).transform(({ ipsec_tunnels: [tunnel] }) => tunnel),
]);

/** The result of a list. */
export const tunnelListSchema = z.object({ ipsec_tunnels: z.array(ipsecTunnelSchema) });
