// What a change did to the values of an IPsec tunnel, and all the values of a recorded one: in the words of the form, where
// they have some.

import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';

export interface ShownValue {
  /** Where it is in the object: `health_check.rate`. */
  readonly path: string;
  /** What the form calls it; absent for what is not in the form. */
  readonly label: string | undefined;
  /** `undefined` where it is not set. */
  readonly text: string | undefined;
}

export interface ValueChange extends Omit<ShownValue, 'text'> {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const LABELS: ReadonlyMap<string, string> = new Map(Object.entries(IPSEC_TUNNEL_LABELS));
/** What holds where nothing is set (API reference). */
const DEFAULTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['replay_protection', false],
  ['automatic_return_routing', false],
  ['health_check.enabled', true],
  ['health_check.rate', 'mid'],
  ['health_check.type', 'reply'],
]);

/**
 * The values that differ between what a tunnel was and what was sent for it, in the order of the form. What can't be sent is
 * left out, such as its ID; so is what means the same, such as an empty description and none.
 */
export function valueChanges(before: object, request: object): ValueChange[] {
  const [old, sent] = [leavesOf(before), leavesOf(request)];
  const paths = new Set([...LABELS.keys(), ...sent.keys()]);
  return [...paths].flatMap((path) => {
    const [from, to] = [old.get(path), sent.get(path)];
    if (meaningOf(path, from) === meaningOf(path, to)) return [];
    return { path, label: LABELS.get(path), before: textOf(from), after: textOf(to) };
  });
}

/** All values of an object that are set: those of the form first, in its order. */
export function valuesOf(recorded: object): ShownValue[] {
  const leaves = leavesOf(recorded);
  const paths = new Set([...LABELS.keys(), ...leaves.keys()]);
  return [...paths].flatMap((path) => {
    const text = textOf(leaves.get(path));
    return text === undefined ? [] : { path, label: LABELS.get(path), text };
  });
}

/** By their dotted paths; a list is one value. */
function leavesOf(object: object, prefix = ''): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  for (const [key, value] of Object.entries(object)) {
    const path = prefix + key;
    if (path === 'health_check.target') leaves.set(path, savedTarget(value));
    else if (isGroup(value)) for (const [inner, leaf] of leavesOf(value, `${path}.`)) leaves.set(inner, leaf);
    else leaves.set(path, value);
  }
  return leaves;
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A target is written as an address, or as an object whose `saved` is the address that was set. */
function savedTarget(value: unknown): unknown {
  if (!isGroup(value)) return value;
  return 'saved' in value ? value.saved : undefined;
}

function meaningOf(path: string, value: unknown): string | undefined {
  return textOf(isSet(value) ? value : DEFAULTS.get(path));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function textOf(value: unknown): string | undefined {
  if (!isSet(value)) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ');
  return JSON.stringify(value);
}
