// A titled group of fields; one that can be left alone folds away and says its state in one line.
//
// It folds by the browser's own details: that opens for a search in the page and for a link to a field in it. Kumo's
// Collapsible would add 2.5 kB to the first view, which is nearly all that is left of its 190.

import { CaretRightIcon } from '@phosphor-icons/react';
import type { ReactNode } from 'react';

const CARD = 'rounded-lg bg-kumo-base ring ring-kumo-line';
const BODY = 'flex flex-col gap-5 px-4 pb-5 sm:px-5';

export interface CardProps {
  readonly title: string;
  readonly children: ReactNode;
}

export interface PlainCardProps extends CardProps {
  /** Where a link to this card goes; its heading takes the focus. */
  readonly id?: string;
}

export function Card({ id, title, children }: PlainCardProps) {
  return (
    <section id={id} className={CARD}>
      <h2 tabIndex={id === undefined ? undefined : -1} className="px-4 pt-4 pb-3 font-semibold text-lg sm:px-5">
        {title}
      </h2>
      <div className={BODY}>{children}</div>
    </section>
  );
}

export interface FoldingCardProps extends CardProps {
  /** What holds while the card is closed, in a few words. */
  readonly state: string;
}

export function FoldingCard({ title, state, children }: FoldingCardProps) {
  return (
    <details className={`${CARD} group`}>
      <summary className="flex cursor-pointer list-none items-center gap-2 px-4 py-4 sm:px-5">
        <CaretRightIcon
          aria-hidden
          className="size-4 shrink-0 transition-transform group-open:rotate-90 motion-reduce:transition-none"
        />
        <h2 className="font-semibold text-lg">{title}</h2>
        <span className="ml-auto text-right text-kumo-subtle text-sm group-open:hidden">{state}</span>
      </summary>
      <div className={BODY}>{children}</div>
    </details>
  );
}

/** Short fields side by side, where there is room; their rows line up, however long the explanations are. */
export function FieldRow({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex flex-col gap-5 sm:grid sm:auto-cols-fr sm:grid-flow-col sm:grid-rows-[repeat(4,auto)] sm:gap-y-0">
      {children}
    </div>
  );
}
