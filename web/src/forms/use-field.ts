// One field of a live form, as the components of ui/ take it.

import type { Issue } from '@tunnel-desk/shared/issues';
import { toPointer } from '@tunnel-desk/shared/issues';
import { useRef, useSyncExternalStore } from 'react';
import { useController, useWatch } from 'react-hook-form';
import type { FieldError, FieldNotes } from '../ui/field-frame.tsx';
import { type Fields, readValue, type ValuesOf } from './fields.ts';
import { type LiveForm, useLiveFormContext } from './use-live-form.ts';

/** Everything a field component of `ui/` takes. */
export interface BoundField<Value> extends FieldNotes {
  readonly id: string;
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly onBlur: () => void;
  readonly readOnly: boolean;
}

/** The element ID of a field's control. */
export function fieldId(name: string): string {
  return `field-${name.replaceAll('/', '-')}`;
}

/**
 * Binds a field. Nothing is said of it before it was edited and left, submitted, or holds a text worth validating; from
 * then on every keystroke is validated.
 */
export function useFormField<AnyFields extends Fields<never>, Name extends keyof AnyFields & string>(
  fields: AnyFields,
  name: Name,
): BoundField<ValuesOf<AnyFields>[Name]> {
  const liveForm = useLiveFormContext();
  const { form, validation, isReadOnly } = liveForm;
  const { field, fieldState, formState } = useController({ name, control: form.control });
  const state = useSyncExternalStore(validation.subscribe, () => validation.stateOf(name));
  const wasEdited = useRef(false);
  const empty = fields[name]?.empty;
  const isEmpty = field.value === empty;
  const isShown =
    fieldState.isTouched || formState.isSubmitted || (!isEmpty && !liveForm.isUnfinished(name, field.value));
  const errors = [
    ...state.serverIssues.map(({ message }, index) => ({ key: `server ${index}`, message })),
    ...(isShown ? state.issues.map((issue) => toFieldError(liveForm, name, issue)) : []),
  ];
  return {
    id: fieldId(name),
    label: liveForm.labelOf(name),
    value: readValue(fields, name, field.value),
    onChange: (next) => {
      if (isReadOnly) return;
      if (next !== empty) wasEdited.current = true;
      field.onChange(next);
    },
    onBlur: () => {
      // Tabbing past an empty field is no mistake yet.
      if (wasEdited.current || !isEmpty) field.onBlur();
    },
    readOnly: isReadOnly,
    errors,
    fixAll: fixAllOf(errors),
    advisories:
      isShown && errors.length === 0
        ? state.advisories.map((advisory) => ({
            ...toFieldError(liveForm, name, advisory),
            severity: advisory.severity,
          }))
        : [],
  };
}

/** The value of a field as it changes. */
export function useFormValue<AnyFields extends Fields<never>, Name extends keyof AnyFields & string>(
  fields: AnyFields,
  name: Name,
): ValuesOf<AnyFields>[Name] {
  return readValue(fields, name, useWatch({ control: useLiveFormContext().form.control, name }));
}

/** The issue with the button that puts its fix in the field, and the focus with it. */
function toFieldError(liveForm: LiveForm, name: string, { path, message, suggestion }: Issue): FieldError {
  const key = toPointer(path);
  if (suggestion === undefined) return { key, message };
  const apply = () => {
    applyFix(liveForm, { path, message, suggestion });
    document.getElementById(fieldId(name))?.focus();
  };
  return { key, message, fix: { label: `Use ${suggestion}`, apply } };
}

/** Puts the issue's fix, if it has one, in its field. */
export function applyFix({ form, fieldAt, fixed }: LiveForm, { path, suggestion }: Issue): void {
  const name = fieldAt(path);
  if (name === undefined || suggestion === undefined) return;
  form.setValue(name, fixed(name, form.getValues(name), path, suggestion), { shouldTouch: true });
}

function fixAllOf(errors: readonly FieldError[]): FieldError['fix'] {
  const fixes = errors.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  if (fixes.length < 2) return undefined;
  const apply = () => {
    // From the last on, because in a list a fix may make two entries of one.
    for (const fix of fixes.toReversed()) fix.apply();
  };
  return { label: `Fix all ${fixes.length}`, apply };
}
