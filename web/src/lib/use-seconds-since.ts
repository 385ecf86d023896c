import { useEffect, useState } from 'react';

const TICK_MS = 250;

/**
 * How many whole seconds have passed since a moment, in milliseconds since the epoch; negative before it. Counts on while
 * it is shown.
 */
export function useSecondsSince(since: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return Math.floor((now - since) / 1000);
}
