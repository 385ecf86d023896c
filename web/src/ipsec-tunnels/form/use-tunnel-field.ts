// How the cards bind and watch the fields of a tunnel.

import { type BoundField, useFormField, useFormValue } from '../../forms/use-field.ts';
import { TUNNEL_FORM, type TunnelFields, type TunnelFormValues } from './fields.ts';

export function useField<Name extends keyof TunnelFields>(name: Name): BoundField<TunnelFormValues[Name]> {
  return useFormField(TUNNEL_FORM.fields, name);
}

/** The value of a field as it changes. */
export function useFieldValue<Name extends keyof TunnelFields>(name: Name): TunnelFormValues[Name] {
  return useFormValue(TUNNEL_FORM.fields, name);
}
