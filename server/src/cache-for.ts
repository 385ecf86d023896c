// A check of readiness that is not made again at every request, because it costs somebody else something.

import { passes, type ReadinessCheck } from './readiness.ts';

/** The check with its result, good or bad, kept for this many milliseconds; whoever asks meanwhile shares it. */
export function cacheFor(ms: number, check: ReadinessCheck): ReadinessCheck {
  let last: { readonly hasPassed: Promise<boolean>; readonly askedAt: number } | undefined;
  return (log) => {
    const now = performance.now();
    if (last === undefined || now - last.askedAt >= ms) last = { hasPassed: passes(check, log), askedAt: now };
    return last.hasPassed;
  };
}
