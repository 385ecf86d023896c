// A page whose clock runs fast, so that a run at a pace, or a wait that was asked for, takes a test less time than a person.

import type { BrowserContext, Page } from '@playwright/test';

/** From the next navigation on, the clock and the timers of the pages run so many times as fast. */
export async function runClockFast(pages: Page | BrowserContext, times: number): Promise<void> {
  await pages.addInitScript((factor) => {
    const { setTimeout: later, setInterval: repeatedly } = window;
    const startedAt = Date.now();
    const now = Date.now.bind(Date);
    Date.now = () => startedAt + (now() - startedAt) * factor;
    const fast =
      (timer: (handler: TimerHandler, ms?: number, ...rest: unknown[]) => number) =>
      (handler: TimerHandler, ms = 0, ...rest: unknown[]) =>
        timer.call(window, handler, ms / factor, ...rest);
    Object.assign(window, { setTimeout: fast(later), setInterval: fast(repeatedly) });
  }, times);
}
