// What only a person can tell about the router at the other end of a tunnel. No secret is among it.

import { z } from 'zod';
import { parseIpv4 } from '../ip/address.ts';
import { parseCidr } from '../ip/cidr.ts';
import { cloudflareIdentifier, extraPrefix } from '../ipsec-tunnels/fields.ts';
import { closedObject, textField } from '../issues.ts';
import { ROUTER_KINDS } from './kinds.ts';

export const ROUTINGS = ['bgp', 'static'] as const;
export type Routing = (typeof ROUTINGS)[number];

/** `strongest`: AES-256-GCM with PRF SHA-384. `compatible`: AES-256-CBC with SHA-256, for routers without GCM in IKE. */
export const PROPOSALS = ['strongest', 'compatible'] as const;
export type Proposals = (typeof PROPOSALS)[number];

/** Letters, digits and what interface names are written with: nothing that ends a word in any configuration. */
const INTERFACE_NAME_PATTERN = /^[a-z0-9][a-z0-9._/:-]{0,31}$/i;
const MAX_PREFIXES = 100;

export const uplinkName = textField((text) =>
  INTERFACE_NAME_PATTERN.test(text)
    ? undefined
    : { message: 'must be the name of an interface, such as eth0: letters, digits and . _ / : -, at most 32' },
);

export const ipv4Address = textField((text) =>
  parseIpv4(text) ? undefined : { message: 'must be an IPv4 address, such as 192.168.1.2' },
);

/** A network prefix of IPv4: what the Magic routing table is documented for. */
export const ipv4Prefix = extraPrefix.refine((text) => parseCidr(text)?.address.version === 4, {
  error: 'must be an IPv4 prefix',
});

const prefixes = z.array(ipv4Prefix).max(MAX_PREFIXES);

/** Closed: a key that strayed into it is refused, and never kept. */
export const routerSettingsSchema = closedObject({
  kind: z.enum(ROUTER_KINDS),
  /** The router's interface to the internet, by the name it has there. Absent for what has none. */
  uplink: uplinkName.optional(),
  /** Whether its address on that interface is another than the customer endpoint. */
  isBehindNat: z.boolean(),
  /** Its own address on that interface, where it is behind NAT and its configuration names it. */
  localAddress: ipv4Address.optional(),
  /** The networks behind the router. */
  lanPrefixes: prefixes,
  routing: z.enum(ROUTINGS),
  /** What the router reaches through Cloudflare by static routes. */
  remotePrefixes: prefixes,
  proposals: z.enum(PROPOSALS),
  /** Another tunnel to the same router, whose configuration is made together with this one's. */
  pairedWith: cloudflareIdentifier.optional(),
});
export type RouterSettings = z.infer<typeof routerSettingsSchema>;

/** The settings that were kept for one tunnel of an account. */
export const keptRouterSettingsSchema = z.object({ tunnelId: z.string(), settings: routerSettingsSchema });
export type KeptRouterSettings = z.infer<typeof keptRouterSettingsSchema>;
