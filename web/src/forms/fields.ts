// A form's fields in one table: its values, its empty form, its labels, and both ways between form and resource follow from it.

import { valueAt } from '@tunnel-desk/shared/value-at';

/** Numbers and lists are the text one typed. */
export type FieldValue = string | boolean;

/** One field. `Context` is what its ways to and from a resource depend on beside its value, such as the account. */
export interface Field<Value extends FieldValue, Context> {
  readonly label: string;
  readonly empty: Value;
  /** What the request carries for the value, right or wrong; `undefined` leaves the field out. */
  toRequest(value: Value, context: Context): unknown;
  /** The value for what a resource, or a fix of the request, has there; `undefined` where it has nothing. */
  fromResource(found: unknown, context: Context): Value;
  /** Whether a value of unknown origin, such as a stored one, is one this field can hold. */
  accepts(value: unknown): value is Value;
  /**
   * What a request carries so that what a resource has there is removed, or is again as the API has it by default; absent
   * where leaving the field out is all that can be done.
   */
  readonly cleared?: unknown;
  /** Puts a fix for one entry, named by its place in the list, in the field's text. Only for fields that hold a list. */
  fixEntry?(value: Value, entry: number, fixed: string): Value;
  /** Whether a text that is wrong as it stands may still become right by typing on. */
  isUnfinished?(text: string): boolean;
  /** Never stored, and never shown unasked. */
  readonly isSecret?: true;
  /** No secret, and yet nobody else's to read: never in a link. */
  readonly isPrivate?: true;
}

/**
 * Fields by name. The name of a field of the request is its path there, joined by slashes (`bgp/customer_asn`); one that
 * the form alone has is in camelCase.
 */
export type Fields<Context> = Readonly<Record<string, Field<FieldValue, Context>>>;

/** The values of a form with these fields. */
export type ValuesOf<AnyFields> = {
  readonly [Name in keyof AnyFields]: AnyFields[Name] extends { readonly empty: infer Value } ? Value : never;
};

/** The path of every field in a request of this type, joined by slashes. */
export type FieldPath<Request> = {
  [Key in keyof Request & string]: NonNullable<Request[Key]> extends infer Value
    ? [Value] extends [readonly unknown[]]
      ? Key
      : [Value] extends [object]
        ? `${Key}/${FieldPath<Value>}`
        : Key
    : never;
}[keyof Request & string];

/** A form: its fields, and which of them are sent. */
export interface FormDefinition<AnyFields extends Fields<Context>, Context> {
  readonly fields: AnyFields;
  /** Groups of the request that a switch of the form turns on: the group's name, and the switch's. */
  readonly groups: Readonly<Record<string, keyof AnyFields & string>>;
  /** Fields that are only sent while something holds. */
  readonly sentWhen: { readonly [Name in keyof AnyFields]?: (values: ValuesOf<AnyFields>) => boolean };
}

/** The request as the form stands, right or wrong. What was left alone or switched off is absent. */
export function toRequest<AnyFields extends Fields<Context>, Context>(
  definition: FormDefinition<AnyFields, Context>,
  values: ValuesOf<AnyFields>,
  context: Context,
): Record<string, unknown> {
  return buildRequest(definition, values, (name, value) => definition.fields[name]?.toRequest(value, context));
}

/** A request of what `sentFor` makes of each field that is not switched off; `undefined` leaves the field out. */
export function buildRequest<AnyFields extends Fields<Context>, Context>(
  { fields, groups, sentWhen }: FormDefinition<AnyFields, Context>,
  values: ValuesOf<AnyFields>,
  sentFor: (name: keyof AnyFields & string, value: FieldValue) => unknown,
): Record<string, unknown> {
  const request: Record<string, unknown> = {};
  for (const name of namesOf(fields)) {
    const [group = '', member] = name.split('/');
    const groupSwitch = groups[group];
    if (groupSwitch !== undefined && values[groupSwitch] !== true) continue;
    if (groupSwitch !== undefined) request[group] ??= {};
    const sent = sentWhen[name]?.(values) === false ? undefined : sentFor(name, valueIn(fields, name, values));
    if (sent === undefined) continue;
    if (member === undefined) request[group] = sent;
    else request[group] = { ...Object(request[group]), [member]: sent };
  }
  return request;
}

/** The form that would send this resource. What the resource does not tell, such as a secret, is empty. */
export function fromResource<AnyFields extends Fields<Context>, Context>(
  { fields, groups }: FormDefinition<AnyFields, Context>,
  resource: object,
  context: Context,
): ValuesOf<AnyFields> {
  return valuesFrom(fields, (name) => {
    const group = Object.keys(groups).find((each) => groups[each] === name);
    if (group !== undefined) return valueAt(resource, [group]) !== undefined;
    return fields[name]?.fromResource(valueAt(resource, name.split('/')), context);
  });
}

export function emptyValues<AnyFields extends Fields<never>>(fields: AnyFields): ValuesOf<AnyFields> {
  return valuesFrom(fields, () => undefined);
}

/** Values of unknown origin as this form can hold them: what a field does not accept is empty. */
export function valuesFrom<AnyFields extends Fields<never>>(
  fields: AnyFields,
  find: (name: keyof AnyFields & string) => unknown,
): ValuesOf<AnyFields> {
  const values: Record<string, unknown> = {};
  for (const name of namesOf(fields)) {
    const value = find(name);
    values[name] = fields[name]?.accepts(value) ? value : fields[name]?.empty;
  }
  if (!isValues(fields, values)) throw new Error('a field does not accept its own empty value');
  return values;
}

/** Whether the value of this field is never in a link to the form's draft. */
export function isUnshared<AnyFields extends Fields<never>>(fields: AnyFields, name: string): boolean {
  return fields[name]?.isSecret === true || fields[name]?.isPrivate === true;
}

/** The names of the fields, in the order of the form. */
export function namesOf<AnyFields extends object>(fields: AnyFields): (keyof AnyFields & string)[] {
  return Object.keys(fields).filter((name): name is keyof AnyFields & string => Object.hasOwn(fields, name));
}

/** The field that a path of the request belongs to: `['bgp', 'extra_prefixes', 1]` → `bgp/extra_prefixes`. */
export function fieldAt<AnyFields extends Fields<Context>, Context>(
  { fields, groups }: FormDefinition<AnyFields, Context>,
  path: readonly (string | number)[],
): (keyof AnyFields & string) | undefined {
  const names = namesOf(fields);
  for (let length = path.length; length > 0; length--) {
    const name = names.find((each) => each === path.slice(0, length).join('/'));
    if (name !== undefined) return name;
  }
  return groups[String(path[0])];
}

/** A value of unknown origin as the field can hold it. */
export function readValue<AnyFields extends Fields<never>, Name extends keyof AnyFields & string>(
  fields: AnyFields,
  name: Name,
  value: unknown,
): ValuesOf<AnyFields>[Name] {
  return isValueOf(fields, name, value) ? value : emptyValues(fields)[name];
}

function isValueOf<AnyFields extends Fields<never>, Name extends keyof AnyFields & string>(
  fields: AnyFields,
  name: Name,
  value: unknown,
): value is ValuesOf<AnyFields>[Name] {
  return fields[name]?.accepts(value) ?? false;
}

function isValues<AnyFields extends Fields<never>>(
  fields: AnyFields,
  values: Readonly<Record<string, unknown>>,
): values is ValuesOf<AnyFields> {
  return namesOf(fields).every((name) => fields[name]?.accepts(values[name]));
}

/** The values as the form library holds them. */
export function rawValues<AnyFields extends Fields<never>>(
  fields: AnyFields,
  values: ValuesOf<AnyFields>,
): Record<string, FieldValue> {
  return Object.fromEntries(namesOf(fields).map((name) => [name, valueIn(fields, name, values)]));
}

/** The value of a field by its name. */
export function valueIn<AnyFields extends Fields<never>>(
  fields: AnyFields,
  name: keyof AnyFields & string,
  values: ValuesOf<AnyFields>,
): FieldValue {
  const value: unknown = values[name];
  return typeof value === 'string' || typeof value === 'boolean' ? value : (fields[name]?.empty ?? '');
}
