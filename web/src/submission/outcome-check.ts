// Following a submission whose outcome is unknown until it is known.

import { useEffect, useEffectEvent, useState } from 'react';

/** What a look found. */
export type Found<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** The desk has no record of the submission, and the account is by now as it would have made it. */
  | { readonly kind: 'listed'; readonly result: Result }
  /** The desk is certain that nothing was done. */
  | { readonly kind: 'not-done' }
  /** Not known yet: the desk keeps looking. */
  | {
      readonly kind: 'open';
      /** When the desk last saw that nothing was done so far. */
      readonly lookedAt: Date | undefined;
      /** Until when it looks before it says that nothing was done. */
      readonly until: Date | undefined;
      /** What it found that says neither. */
      readonly found: string | undefined;
    }
  /** The desk has no record of the submission, and the account is not as it would have made it. */
  | { readonly kind: 'absent' }
  /** It could not be checked. */
  | { readonly kind: 'failed' };

export type OutcomeCheck<Result> = { readonly at: Date } & Found<Result>;

export interface OutcomeChecking<Result> {
  readonly last: OutcomeCheck<Result> | undefined;
  readonly isChecking: boolean;
  check(): Promise<OutcomeCheck<Result>>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Checks by `find` at once and then, at growing intervals, until it is clear; calls `onKnown` then. */
export function useOutcomeCheck<Result>(
  find: () => Promise<Found<Result>>,
  onKnown: (check: OutcomeCheck<Result>) => void,
): OutcomeChecking<Result> {
  const [last, setLast] = useState<OutcomeCheck<Result>>();
  const [isChecking, setIsChecking] = useState(false);

  async function check() {
    setIsChecking(true);
    const found = await find();
    setIsChecking(false);
    const checked = { at: new Date(), ...found };
    setLast(checked);
    if (isKnown(checked)) onKnown(checked);
    return checked;
  }

  const checkNow = useEffectEvent(check);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLeft = false;
    const follow = async (pauseMs: number) => {
      const checked = await checkNow();
      if (!isLeft && !isKnown(checked)) {
        timer = setTimeout(follow, pauseMs, Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS));
      }
    };
    void follow(FIRST_PAUSE_MS);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, []);

  return { last, isChecking, check };
}

function isKnown({ kind }: Found<unknown>): boolean {
  return kind === 'done' || kind === 'listed' || kind === 'not-done';
}
