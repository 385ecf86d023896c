// Work that is done again and again by itself, one round after the other.

export interface Rounds {
  /** Begins the first round now. */
  start(): void;
  /** Fulfilled once no round is under way. */
  stop(): Promise<void>;
  /** Whether a round that is under way is to end soon. */
  isStopped(): boolean;
}

/** `round` never rejects. The next one begins so many milliseconds after the end of the last; none ever does where that is absent. */
export function createRounds(round: () => Promise<void>, pauseMs: number | undefined): Rounds {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  function run(): void {
    running = round().finally(() => {
      if (isStopped) return;
      timer = setTimeout(run, pauseMs);
      timer.unref();
    });
  }

  return {
    start() {
      if (pauseMs !== undefined) run();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
    isStopped: () => isStopped,
  };
}
