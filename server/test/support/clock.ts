// A clock that only the test moves, so that what must happen before a time limit has all the time it needs.

import { onTestFinished, vi } from 'vitest';

/** Stops the clock of time limits until the test ends. The network keeps its own. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Stops every clock of this process until the test ends, that of its sandbox too. */
export function stopAllClocks(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets this many milliseconds pass on the stopped clock. */
export function letPass(ms: number): void {
  vi.advanceTimersByTime(ms);
}
