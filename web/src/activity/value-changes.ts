// What a change did to the values of an IPsec tunnel, and all the values of a recorded one: in the words of the form, where
// they have some. The pre-shared key is never among them.

import { differences, leaves } from '@tunnel-desk/shared/ipsec-tunnels/differences';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';

export interface ShownValue {
  /** Where it is in the object: `health_check.rate`. */
  readonly path: string;
  /** What the form calls it; absent for what is not in the form. */
  readonly label: string | undefined;
  readonly text: string;
}

export interface ValueChange extends Omit<ShownValue, 'text'> {
  /** `undefined` where it was not set, or is not any more. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const LABELS: ReadonlyMap<string, string> = new Map(Object.entries(IPSEC_TUNNEL_LABELS));
const PSK = 'psk';

/**
 * The values that differ between what a tunnel was and what was sent for it, in the order of the form. What can't be sent is
 * left out, such as its ID; so is what means the same, such as an empty description and none.
 */
export function valueChanges(before: object, request: object): ValueChange[] {
  const sent = new Map(differences(request, before).map(({ field, asked }) => [field, asked]));
  const lost = new Map(differences(before, request).map(({ field, asked }) => [field, asked]));
  return inOrder(sent).flatMap((path) => {
    if (!sent.has(path) && !lost.has(path)) return [];
    return { path, label: LABELS.get(path), before: textOf(lost.get(path)), after: textOf(sent.get(path)) };
  });
}

/** All values of an object that are set: those of the form first, in its order. */
export function valuesOf(recorded: object): ShownValue[] {
  const values = new Map(leaves(recorded));
  return inOrder(values).flatMap((path) => {
    const text = textOf(values.get(path));
    return text === undefined ? [] : { path, label: LABELS.get(path), text };
  });
}

/** The paths of the form, and behind them the others of these values. */
function inOrder(values: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...LABELS.keys(), ...values.keys()])].filter((path) => path !== PSK);
}

/** `undefined` where nothing is set. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.map((each) => textOf(each) ?? 'nothing').join(', ') || undefined;
  // Of a target what was set; what is in effect follows from it.
  if (typeof value === 'object' && 'saved' in value) return textOf(value.saved);
  return JSON.stringify(value);
}
