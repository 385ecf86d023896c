// The filters in use, each with a press that removes it.

import { XIcon } from '@phosphor-icons/react';
import { useRef } from 'react';
import { type AuditFilter, FILTER_NAMES, type FilterName, readFilter } from '../audit/filter.ts';
import { VisibleText } from '../ui/visible-text.tsx';
import { type FilterWordsContext, filterWords } from './filter-words.ts';

export interface FilterChipsProps {
  readonly filter: AuditFilter;
  readonly context: FilterWordsContext;
  readonly onChange: (filter: AuditFilter) => void;
}

export function FilterChips({ filter, context, onChange }: FilterChipsProps) {
  const box = useRef<HTMLElement>(null);
  const inUse = FILTER_NAMES.filter((name) => filter[name] !== undefined);
  // The pressed chip is gone afterwards: the focus stays near.
  const change = (next: AuditFilter) => {
    box.current?.focus();
    onChange(next);
  };
  const without = (name: FilterName): AuditFilter => ({ ...filter, [name]: undefined });
  return (
    <section ref={box} tabIndex={-1} aria-label="Filters in use" className="flex flex-wrap items-center gap-2">
      {inUse.length === 0 && <p className="text-kumo-subtle text-sm">No filters.</p>}
      {inUse.map((name) => (
        <button key={name} type="button" onClick={() => change(without(name))} className={CHIP}>
          <span className="sr-only">Remove filter </span>
          <span className="min-w-0 truncate">
            <VisibleText text={filterWords(name, filter, context)} dir="ltr" />
          </span>
          <XIcon aria-hidden className="size-3.5 shrink-0" />
        </button>
      ))}
      {inUse.length > 1 && (
        <button
          type="button"
          onClick={() => change(readFilter(''))}
          className="min-h-6 cursor-pointer px-1 text-sm underline"
        >
          Remove all
        </button>
      )}
    </section>
  );
}

const CHIP =
  'inline-flex min-h-7 min-w-0 max-w-full cursor-pointer items-center gap-1.5 rounded-full bg-kumo-tint px-3 text-sm ring ring-control-edge hover:bg-kumo-fill';
