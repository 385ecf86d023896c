// What surrounds every control: its label and explanation above, its errors and advisories below, all tied to it.

import { Button } from '@cloudflare/kumo/components/button';
import { InfoIcon, WarningCircleIcon } from '@phosphor-icons/react';
import type { ReactNode } from 'react';

/** An error under a field, with the button that mends it where the fix is certain. */
export interface FieldError {
  readonly message: string;
  readonly fix?: { readonly label: string; readonly apply: () => void } | undefined;
}

/** What a field shows beside its value. */
export interface FieldNotes {
  readonly errors: readonly FieldError[];
  readonly advisories: readonly string[];
}

export interface FieldFrameProps extends FieldNotes {
  /** The control's ID; the label points at it, and the ids of the texts derive from it. */
  readonly id: string;
  readonly label: string;
  readonly explanation: ReactNode;
  readonly optional?: boolean | undefined;
  /** What a valid value means, shown under the control. */
  readonly meaning?: ReactNode;
  readonly children: ReactNode;
}

export function FieldFrame({ id, label, explanation, optional, meaning, children, ...notes }: FieldFrameProps) {
  return (
    // In a FieldRow the rows are its own; elsewhere a subgrid is a plain grid.
    <div className="row-span-4 grid min-w-0 grid-rows-subgrid content-start gap-y-1.5">
      <FieldTexts id={id} label={label} explanation={explanation} optional={optional} />
      {children}
      {meaning}
      <Notes id={id} {...notes} />
    </div>
  );
}

type FieldTextsProps = Pick<FieldFrameProps, 'id' | 'label' | 'explanation' | 'optional'>;

/** The label of a control and its explanation. */
export function FieldTexts({ id, label, explanation, optional }: FieldTextsProps) {
  return (
    <div className="min-w-0">
      <label id={labelId(id)} htmlFor={id} className="font-medium text-base">
        {label}
      </label>
      {optional && <span className="text-kumo-subtle text-sm"> optional</span>}
      <p id={explanationId(id)} className="text-kumo-subtle text-sm">
        {explanation}
      </p>
    </div>
  );
}

/** The errors and advisories of a control; rendered empty as well, so that screen readers hear them appear. */
export function Notes({ id, errors, advisories }: FieldNotes & { readonly id: string }) {
  return (
    <div id={notesId(id)} aria-live="polite" className="flex flex-col gap-1 text-sm empty:hidden">
      {errors.map(({ message, fix }) => (
        <div key={message} className="flex items-start gap-1.5 text-kumo-danger">
          <WarningCircleIcon aria-hidden className="mt-0.5 size-4 shrink-0" weight="fill" />
          <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <p className="min-w-0 [overflow-wrap:anywhere]">
              <span className="sr-only">Error: </span>
              {sentence(message)}
            </p>
            {fix && (
              <Button size="sm" variant="outline" onClick={fix.apply} className="h-6">
                {fix.label}
              </Button>
            )}
          </div>
        </div>
      ))}
      {advisories.map((advisory) => (
        <div key={advisory} className="flex items-start gap-1.5 text-kumo-warning">
          <InfoIcon aria-hidden className="mt-0.5 size-4 shrink-0" />
          <p className="min-w-0 [overflow-wrap:anywhere]">
            <span className="sr-only">Advice: </span>
            {advisory}
          </p>
        </div>
      ))}
    </div>
  );
}

/** What a control needs to be tied to its frame. */
export function framedControl(id: string, { errors }: FieldNotes) {
  return {
    id,
    'aria-labelledby': labelId(id),
    'aria-describedby': `${explanationId(id)} ${notesId(id)}`,
    'aria-invalid': errors.length > 0,
  };
}

/** The class that marks a control with an error. */
export function invalidRing({ errors }: FieldNotes): string {
  return errors.length > 0 ? '!ring-kumo-danger' : '';
}

const labelId = (id: string) => `${id}-label`;
const explanationId = (id: string) => `${id}-explanation`;
const notesId = (id: string) => `${id}-notes`;

/** Messages come as the server writes them, in lower case without a full stop; a value at the start stays as it is. */
function sentence(message: string): string {
  const opening = /^[a-z]+(?= |$)/.test(message) ? message.charAt(0).toUpperCase() : message.charAt(0);
  return `${opening}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
