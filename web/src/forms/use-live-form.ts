// A form whose values react-hook-form owns, and the validation that follows every change of them.

import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { type Resolver, type ResolverResult, type UseFormReturn, useForm } from 'react-hook-form';
import type { FieldValue } from './fields.ts';
import {
  type Fields,
  type FormDefinition,
  fieldAt,
  namesOf,
  rawValues,
  toRequest,
  type ValuesOf,
  valuesFrom,
} from './fields.ts';
import { type FormRules, LiveValidation } from './live-validation.ts';

/** The values as the form library holds them. */
export type FormValues = Record<string, FieldValue>;

/** A form as its fields see it. */
export interface LiveForm<Request extends object = object> {
  readonly form: UseFormReturn<FormValues, unknown, Request>;
  readonly validation: LiveValidation;
  /** While something is being sent, nothing can be changed that would be lost. */
  readonly isReadOnly: boolean;
  labelOf(field: string): string;
  /** The field that a path of the request belongs to. */
  fieldAt(path: readonly (string | number)[]): string | undefined;
  /** What a field's text becomes by a fix of the request; in a list, of the one entry that the path names. */
  fixed(field: string, value: FieldValue, path: readonly (string | number)[], fix: string): FieldValue;
  /** Whether nothing is to be said yet of a value that is still being typed. */
  isUnfinished(field: string, value: FieldValue): boolean;
}

export interface LiveFormOptions<AnyFields extends Fields<Context>, Context, Request extends object> {
  readonly definition: FormDefinition<AnyFields, Context>;
  /** Kept by the caller as long as nothing in it changes, as are the rules. */
  readonly context: Context;
  readonly rules: FormRules;
  /** What the form opens with. */
  readonly initial: ValuesOf<AnyFields>;
  /** The request that is sent, or `undefined` while something is wrong with it. */
  readonly parse: (request: Readonly<Record<string, unknown>>) => Request | undefined;
  /** What is sent of the values, where that is not the request that creates them; kept while it stays the same. */
  readonly requestOf?: ((values: ValuesOf<AnyFields>) => Readonly<Record<string, unknown>>) | undefined;
  readonly isReadOnly: boolean;
}

export function useLiveForm<AnyFields extends Fields<Context>, Context, Request extends object>(
  options: LiveFormOptions<AnyFields, Context, Request>,
): LiveForm<Request> {
  const { definition, context, rules, initial, parse, requestOf: given, isReadOnly } = options;
  const { fields } = definition;
  const requestOf = useMemo(
    () => (values: FormValues) => {
      const known = valuesFrom(fields, (name) => values[name]);
      return given?.(known) ?? toRequest(definition, known, context);
    },
    [definition, fields, context, given],
  );
  const [validation] = useState(
    () => new LiveValidation(namesOf(fields), rules, requestOf(rawValues(fields, initial))),
  );
  const form = useForm<FormValues, unknown, Request>({
    defaultValues: rawValues(fields, initial),
    resolver: resolverFor(validation, parse),
    // Every change is validated below; the form library resolves only what is sent.
    mode: 'onSubmit',
    reValidateMode: 'onSubmit',
    shouldFocusError: false,
  });

  useEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ name, values }) => validation.change(name, requestOf(values)),
      }),
    [form, validation, requestOf],
  );
  useEffect(() => validation.setRules(rules, requestOf(form.getValues())), [validation, rules, requestOf, form]);

  return useMemo(
    () => ({
      form,
      validation,
      isReadOnly,
      labelOf: (name) => fields[name]?.label ?? name,
      fieldAt: (path) => fieldAt(definition, path),
      fixed: (name, value, path, fix) => {
        const field = fields[name];
        const entry = path.at(-1);
        if (typeof entry === 'number' && field?.fixEntry) return field.fixEntry(value, entry, fix);
        return field?.fromResource(fix, context) ?? fix;
      },
      isUnfinished: (name, value) => typeof value === 'string' && (fields[name]?.isUnfinished?.(value.trim()) ?? false),
    }),
    [form, validation, isReadOnly, definition, fields, context],
  );
}

export const LiveFormContext = createContext<LiveForm | undefined>(undefined);

export function useLiveFormContext(): LiveForm {
  const context = useContext(LiveFormContext);
  if (context === undefined) throw new Error('a field stands outside its form');
  return context;
}

function resolverFor<Request extends object>(
  validation: LiveValidation,
  parse: (request: Readonly<Record<string, unknown>>) => Request | undefined,
): Resolver<FormValues, unknown, Request> {
  return (): ResolverResult<FormValues, Request> => {
    const request = parse(validation.request);
    if (request === undefined) return { values: {}, errors: { form: { type: 'validation' } } };
    return { values: request, errors: {} };
  };
}
