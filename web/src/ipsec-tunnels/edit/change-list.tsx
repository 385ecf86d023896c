// What saving the form would change, old and new, in words; what stays as it is is not told.

import { WarningIcon } from '@phosphor-icons/react';
import { FieldLink } from '../../forms/field-link.tsx';
import { fieldId } from '../../forms/use-field.ts';
import { OldAndNew } from '../form/old-and-new.tsx';
import type { ChangeInWords } from '../form/tunnel-update.ts';

export interface ChangeListProps {
  readonly changes: readonly ChangeInWords[];
  /** What stops meanwhile, as sentences. */
  readonly interruptions: readonly string[];
}

export function ChangeList({ changes, interruptions }: ChangeListProps) {
  return (
    <section aria-labelledby="change-list" className="rounded-lg bg-kumo-base px-4 py-3 ring ring-kumo-line">
      <h2 id="change-list" className="font-semibold">
        What changes
      </h2>
      {changes.length === 0 ? (
        <p className="mt-1 text-kumo-subtle text-sm">Nothing yet.</p>
      ) : (
        <ul className="mt-2 flex flex-col gap-2 text-sm">
          {changes.map((change) => (
            <li key={change.field} className="[overflow-wrap:anywhere]">
              <FieldLink controlId={fieldId(change.field)}>{change.label}</FieldLink>
              <OldAndNew {...change} />
            </li>
          ))}
        </ul>
      )}
      <Interruptions sentences={interruptions} />
    </section>
  );
}

/** What stops, in the colour of risk. */
export function Interruptions({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <div className="mt-3 flex items-start gap-2 rounded-lg bg-kumo-warning-tint px-3 py-2 text-kumo-warning text-sm">
      <WarningIcon aria-hidden className="mt-0.5 size-4 shrink-0" weight="fill" />
      <ul className="flex min-w-0 flex-col gap-1">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}
