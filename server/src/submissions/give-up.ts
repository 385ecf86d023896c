// Waiting that can be given up for all who wait at once.

export interface GiveUp {
  /** What the work gives, or `undefined` once waiting is given up, whatever becomes of the work. */
  wait<Result>(work: Promise<Result>): Promise<Result | undefined>;
  /** Gives up, now and for good. */
  now(): void;
}

/** Forgets work that has ended, unlike `Promise.race` with one promise that lives as long as the server. */
export function givingUp(): GiveUp {
  const waiting = new Set<() => void>();
  let isGivenUp = false;
  return {
    wait: (work) =>
      new Promise((resolve, reject) => {
        const giveUp = () => resolve(undefined);
        if (isGivenUp) giveUp();
        waiting.add(giveUp);
        work.then(resolve, reject).finally(() => waiting.delete(giveUp));
      }),
    now() {
      isGivenUp = true;
      for (const giveUp of waiting) giveUp();
    },
  };
}
