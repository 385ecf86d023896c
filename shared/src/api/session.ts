// What the page needs to know before the first field: GET /api/session.

import { z } from 'zod';
import { INTERFACE_ADDRESS_RULES } from '../ipsec-tunnels/interface-address.ts';

export const accountSchema = z.object({ id: z.string(), label: z.string() });
export type Account = z.infer<typeof accountSchema>;

/** An account in which the person may at least read and validate. */
const sessionAccountSchema = accountSchema.extend({
  /** Whether they may create, update and delete too. */
  mayChange: z.boolean(),
});
export type SessionAccount = z.infer<typeof sessionAccountSchema>;

export const sessionSchema = z.object({
  /** `sandbox`: nothing reaches Cloudflare. */
  mode: z.enum(['sandbox', 'cloudflare']),
  /** Who uses the desk, and where they end their session if it is the desk's own. */
  person: z.object({ name: z.string(), signOutPath: z.string().optional() }),
  accounts: z.array(sessionAccountSchema),
  rules: z.object({
    interfaceAddressRules: z.enum(INTERFACE_ADDRESS_RULES),
    virtualSubnet6: z.string().optional(),
    /** The IPv4 prefixes a free interface address is looked for in; those the account's tunnels use when absent. */
    interfaceAddressPool: z.array(z.string()).optional(),
  }),
  /** The anycast addresses Cloudflare assigned, offered as choices. */
  cloudflareEndpoints: z.array(z.string()),
  version: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;
