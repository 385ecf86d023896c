// A run over many things, as long as the page that started it is open.

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { ManyRun, type ManyRunSnapshot, type ManyTarget, type RunClock, type RunOptions } from './run-many.ts';

export interface ManyRunState<Item, Result> {
  /** `undefined` before it was started. */
  readonly snapshot: ManyRunSnapshot<Item, Result> | undefined;
  start(items: readonly Item[], target: ManyTarget<Item, Result>, options?: Partial<RunOptions<Item>>): void;
  pause(): void;
  resume(): void;
  stop(): void;
  configure: ManyRun<Item, Result>['configure'];
  retry: ManyRun<Item, Result>['retry'];
}

const CLOCK: RunClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  newKey: () => crypto.randomUUID(),
};

/** Results stay in the memory of this component alone: they may be secrets. */
export function useManyRun<Item, Result>(): ManyRunState<Item, Result> {
  const [run, setRun] = useState<ManyRun<Item, Result>>();
  const subscribe = useCallback((listener: () => void) => run?.subscribe(listener) ?? nothing, [run]);
  const snapshot = useSyncExternalStore(subscribe, () => run?.snapshot());
  useEffect(() => () => run?.leave(), [run]);
  return {
    snapshot,
    start(items, target, options) {
      const next = new ManyRun(items, target, CLOCK, options);
      setRun(next);
      void next.start();
    },
    pause: () => run?.pause(),
    resume: () => run?.resume(),
    stop: () => run?.stop(),
    configure: (options) => run?.configure(options),
    retry: (index, item) => run?.retry(index, item),
  };
}

function nothing(): void {
  // There is no run to leave.
}
