// The kinds of fields that forms are made of.

import type { Field } from './fields.ts';

interface TextOptions {
  isUnfinished?(text: string): boolean;
}

/** A text on one line; white space around a pasted value is not sent, and an empty one is left out. */
export function text(label: string, options: TextOptions = {}): Field<string, unknown> {
  return { ...freeText(label), toRequest: (value) => value.trim() || undefined, ...options };
}

/** A text that is sent exactly as it was typed. */
export function freeText(label: string): Field<string, unknown> {
  return {
    label,
    empty: '',
    toRequest: (value) => value || undefined,
    fromResource: (found) => (typeof found === 'string' ? found : ''),
    accepts: isText,
  };
}

/** A secret, sent as it was typed even where it is empty. No resource tells it. */
export function secret(label: string): Field<string, unknown> {
  return { ...freeText(label), toRequest: (value) => value, fromResource: () => '', isSecret: true };
}

/** A switch; left out while it is as the API has it by default. */
export function flag(label: string, byDefault: boolean): Field<boolean, unknown> {
  return {
    label,
    empty: byDefault,
    cleared: byDefault,
    toRequest: (value) => (value === byDefault ? undefined : value),
    fromResource: (found) => (typeof found === 'boolean' ? found : byDefault),
    accepts: (value) => typeof value === 'boolean',
  };
}

/** One of some words; left out while it is as the API has it by default. */
export function choice<Word extends string>(
  label: string,
  words: readonly Word[],
  byDefault: Word,
): Field<Word, unknown> {
  const accepts = (value: unknown): value is Word => words.some((word) => word === value);
  return {
    label,
    empty: byDefault,
    cleared: byDefault,
    toRequest: (value) => (value === byDefault ? undefined : value),
    fromResource: (found) => (accepts(found) ? found : byDefault),
    accepts,
  };
}

/** A field that the form alone has: it is never sent. */
export function formOnly<Value extends string | boolean, Context>(field: Field<Value, Context>): Field<Value, Context> {
  return { ...field, toRequest: () => undefined };
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
