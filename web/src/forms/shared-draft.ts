// A form's draft in the fragment of a link, which no server gets to see: for somebody else to go on with. No key is in it.

import { type Fields, isUnshared, namesOf, type ValuesOf, valuesFrom } from './fields.ts';

const PREFIX = '#draft=';
/** Grows when older pages would misread a newer link. */
const VERSION = '1';

/** What a link holds. */
export type SharedDraft<Values> =
  | {
      readonly kind: 'draft';
      readonly values: Values;
      /** The labels of fields that were filled, and whose values are never in a link. */
      readonly withheld: readonly string[];
      /** How many entries this form has no field for, or its field does not accept. */
      readonly ignoredCount: number;
    }
  /** Made by a later version of the desk. */
  | { readonly kind: 'newer' }
  /** Cut short, or never a draft. */
  | { readonly kind: 'broken' };

export function hasDraft(fragment: string): boolean {
  return fragment.startsWith(PREFIX);
}

/** The draft as the fragment of a link, `#` included: what differs from an empty form, and is neither secret nor private. */
export function toFragment<AnyFields extends Fields<never>>(fields: AnyFields, values: ValuesOf<AnyFields>): string {
  const filled = filledEntries(fields, values);
  const draft = {
    values: Object.fromEntries(filled.filter(([name]) => !isUnshared(fields, name))),
    withheld: filled.flatMap(([name]) => (isUnshared(fields, name) ? [name] : [])),
  };
  return `${PREFIX}${VERSION}.${toBase64Url(JSON.stringify(draft))}`;
}

/** The labels of the filled fields that stay out of a link. */
export function withheldLabels<AnyFields extends Fields<never>>(
  fields: AnyFields,
  values: ValuesOf<AnyFields>,
): string[] {
  return labelsOf(
    fields,
    filledEntries(fields, values).map(([name]) => name),
  );
}

/** Reads the fragment of a link. Every value is one that its field accepts; a key is not read even where there is one. */
export function fromFragment<AnyFields extends Fields<never>>(
  fields: AnyFields,
  fragment: string,
): SharedDraft<ValuesOf<AnyFields>> {
  const [, version, encoded] = /^#draft=(\d+)\.([\w-]*)$/.exec(fragment) ?? [];
  if (version === undefined || encoded === undefined) return { kind: 'broken' };
  if (version !== VERSION) return { kind: 'newer' };
  const draft = parseJson(fromBase64Url(encoded));
  if (!isObject(draft) || !isObject(draft['values'])) return { kind: 'broken' };
  const entries = new Map(Object.entries(draft['values']));
  const isRead = (name: string) =>
    !isUnshared(fields, name) && Object.hasOwn(fields, name) && fields[name]?.accepts(entries.get(name)) === true;
  const withheld: unknown = draft['withheld'];
  return {
    kind: 'draft',
    values: valuesFrom(fields, (name) => (isRead(name) ? entries.get(name) : undefined)),
    withheld: labelsOf(fields, Array.isArray(withheld) ? withheld : []),
    ignoredCount: [...entries.keys()].filter((name) => !isRead(name)).length,
  };
}

function filledEntries<AnyFields extends Fields<never>>(
  fields: AnyFields,
  values: ValuesOf<AnyFields>,
): (readonly [name: keyof AnyFields & string, value: unknown])[] {
  return namesOf(fields).flatMap((name) => (values[name] === fields[name]?.empty ? [] : [[name, values[name]]]));
}

/** Of those among the names that never are in a link. */
function labelsOf<AnyFields extends Fields<never>>(fields: AnyFields, names: readonly unknown[]): string[] {
  return namesOf(fields).flatMap((name) =>
    names.includes(name) && isUnshared(fields, name) ? [fields[name]?.label ?? name] : [],
  );
}

/** RFC 4648 section 5, without padding. */
function toBase64Url(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(encoded: string): string | undefined {
  try {
    const bytes = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
