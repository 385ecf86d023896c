import { useSyncExternalStore } from 'react';
import type { FieldError } from './outcome.ts';

/** What the server said of fields, as far as it still holds: an error lapses when its field changes. */
export function useServerIssues(validation: {
  readonly subscribe: (listener: () => void) => () => void;
  readonly serverIssues: readonly FieldError[];
}): readonly FieldError[] {
  return useSyncExternalStore(validation.subscribe, () => validation.serverIssues);
}
