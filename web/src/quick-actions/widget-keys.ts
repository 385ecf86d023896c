// The keys of a part of the page that has its own, such as a table: listed among the shortcuts, and handled by that part.

import { useEffect, useSyncExternalStore } from 'react';

export interface WidgetKeys {
  /** Where they are: "In the table". */
  readonly title: string;
  /** As they are written on the page, and what they do. */
  readonly keys: readonly (readonly [keys: string, does: string])[];
}

let listed: readonly WidgetKeys[] = [];
const listeners = new Set<() => void>();

function list(next: readonly WidgetKeys[]): void {
  listed = next;
  for (const listener of listeners) listener();
}

/** Lists these keys as long as the component that calls this is there. */
export function useWidgetKeys(keys: WidgetKeys): void {
  useEffect(() => {
    list([...listed, keys]);
    return () => list(listed.filter((each) => each !== keys));
  }, [keys]);
}

export function useListedWidgetKeys(): readonly WidgetKeys[] {
  return useSyncExternalStore(subscribe, () => listed);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
