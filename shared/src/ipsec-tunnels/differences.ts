// Where a tunnel is not as a request asks for it, whatever way Cloudflare writes the same value.

import { formatIp, parseIp } from '../ip/address.ts';
import { formatCidr, parseCidr } from '../ip/cidr.ts';
import { valueAt } from '../value-at.ts';

/** A field that a request asks for and a tunnel has otherwise. */
export interface Difference {
  /** Its dotted path, such as `bgp.customer_asn`. */
  readonly field: string;
  readonly asked: unknown;
  /** `undefined` where the tunnel has nothing there. */
  readonly found: unknown;
}

/** Of the fields that a tunnel does not tell; a key is write-only. */
const NOT_TOLD = new Set(['psk']);
/** What Cloudflare takes where a response leaves a field out. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  replay_protection: false,
  automatic_return_routing: false,
  'health_check.enabled': true,
  'health_check.rate': 'mid',
  'health_check.type': 'reply',
};

/**
 * Every field of the request whose value the tunnel does not have. What the request leaves out is not compared. An empty text
 * is an absent one, IPv6 has many spellings, and a health-check target may stand in an object.
 */
export function differences(request: object, tunnel: object): Difference[] {
  return [...leaves(request)].flatMap(([field, asked]) => {
    if (NOT_TOLD.has(field)) return [];
    const found = valueAt(tunnel, field.split('.'));
    return isSameValue(field, asked, found) ? [] : [{ field, asked, found }];
  });
}

/** Whether two values of a field say the same. `undefined` stands for none, which is the same as Cloudflare's default. */
export function isSameValue(field: string, one: unknown, other: unknown): boolean {
  return one === other || canonical(field, one) === canonical(field, other);
}

/** The fields of a request or a tunnel by their dotted paths; a list and a health-check target are one value each. */
export function* leaves(value: object, prefix = ''): Iterable<readonly [field: string, value: unknown]> {
  for (const [key, each] of Object.entries(value)) {
    const field = prefix + key;
    const isGroup = typeof each === 'object' && each !== null && !Array.isArray(each) && key !== 'target';
    if (isGroup) yield* leaves(each, `${field}.`);
    else if (each !== undefined) yield [field, each];
  }
}

/** The value of a field in JSON, in the one way in which it is compared. */
export function canonical(field: string, value: unknown): string {
  return JSON.stringify(plain(value) ?? DEFAULTS[field] ?? null);
}

/** The value in the one way in which it is compared; `undefined` for none. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(plain).toSorted();
  if (typeof value === 'object' && value !== null && 'saved' in value) return plain(value.saved);
  if (typeof value === 'object') return undefined;
  return value;
}

function plainText(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const address = parseIp(trimmed);
  if (address !== undefined) return formatIp(address);
  const prefix = parseCidr(trimmed);
  return prefix === undefined ? trimmed : formatCidr(prefix);
}
