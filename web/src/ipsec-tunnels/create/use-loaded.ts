import { useEffect, useState } from 'react';

/** What is loaded once it is wanted; where that fails, wanting it anew tries it again. `load` stays the same function. */
export function useLoaded<Module extends object>(
  load: () => Promise<Module>,
  isWanted: boolean,
): Module | 'failed' | undefined {
  const [loaded, setLoaded] = useState<Module | 'failed'>();
  useEffect(() => {
    if (!isWanted) return;
    setLoaded((before) => (before === 'failed' ? undefined : before));
    load().then(setLoaded, () => setLoaded('failed'));
  }, [load, isWanted]);
  return loaded;
}
