// Finding out what became of a create whose outcome is unknown.

import { useState } from 'react';

/** What a look found. */
export type Found<Resource> =
  | { readonly kind: 'created'; readonly resource: Resource }
  /** The desk has no record of the create, and the account has a resource like it by now. */
  | { readonly kind: 'listed'; readonly resource: Resource }
  /** The desk knows the create, and that it created nothing. */
  | { readonly kind: 'not-created' }
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

/** Checks by `find`, and calls `onKnown` once it is clear. */
export function useOutcomeCheck<Resource>(
  find: () => Promise<Found<Resource>>,
  onKnown: () => void,
): OutcomeChecking<Resource> {
  const [last, setLast] = useState<OutcomeCheck<Resource>>();
  const [isChecking, setIsChecking] = useState(false);

  async function check() {
    setIsChecking(true);
    const found = await find();
    setIsChecking(false);
    const checked = { at: new Date(), ...found };
    setLast(checked);
    if (found.kind !== 'absent' && found.kind !== 'failed') onKnown();
    return checked;
  }

  return { last, isChecking, check };
}
