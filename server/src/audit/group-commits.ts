// Durable writes at the price of one: what is asked for in the same turn of the event loop is flushed to disk together.

import type { DatabaseSync } from 'node:sqlite';

export interface GroupCommits {
  /** Runs the write in the next transaction; fulfilled once that is on disk, rejected when nothing of it is. */
  write<Result>(run: () => Result): Promise<Result>;
  /** Waits for what was asked for so far. */
  flush(): Promise<void>;
}

interface Write {
  readonly run: () => void;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

export function groupCommits(database: DatabaseSync): GroupCommits {
  let waiting: Write[] = [];

  function commit(): void {
    const group = waiting;
    waiting = [];
    try {
      database.exec('BEGIN IMMEDIATE');
      for (const { run } of group) run();
      database.exec('COMMIT');
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
      for (const { fail } of group) fail(error);
      return;
    }
    for (const { settle } of group) settle();
  }

  function write<Result>(run: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      let result: { readonly value: Result } | undefined;
      if (waiting.length === 0) setImmediate(commit);
      waiting.push({
        run: () => {
          result = { value: run() };
        },
        settle: () => result && resolve(result.value),
        fail: reject,
      });
    });
  }

  return { write, flush: () => write(() => undefined) };
}
