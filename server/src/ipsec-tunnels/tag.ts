// The entity tag of a tunnel (RFC 9110 section 8.8.3), which this desk makes, because Cloudflare has no versions: a page says
// by it which tunnel its change began from.

import { hash } from 'node:crypto';
import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { withTargetAs } from './recorded.ts';

/** What changes by itself. */
const LIVE_FIELDS = new Set(['bgp_status']);
const TAGGED_FIELDS = Object.keys(ipsecTunnelSchema.shape).filter((field) => !LIVE_FIELDS.has(field));

/** Equal for tunnels whose values are, in whichever form of the health-check target they were read. */
export function tagOf(tunnel: IpsecTunnel): string {
  const values = Object.entries(withTargetAs('string', tunnel)).filter(([field]) => TAGGED_FIELDS.includes(field));
  return `"${hash('sha256', JSON.stringify(sorted(Object.fromEntries(values))), 'base64url').slice(0, 32)}"`;
}

/** Whether an `If-Match` header, in the form of RFC 9110 section 13.1.1, holds for the tag; `undefined` for another form. */
export function matches(ifMatch: string, tag: string): boolean | undefined {
  if (ifMatch.trim() === '*') return true;
  const tags = ifMatch.split(',').map((each) => each.trim());
  return tags.every((each) => /^(?:W\/)?"[!#-~]*"$/.test(each)) ? tags.includes(tag) : undefined;
}

/** The value with the keys of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
}
