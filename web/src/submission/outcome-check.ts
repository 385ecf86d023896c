// Following a create whose outcome is unknown until it is known.

import { useEffect, useEffectEvent, useState } from 'react';

/** What a look found. */
export type Found<Resource> =
  | { readonly kind: 'created'; readonly resource: Resource }
  /** The desk has no record of the create, and the account has a resource like it by now. */
  | { readonly kind: 'listed'; readonly resource: Resource }
  /** The desk is certain that nothing was created. */
  | { readonly kind: 'not-created' }
  /** Not known yet: the desk keeps looking. */
  | {
      readonly kind: 'open';
      /** When the desk last looked without finding it. */
      readonly lookedAt: Date | undefined;
      /** Until when it looks before it says that nothing was created. */
      readonly until: Date | undefined;
      /** What it found that is neither the resource nor its absence. */
      readonly found: string | undefined;
    }
  /** The desk has no record of the create, and the account has no such resource by now. */
  | { readonly kind: 'absent' }
  /** It could not be checked. */
  | { readonly kind: 'failed' };

export type OutcomeCheck<Resource> = { readonly at: Date } & Found<Resource>;

export interface OutcomeChecking<Resource> {
  readonly last: OutcomeCheck<Resource> | undefined;
  readonly isChecking: boolean;
  check(): Promise<OutcomeCheck<Resource>>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Checks by `find` at once and then, at growing intervals, until it is clear; calls `onKnown` then. */
export function useOutcomeCheck<Resource>(
  find: () => Promise<Found<Resource>>,
  onKnown: (check: OutcomeCheck<Resource>) => void,
): OutcomeChecking<Resource> {
  const [last, setLast] = useState<OutcomeCheck<Resource>>();
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
  return kind === 'created' || kind === 'listed' || kind === 'not-created';
}
