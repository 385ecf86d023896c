import { FIELD_LABELS, type FieldName, fieldId } from './tunnel-form.ts';

/** A field's label that leads to its control, unfolding the card it is in. */
export function FieldLink({ field }: { readonly field: FieldName }) {
  const focusField = () => {
    const control = document.getElementById(fieldId(field));
    const card = control?.closest('details');
    if (card) card.open = true;
    control?.focus();
  };
  return (
    <button type="button" className="min-h-6 cursor-pointer font-medium underline" onClick={focusField}>
      {FIELD_LABELS[field]}
    </button>
  );
}
