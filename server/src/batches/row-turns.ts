// One at a time for each row of a batch, within this process, which is the only one that has the database open.

export interface RowTurns {
  /**
   * Runs the work under the row's idempotency key: after what is running for it under the same key, and not at all, giving
   * `undefined`, while something is running under another.
   */
  run<Result>(row: string, key: string, work: () => Promise<Result>): Promise<Result | undefined>;
}

export function rowTurns(): RowTurns {
  const running = new Map<string, { readonly key: string; readonly ended: Promise<unknown> }>();
  return {
    async run(row, key, work) {
      for (let other = running.get(row); other !== undefined; other = running.get(row)) {
        if (other.key !== key) return undefined;
        await other.ended;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(row, { key, ended: promise });
      try {
        return await work();
      } finally {
        running.delete(row);
        resolve();
      }
    },
  };
}
