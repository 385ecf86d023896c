// What surrounds every control: its label and explanation above, its errors and advisories below, all tied to it.

import { Button } from '@cloudflare/kumo/components/button';
import { type Icon, InfoIcon, WarningCircleIcon, WarningIcon } from '@phosphor-icons/react';
import type { ReactNode } from 'react';
import { withUniqueKeys } from '../lib/unique-keys.ts';
import { VisibleText } from './visible-text.tsx';

/** A button that changes the field's value. */
export interface FieldFix {
  readonly label: string;
  readonly apply: () => void;
}

/** An error under a field, with the button that fixes it where the fix is certain. */
export interface FieldError {
  /** Which error it is, from one rendering to the next: the place it is about, for example. Its message when absent. */
  readonly key?: string | undefined;
  readonly message: string;
  readonly fix?: FieldFix | undefined;
}

/**
 * How much an advisory matters. A conflict will be refused by Cloudflare: it looks like an error, and blocks nothing
 * here. A risk is worth a second thought. A note is merely worth knowing.
 */
export type Severity = 'conflict' | 'risk' | 'note';

export interface FieldAdvisory extends FieldError {
  readonly severity: Severity;
}

/** What a field shows beside its value. */
export interface FieldNotes {
  readonly errors: readonly FieldError[];
  /** A text alone is a risk. */
  readonly advisories: readonly (FieldAdvisory | string)[];
  /** Where several errors have a fix: the button that applies them all. */
  readonly fixAll?: FieldFix | undefined;
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
export function Notes({ id, errors, advisories, fixAll }: FieldNotes & { readonly id: string }) {
  return (
    <div id={notesId(id)} aria-live="polite" className="flex flex-col gap-1 text-sm empty:hidden">
      {withUniqueKeys(errors, keyOf).map(({ key, item }) => (
        <Note key={key} look={ERROR} message={sentence(item.message)} fix={item.fix} />
      ))}
      {fixAll && <FixButton {...fixAll} />}
      {withUniqueKeys(advisories.map(toAdvisory), keyOf).map(({ key, item }) => (
        <Note key={key} look={ADVISORIES[item.severity]} message={item.message} fix={item.fix} />
      ))}
    </div>
  );
}

interface Look {
  readonly color: string;
  readonly icon: Icon;
  readonly weight?: 'fill';
  /** Says to a screen reader what color and icon say to the eye. */
  readonly opening: string;
}

const ERROR: Look = { color: 'text-kumo-danger', icon: WarningCircleIcon, weight: 'fill', opening: 'Error: ' };
const ADVISORIES: Record<Severity, Look> = {
  conflict: { ...ERROR, opening: 'Conflict: ' },
  risk: { color: 'text-kumo-warning', icon: WarningIcon, opening: 'Advice: ' },
  note: { color: 'text-kumo-subtle', icon: InfoIcon, opening: 'Note: ' },
};

function Note({ look, message, fix }: Pick<FieldError, 'message' | 'fix'> & { readonly look: Look }) {
  return (
    <div className={`flex items-start gap-1.5 ${look.color}`}>
      <look.icon aria-hidden className="mt-0.5 size-4 shrink-0" weight={look.weight ?? 'regular'} />
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <p className="min-w-0 [overflow-wrap:anywhere]">
          <span className="sr-only">{look.opening}</span>
          <VisibleText text={message} dir="ltr" />
        </p>
        {fix && <FixButton {...fix} />}
      </div>
    </div>
  );
}

function FixButton({ label, apply }: FieldFix) {
  return (
    <Button
      size="sm"
      variant="outline"
      onClick={apply}
      className="h-auto min-h-6 max-w-full self-start py-0.5 text-left"
    >
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <VisibleText text={label} dir="ltr" />
      </span>
    </Button>
  );
}

const keyOf = ({ key, message }: FieldError) => key ?? message;

function toAdvisory(advisory: FieldAdvisory | string): FieldAdvisory {
  return typeof advisory === 'string' ? { message: advisory, severity: 'risk' } : advisory;
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
