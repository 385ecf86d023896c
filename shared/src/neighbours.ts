// What an account has beside its IPsec tunnels, as far as this desk reads it: GRE tunnels, interconnects, BGP filter
// profiles and static routes. It only lists them.

import { z } from 'zod';
import type { Neighbour } from './ipsec-tunnels/conflicts.ts';

/** A field that is only read where it is as expected: of a list, one odd entry must not cost the others. */
const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);

const linkShape = { id: text, name: text, interface_address: text, interface_address6: text };

const greTunnelSchema = z.looseObject(linkShape);
/** Its name is in `name`, in `colo_name` or in both (SDK types). */
const interconnectSchema = z.looseObject({ ...linkShape, colo_name: text });
const bgpFilterProfileSchema = z.looseObject({
  id: z.string().min(1),
  name: text,
  description: text,
  /** `allow` or `deny`: what becomes of a route that matches. */
  match_action: text,
});
const routeSchema = z.looseObject({
  id: text,
  /** In CIDR. */
  prefix: z.string(),
  /** The address on the customer's side of a tunnel. */
  nexthop: z.string(),
  /** The lower, the earlier. */
  priority: number,
  description: text,
});

export type BgpFilterProfile = z.infer<typeof bgpFilterProfileSchema>;
export type Route = z.infer<typeof routeSchema>;

/** The entries that can be read; an empty list may be absent or `null` (SDK types). */
function listOf<Schema extends z.ZodType>(entry: Schema) {
  return z
    .array(z.unknown())
    .nullish()
    .transform((entries) => (entries ?? []).flatMap((each) => entry.safeParse(each).data ?? []));
}

/** The results of the four lists. */
export const greTunnelListSchema = z.object({ gre_tunnels: listOf(greTunnelSchema) });
export const interconnectListSchema = z.object({ interconnects: listOf(interconnectSchema) });
export const bgpFilterProfileListSchema = listOf(bgpFilterProfileSchema);
export const routeListSchema = z.object({ routes: listOf(routeSchema) });

/** GRE tunnels as neighbours of IPsec tunnels; one without a name is called by its ID. */
export function greNeighbours({ gre_tunnels }: z.infer<typeof greTunnelListSchema>): Neighbour[] {
  return gre_tunnels.map((tunnel) => ({ kind: 'gre', ...linkOf(tunnel, tunnel.name) }));
}

/** Interconnects as neighbours of IPsec tunnels; one without a name is called by its ID. */
export function interconnectNeighbours({ interconnects }: z.infer<typeof interconnectListSchema>): Neighbour[] {
  return interconnects.map((each) => ({ kind: 'interconnect', ...linkOf(each, each.name ?? each.colo_name) }));
}

function linkOf(
  { id = '', interface_address = '', interface_address6 }: z.infer<typeof greTunnelSchema>,
  name?: string,
) {
  return { name: name ?? id, interface_address, interface_address6 };
}
