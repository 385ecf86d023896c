// The fields of a tunnel as the cards list them, by name. Each is a component of its own, so that a keystroke renders its
// field alone.

import type { BoundField } from '../../forms/use-field.ts';
import { SelectField, type SelectFieldProps } from '../../ui/select-field.tsx';
import { SwitchField, type SwitchFieldProps } from '../../ui/switch-field.tsx';
import { TextAreaField, type TextAreaFieldProps, TextField, type TextFieldProps } from '../../ui/text-field.tsx';
import type { TunnelFormValues } from './fields.ts';
import { useField } from './use-tunnel-field.ts';

/** The fields whose values are of this type. */
type NameOf<Value> = {
  [Name in keyof TunnelFormValues]: Value extends TunnelFormValues[Name] ? Name : never;
}[keyof TunnelFormValues];

/** What a card says of a field; the rest comes from the form. */
type Described<Props> = Omit<Props, keyof BoundField<unknown>>;

export interface TextProps extends Described<TextFieldProps> {
  readonly name: NameOf<string>;
}

export function Text({ name, ...props }: TextProps) {
  return <TextField {...props} {...useField(name)} />;
}

export interface TextAreaProps extends Described<TextAreaFieldProps> {
  readonly name: NameOf<string>;
}

export function TextArea({ name, ...props }: TextAreaProps) {
  return <TextAreaField {...props} {...useField(name)} />;
}

export interface SwitchProps extends Omit<Described<SwitchFieldProps>, 'checked'> {
  readonly name: NameOf<boolean>;
}

export function Switch({ name, ...props }: SwitchProps) {
  const { value, ...field } = useField(name);
  return <SwitchField {...props} {...field} checked={value} />;
}

/** The fields whose value is one of some words. */
type ChoiceName = Exclude<keyof TunnelFormValues, NameOf<string> | NameOf<boolean>>;

export interface SelectProps<Name extends ChoiceName> extends Described<SelectFieldProps<TunnelFormValues[Name]>> {
  readonly name: Name;
}

export function Select<Name extends ChoiceName>({ name, ...props }: SelectProps<Name>) {
  return <SelectField {...props} {...useField(name)} />;
}
