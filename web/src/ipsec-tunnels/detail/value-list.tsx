// Values with their labels, each with a button that copies it.

import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';

export function ValueList({ children }: { readonly children: ReactNode }) {
  return <dl className="flex flex-col gap-1.5">{children}</dl>;
}

export interface ValueProps {
  readonly label: string;
  /** What the button copies; a value that is absent or empty is not shown. */
  readonly value: string | undefined;
  /** What is shown in its place. */
  readonly children?: ReactNode;
  /** Prose, not code: it is not set in a monospaced face. */
  readonly prose?: boolean;
  /** Too long to stand beside its label: it stands below. */
  readonly long?: boolean;
}

export function Value({ label, value, children, prose, long }: ValueProps) {
  if (value === undefined || value === '') return null;
  return (
    <Row label={label} isStacked={long === true}>
      <span className={`text-sm [overflow-wrap:anywhere] ${prose ? 'whitespace-pre-line' : 'font-mono'}`}>
        {children ?? <VisibleText text={value} />}
      </span>
      <CopyButton label={`Copy ${label}`} text={value} iconOnly />
    </Row>
  );
}

export interface FactProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** What is said in words, and nobody would copy. */
export function Fact({ label, children }: FactProps) {
  return (
    <Row label={label} isStacked={false}>
      <span className="text-sm">{children}</span>
    </Row>
  );
}

function Row({ label, isStacked, children }: FactProps & { readonly isStacked: boolean }) {
  return (
    <div className={isStacked ? '' : 'flex flex-wrap items-center justify-between gap-x-4'}>
      <dt className="text-kumo-subtle text-sm">{label}</dt>
      <dd className={`flex min-h-7 min-w-0 items-center gap-1 ${isStacked ? 'justify-between' : ''}`}>{children}</dd>
    </div>
  );
}
