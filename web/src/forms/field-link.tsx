import type { ReactNode } from 'react';

export interface FieldLinkProps {
  /** The element ID of the field's control. */
  readonly controlId: string;
  readonly children: ReactNode;
}

/** A field's label that moves the focus to its control, opening the card it is in. */
export function FieldLink({ controlId, children }: FieldLinkProps) {
  const focusField = () => {
    const control = document.getElementById(controlId);
    const card = control?.closest('details');
    if (card) card.open = true;
    control?.focus();
  };
  return (
    <button type="button" className="min-h-6 cursor-pointer font-medium underline" onClick={focusField}>
      {children}
    </button>
  );
}
