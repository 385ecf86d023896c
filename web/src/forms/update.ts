// A form on a resource that exists: the complete request of an update, what it changes, and what becomes of a form when
// somebody else changed the resource meanwhile.

import { valueAt } from '@tunnel-desk/shared/value-at';
import {
  buildRequest,
  type Fields,
  type FieldValue,
  type FormDefinition,
  fromResource,
  namesOf,
  type ValuesOf,
  valueIn,
  valuesFrom,
} from './fields.ts';

/**
 * The complete request that makes the resource what the form says. What the form leaves alone goes out exactly as the
 * resource has it, whatever the form can show of it. What is removed is sent as its field's `cleared` where it has one.
 */
export function toUpdateRequest<AnyFields extends Fields<Context>, Context>(
  definition: FormDefinition<AnyFields, Context>,
  resource: object,
  values: ValuesOf<AnyFields>,
  context: Context,
  /** The groups in which every field is written, whether the resource has it or not. */
  wholeGroups: readonly string[],
): Record<string, unknown> {
  const { fields } = definition;
  const before = fromResource(definition, resource, context);
  return buildRequest(definition, values, (name, value) => {
    const path = name.split('/');
    const there = valueAt(resource, path);
    const isThere = !isEmpty(there);
    const isPlain = typeof there !== 'object' || Array.isArray(there);
    if (isThere && isPlain && value === valueIn(fields, name, before)) return there;
    const sent = fields[name]?.toRequest(value, context);
    const [group = ''] = path;
    return sent ?? (isThere || wholeGroups.includes(group) ? fields[name]?.cleared : undefined);
  });
}

/** A field whose value differs, each side as a request would carry it. */
export interface FieldChange<Name extends string = string> {
  readonly field: Name;
  readonly from: unknown;
  readonly to: unknown;
}

/** What the second form says that the first does not, in the order of the fields. A secret is a change wherever it is sent. */
export function changesBetween<AnyFields extends Fields<Context>, Context>(
  definition: FormDefinition<AnyFields, Context>,
  before: ValuesOf<AnyFields>,
  after: ValuesOf<AnyFields>,
  context: Context,
): FieldChange<keyof AnyFields & string>[] {
  return namesOf(definition.fields).flatMap((field): FieldChange<keyof AnyFields & string>[] => {
    if (definition.fields[field]?.isSecret) {
      return definition.sentWhen[field]?.(after) === false ? [] : [{ field, from: undefined, to: undefined }];
    }
    if (!isSwitchedOn(definition, field, after)) return [];
    const from = isSwitchedOn(definition, field, before) ? meaningOf(definition, field, before, context) : undefined;
    const to = meaningOf(definition, field, after, context);
    return isSame(from, to) ? [] : [{ field, from, to }];
  });
}

/** A field that somebody else changed to another value than the form's. */
export interface MergedField<Name extends string = string> {
  readonly field: Name;
  readonly yours: FieldValue;
  readonly theirs: FieldValue;
  /** Whether both changed it: else only they did. */
  readonly isConflict: boolean;
}

export interface Merge<AnyFields extends Fields<never>> {
  /** Your changes on top of theirs. */
  readonly values: ValuesOf<AnyFields>;
  /** What they changed and the form does not say, in the order of the fields. */
  readonly fields: readonly MergedField<keyof AnyFields & string>[];
}

/**
 * Puts a form that was opened on `base` on top of what the resource is now. A field that only they changed becomes theirs;
 * one that both changed stays yours. Secrets stay as they are: no resource tells them.
 */
export function mergeChanges<AnyFields extends Fields<Context>, Context>(
  definition: FormDefinition<AnyFields, Context>,
  { base, yours, theirs }: Readonly<Record<'base' | 'yours' | 'theirs', ValuesOf<AnyFields>>>,
  context: Context,
): Merge<AnyFields> {
  const taken = new Set<string>();
  const fields = namesOf(definition.fields).flatMap((field): MergedField<keyof AnyFields & string>[] => {
    const isSwitch = Object.values(definition.groups).includes(field);
    if (definition.fields[field]?.isSecret) return [];
    // In a group that they switched off nothing was changed but the switch.
    if (!isSwitchedOn(definition, field, theirs)) return [];
    const meaning = (values: ValuesOf<AnyFields>) => meaningOf(definition, field, values, context);
    if (isSame(meaning(base), meaning(theirs)) || isSame(meaning(yours), meaning(theirs))) return [];
    const isConflict =
      !isSame(meaning(base), meaning(yours)) ||
      (isSwitch && membersOf(definition, field).some((member) => yours[member] !== base[member]));
    if (!isConflict) taken.add(field);
    const { fields: all } = definition;
    return [{ field, yours: valueIn(all, field, yours), theirs: valueIn(all, field, theirs), isConflict }];
  });
  const values = valuesFrom(definition.fields, (name) => (taken.has(name) ? theirs : yours)[name]);
  return { values, fields };
}

/** What the request carries for the field or, for the switch of a group, whether it is on. */
function meaningOf<AnyFields extends Fields<Context>, Context>(
  { fields, groups }: FormDefinition<AnyFields, Context>,
  field: keyof AnyFields & string,
  values: ValuesOf<AnyFields>,
  context: Context,
): unknown {
  const value = valueIn(fields, field, values);
  if (Object.values(groups).includes(field)) return value;
  return fields[field]?.toRequest(value, context) ?? fields[field]?.cleared;
}

function membersOf<AnyFields extends Fields<Context>, Context>(
  { fields, groups }: FormDefinition<AnyFields, Context>,
  groupSwitch: keyof AnyFields & string,
): (keyof AnyFields & string)[] {
  return namesOf(fields).filter((name) => groups[name.split('/')[0] ?? ''] === groupSwitch);
}

/** Whether the field is in no group, or in one that is on. */
function isSwitchedOn<AnyFields extends Fields<Context>, Context>(
  { groups }: FormDefinition<AnyFields, Context>,
  field: keyof AnyFields & string,
  values: ValuesOf<AnyFields>,
): boolean {
  const groupSwitch = groups[field.split('/')[0] ?? ''];
  return groupSwitch === undefined || values[groupSwitch] === true;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(isEmpty(a) ? null : a) === JSON.stringify(isEmpty(b) ? null : b);
}
