// Parses an upstream's JSON so that no secret of the call survives in it, whatever the upstream chose to repeat.

import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { parseIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr } from '@tunnel-desk/shared/ip/cidr';
import { createdTunnelSchema, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import { type HiddenSecret, readingsOf } from './hidden-secret.ts';
import { NEIGHBOUR_LISTS } from './neighbour-lists.ts';

/** A secret, and what of the call that it belongs to a response may repeat. */
export interface Sought {
  readonly secret: HiddenSecret;
  /** What that call sent outside its secrets, which stands on the page and in the audit log anyway. */
  readonly sent: Sent;
  /** Whether the response is to another call, about tunnels that have nothing to do with the secret. */
  readonly isOfOtherCall: boolean;
}

/** Texts, trimmed as they may come back, and numbers. */
export type Sent = ReadonlySet<string | number>;

/** Every text and number in the value. */
export function valuesIn(value: unknown): Sent {
  const found = new Set<string | number>();
  JSON.stringify(value, (_key, each) => {
    if (typeof each === 'string') found.add(each.trim());
    if (typeof each === 'number') found.add(each);
    return each;
  });
  return found;
}

/**
 * The parsed text without any key named `psk` and with every secret blacked out, in whatever spelling, in strings and in
 * keys; a number that is a secret is 0. `undefined` when the text is not JSON.
 *
 * What stays, so that no secret can hide what became of a tunnel: the names of Cloudflare's own fields, and what the
 * secret's own call sent beside it. A secret under 8 characters may be a part of anything, so for it IDs, times and
 * addresses stay too, and in the response to another call every field of a tunnel that is not the secret alone.
 */
export function withoutSecrets(text: string, sought: readonly Sought[]): unknown {
  return cleanJson(text, sought)?.value;
}

/** The same, and whether the text can be passed on as it is, because nothing had to be looked for in its values. */
export function cleanJson(
  text: string,
  sought: readonly Sought[],
): { readonly value: unknown; readonly isClean: boolean } | undefined {
  const isClean = !mayHold(text, sought);
  try {
    return { value: JSON.parse(text, isClean ? undefined : scrubber(sought)), isClean };
  } catch {
    return undefined;
  }
}

/** Whether a header's value repeats a secret; one under 8 characters may be a part of a ray ID, a number or a date. */
export function repeatsSecret(value: string, sought: readonly Sought[]): boolean {
  return sought.some(
    ({ secret }) => secret.isIn(value) && !(secret.isShort && !secret.is(value) && STRUCTURAL_HEADER.test(value)),
  );
}

const STRUCTURAL_HEADER =
  /^(?:[0-9a-f]{16}-[A-Z]{3}|\d{1,4}|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT)$/;

/**
 * Whether the text needs the slow path, which takes 20 times as long: a key named `psk` may stand in it, or a secret, or a
 * number that is one. The quotation marks spare `psk_metadata`, which is in every response about a tunnel.
 */
function mayHold(text: string, sought: readonly Sought[]): boolean {
  if (text.includes('"psk"') || text.includes('\\u')) return true;
  const readings = readingsOf(text);
  return sought.some(({ secret }) => secret.isNumeric || secret.isInAny(readings));
}

function scrubber(sought: readonly Sought[]) {
  const clean = (text: string, field?: string): string =>
    sought.reduce((rest, each) => (mayStay(rest, each, field) ? rest : each.secret.blackOut(rest)), text);
  const cleanName = (name: string): string => (fieldNames().has(name) ? name : clean(name));
  const cleanNumber = (value: number): number =>
    sought.some(({ secret, sent }) => secret.isNumber(value) && !sent.has(value)) ? 0 : value;
  return (key: string, value: unknown): unknown => {
    if (key === 'psk') return undefined;
    if (typeof value === 'string') return clean(value, key);
    if (typeof value === 'number') return cleanNumber(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [cleanName(name), entry]));
  };
}

function mayStay(text: string, { secret, sent, isOfOtherCall }: Sought, field: string | undefined): boolean {
  if (sent.has(text.trim())) return true;
  if (!secret.isShort || secret.is(text)) return false;
  return isStructural(text) || (isOfOtherCall && field !== undefined && tunnelFieldNames().has(field));
}

const ID = /^[0-9a-f]{32}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

function isStructural(text: string): boolean {
  return ID.test(text) || TIME.test(text) || parseIp(text) !== undefined || parseCidr(text) !== undefined;
}

/** The names of a tunnel's fields, at every depth. */
const tunnelFieldNames = once(() => new Set(namesIn(ipsecTunnelSchema)));

/** And those of what a tunnel comes in, and of the lists of its neighbours. */
const fieldNames = once(() => {
  const results = [createdTunnelSchema, ...NEIGHBOUR_LISTS.map(({ result }) => result)];
  return new Set([envelopeSchema, ...results].flatMap(namesIn)).add('result_info');
});

function namesIn(schema: z.ZodType): string[] {
  const names: string[] = [];
  JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), (_key, value) => {
    if (typeof value === 'object' && value !== null && 'properties' in value)
      names.push(...Object.keys(value.properties));
    return value;
  });
  return names;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
