// Long work in short stretches: in between, the desk responds to others.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long it may go on before others have a turn, in milliseconds. */
const LONGEST_STRETCH_MS = 3;

/** A function to await after each small step: it gives others a turn where it has been a while since the last one. */
export function turns(): () => Promise<void> | undefined {
  let beganAt = performance.now();
  return () => {
    if (performance.now() - beganAt < LONGEST_STRETCH_MS) return undefined;
    return nextTurn().then(() => {
      beganAt = performance.now();
    });
  };
}
