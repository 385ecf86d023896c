// Long work on the main thread, done in pieces of a few milliseconds, between which the page stays what it is: alive.

/** Time, and the way to go on after the page had its turn: given from outside, so that tests need not wait. */
export interface SliceClock {
  /** In milliseconds. */
  now(): number;
  /** Calls back after so many milliseconds; the function that it returns calls it off. */
  later(callback: () => void, ms: number): () => void;
}

/** A quarter of a frame, because a slow machine takes four times as long for the piece that is under way when it is over. */
const SLICE_MS = 4;

export const PAGE_CLOCK: SliceClock = {
  now: () => performance.now(),
  later(callback, ms) {
    // Not by a timer, of which a browser holds up the fifth in a row and all that follow for 4 ms each.
    if (ms === 0) return afterEvents(callback);
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

function afterEvents(callback: () => void): () => void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(undefined);
  return () => {
    port1.onmessage = null;
    port1.close();
  };
}

/**
 * Takes the steps one after another until `step` says that none is left: the first ones at once, and no longer at a stretch
 * than a slice. `afterSlice` is called after each. Returns what stops it.
 */
export function inSlices(step: () => boolean, afterSlice: (isDone: boolean) => void, clock = PAGE_CLOCK): () => void {
  let cancel = () => {};
  const slice = () => {
    const end = clock.now() + SLICE_MS;
    let isLeft = true;
    while (isLeft && clock.now() < end) isLeft = step();
    if (isLeft) cancel = clock.later(slice, 0);
    afterSlice(!isLeft);
  };
  slice();
  return () => cancel();
}
