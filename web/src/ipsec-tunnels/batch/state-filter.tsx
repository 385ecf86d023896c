import type { RowState } from '@tunnel-desk/shared/api/batches';
import type { RowCounts } from './shown-rows.ts';

export interface StateFilterProps {
  readonly counts: RowCounts;
  readonly all: number;
  /** The state that is shown alone; `undefined` for all. */
  readonly only: RowState | undefined;
  readonly onOnly: (only: RowState | undefined) => void;
}

const WORDS = [
  [undefined, 'All'],
  ['unknown', 'Not known'],
  ['not-created', 'Not created'],
  ['under-way', 'Being created'],
  ['not-tried', 'Not tried'],
  ['created', 'Created'],
] as const;

/** Narrows the rows to those of one state. */
export function StateFilter({ counts, all, only, onOnly }: StateFilterProps) {
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">Rows to show</legend>
      {WORDS.map(([state, words]) => {
        const count = state === undefined ? all : counts[state];
        if (count === 0 && state !== only) return null;
        return (
          <button
            key={words}
            type="button"
            aria-pressed={state === only}
            onClick={() => onOnly(state)}
            className="cursor-pointer rounded-full px-3 py-1 text-sm tabular-nums ring ring-control-edge aria-pressed:bg-kumo-contrast aria-pressed:text-kumo-inverse"
          >
            {words} {count}
          </button>
        );
      })}
    </fieldset>
  );
}
