// The form as its fields see it: react-hook-form for the values, the judgement store for what is said of them.

import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { Issue } from '@tunnel-desk/shared/issues';
import { createContext, useContext, useSyncExternalStore } from 'react';
import { type FieldPathValue, get, type UseFormReturn, useController } from 'react-hook-form';
import type { FieldError, FieldNotes } from '../../ui/field-frame.tsx';
import type { JudgementStore } from './judgement.ts';
import { withSuggestion } from './suggestions.ts';
import { EMPTY_FORM, FIELD_LABELS, type FieldName, fieldId, type TunnelFormValues } from './tunnel-form.ts';
import { isUnfinished } from './unfinished.ts';

export interface TunnelForm {
  readonly form: UseFormReturn<TunnelFormValues, unknown, CreateIpsecTunnelRequest>;
  readonly store: JudgementStore;
}

export const TunnelFormContext = createContext<TunnelForm | undefined>(undefined);

export function useTunnelForm(): TunnelForm {
  const context = useContext(TunnelFormContext);
  if (context === undefined) throw new Error('a field stands outside the tunnel form');
  return context;
}

/** Everything a field component of `ui/` takes, for one field of the form. */
export interface BoundField<Value> extends FieldNotes {
  readonly id: string;
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly onBlur: () => void;
}

/**
 * Binds a field. Nothing is said of it before it was left, submitted, or holds a text worth judging;
 * from then on it is judged at every keystroke.
 */
export function useField<Name extends FieldName>(name: Name): BoundField<FieldPathValue<TunnelFormValues, Name>> {
  const { form, store } = useTunnelForm();
  const { field, fieldState, formState } = useController({ name, control: form.control });
  const verdict = useSyncExternalStore(store.subscribe, () => store.verdictOn(name));
  const isJudged = fieldState.isTouched || formState.isSubmitted || isWorthJudging(name, field.value);
  const errors = [
    ...verdict.refusals.map((message) => ({ message })),
    ...(isJudged
      ? verdict.problems.map((problem) => ({ message: problem.message, fix: fixFor(form, name, problem) }))
      : []),
  ];
  return {
    id: fieldId(name),
    label: FIELD_LABELS[name],
    value: field.value,
    onChange: field.onChange,
    onBlur: field.onBlur,
    errors,
    advisories: isJudged && errors.length === 0 ? verdict.advisories : [],
  };
}

/** Whether there is anything to say of a field that nobody has left yet. */
function isWorthJudging(name: FieldName, value: unknown): boolean {
  if (value === get(EMPTY_FORM, name)) return false;
  return typeof value !== 'string' || !isUnfinished(name, value.trim());
}

/** The button that puts a problem's suggestion in its field, and the focus with it. */
function fixFor(form: TunnelForm['form'], name: FieldName, problem: Issue): FieldError['fix'] {
  const { suggestion } = problem;
  if (suggestion === undefined || !isTextField(form, name)) return undefined;
  const apply = () => {
    form.setValue(name, withSuggestion(form.getValues(), name, { ...problem, suggestion }), { shouldTouch: true });
    document.getElementById(fieldId(name))?.focus();
  };
  return { label: `Use ${suggestion}`, apply };
}

type TextFieldName = {
  [Name in FieldName]: string extends FieldPathValue<TunnelFormValues, Name> ? Name : never;
}[FieldName];

function isTextField(form: TunnelForm['form'], name: FieldName): name is TextFieldName {
  return typeof form.getValues(name) === 'string';
}
