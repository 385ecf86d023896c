// The rate of a task that needs no waiting.

/** Few enough that reading the clock between batches costs nothing, and that a round ends on time. */
const BATCH = 20;
/** Kept where the compiler cannot prove that nobody reads it, so that no work is optimised away. */
let lastResult: unknown;

/** How often the task runs in a second, tried for that long (milliseconds). */
export function timesPerSecond(task: () => unknown, durationMs: number): number {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  do {
    for (let i = 0; i < BATCH; i++) lastResult = task();
    count += BATCH;
    elapsed = performance.now() - start;
  } while (elapsed < durationMs);
  if (lastResult === undefined) throw new Error('the task did nothing');
  return (count / elapsed) * 1000;
}
