// The entries of a run by what became of them.

import type { Failure } from './outcome.ts';
import type { ManyEntry, ManyState } from './run-many.ts';

export interface ManyOutcomes<Item, Result> {
  readonly done: readonly { readonly item: Item; readonly result: Result }[];
  readonly lost: readonly Item[];
  /** Refused, or looked for until it was certain that nothing was done. */
  readonly notDone: readonly { readonly item: Item; readonly why: string }[];
  readonly unknown: readonly { readonly item: Item; readonly why: string }[];
  readonly stopped: readonly Item[];
  /** Waiting, or under way. */
  readonly open: readonly Item[];
}

export function outcomesOf<Item, Result>(entries: readonly ManyEntry<Item, Result>[]): ManyOutcomes<Item, Result> {
  return {
    done: entries.flatMap(({ item, state }) => (state.kind === 'done' ? [{ item, result: state.result }] : [])),
    lost: itemsIn(entries, 'lost'),
    notDone: entries.flatMap(({ item, state }) => {
      if (state.kind === 'refused') return [{ item, why: whyOf(state.failure) }];
      return state.kind === 'not-done' ? [{ item, why: `${state.failure.title} Looked for since: not done.` }] : [];
    }),
    unknown: entries.flatMap(({ item, state }) =>
      state.kind === 'unknown' ? [{ item, why: state.failure.title }] : [],
    ),
    stopped: itemsIn(entries, 'stopped'),
    open: [...itemsIn(entries, 'waiting'), ...itemsIn(entries, 'sending')],
  };
}

function itemsIn<Item, Result>(entries: readonly ManyEntry<Item, Result>[], kind: ManyState<Result>['kind']): Item[] {
  return entries.filter(({ state }) => state.kind === kind).map(({ item }) => item);
}

/** Cloudflare's own words where it had any, else what happened. */
function whyOf({ title, details, fieldErrors }: Failure): string {
  const words = [...fieldErrors.map(({ message }) => message), ...details];
  return words.length === 0 ? title : words.join(' ');
}
