// Says beside a tunnel's name that it is not as this desk knew it: by a shape and in words.

import type { ListedDrift } from './drift-by-id.ts';
import { DRIFT_WORDS } from './words.ts';

/** Its icon is drawn here, because the library's own would be 1.5 kB on the first view. */
export function DriftBadge({ drift }: { readonly drift: ListedDrift }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-1 rounded-full px-1.5 text-kumo-strong text-xs leading-5 ring ring-inset ring-control-edge">
      <svg aria-hidden="true" viewBox="0 0 16 16" className="size-3 shrink-0" fill="none" stroke="currentColor">
        <path d={SHAPES[drift]} strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      {DRIFT_WORDS[drift]}
    </span>
  );
}

const SHAPES: Readonly<Record<ListedDrift, string>> = {
  changed: 'M2 5.5h11.5m-3.5-3.5 3.5 3.5M14 10.5H2.5m3.5 3.5-3.5-3.5',
  made: 'M8 2v12M2 8h12',
};
