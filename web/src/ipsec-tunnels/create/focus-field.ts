import { type FieldName, fieldId } from './tunnel-form.ts';

/** Moves the focus to the field's control, unfolding the card it is in. */
export function focusField(field: FieldName): void {
  const control = document.getElementById(fieldId(field));
  const card = control?.closest('details');
  if (card) card.open = true;
  control?.focus();
}
