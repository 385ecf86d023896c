// What can be done to the tunnels that are selected.

import { Button } from '@cloudflare/kumo/components/button';
import type { ReactNode } from 'react';

export interface SelectionBarProps {
  readonly count: number;
  /** How many of them the filters hide at the moment. */
  readonly hidden: number;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

export function SelectionBar({ count, hidden, onClear, children }: SelectionBarProps) {
  return (
    <section
      aria-label="Selected tunnels"
      className="flex flex-wrap items-center gap-2 rounded-lg bg-kumo-base px-3 py-2 ring ring-kumo-line"
    >
      <p role="status" className="mr-2 font-medium text-sm">
        {count} selected
        {hidden > 0 && <span className="font-normal"> ({hidden} of them not shown)</span>}
      </p>
      {children}
      <Button size="sm" variant="ghost" onClick={onClear}>
        Clear selection
      </Button>
    </section>
  );
}
