import { useEffect, useState } from 'react';

const TICK_MS = 250;

/** How many whole seconds have passed since a moment of `performance.now()`; counts on while it is shown. */
export function useSecondsSince(since: number): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.floor((now - since) / 1000));
}
