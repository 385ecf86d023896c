// How something ended, by word, icon and colour; strongest where nobody knows.

import {
  CheckCircleIcon,
  CircleDashedIcon,
  CircleNotchIcon,
  GitDiffIcon,
  type Icon,
  ProhibitIcon,
  QuestionIcon,
  SealCheckIcon,
} from '@phosphor-icons/react';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { outcomeOf, type Tone } from './words.ts';

const LOOKS: Readonly<Record<Tone, { readonly icon: Icon; readonly className: string }>> = {
  done: { icon: CheckCircleIcon, className: 'bg-kumo-success-tint text-kumo-success' },
  valid: { icon: SealCheckIcon, className: 'bg-kumo-tint text-kumo-strong' },
  refused: { icon: ProhibitIcon, className: 'bg-kumo-danger-tint text-kumo-danger' },
  'not-done': { icon: CircleDashedIcon, className: 'text-kumo-strong ring ring-kumo-line ring-inset' },
  unknown: { icon: QuestionIcon, className: 'bg-(--text-color-kumo-danger) text-kumo-inverse font-semibold' },
  elsewhere: { icon: GitDiffIcon, className: 'bg-kumo-warning-tint text-kumo-warning' },
  open: { icon: CircleNotchIcon, className: 'text-kumo-subtle' },
};

export function OutcomeBadge({ entry }: { readonly entry: Pick<AuditEntry, 'outcome'> }) {
  const { tone, word } = outcomeOf(entry);
  const { icon: ToneIcon, className } = LOOKS[tone];
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap rounded-md px-1.5 py-0.5 text-sm ${className}`}>
      <ToneIcon aria-hidden className="size-4 shrink-0" />
      {word}
    </span>
  );
}

/** Marks an outcome that no response told. */
export function FoundByLooking({ entry: { outcome } }: { readonly entry: Pick<AuditEntry, 'outcome'> }) {
  if (outcome?.reconciled !== true) return null;
  return (
    <span
      className="whitespace-nowrap text-kumo-subtle text-xs"
      title="No response told so: it was found by looking at what exists."
    >
      found by looking
    </span>
  );
}
