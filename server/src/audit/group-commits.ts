// Durable writes at the price of one: what is asked for while others wait is flushed to disk together with them.

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

/** From so many on, a flush costs each of them next to nothing, and waiting for more would only be waiting. */
const FULL_GROUP = 64;

export function groupCommits(database: DatabaseSync): GroupCommits {
  let waiting: Write[] = [];

  /** Commits as soon as a turn of the event loop brings no more, which for somebody alone is the next one. */
  function commitWhenGathered(gathered: number): void {
    setImmediate(() => {
      const isGrowing = waiting.length > gathered && waiting.length < FULL_GROUP;
      if (isGrowing) commitWhenGathered(waiting.length);
      else commit();
    });
  }

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
      waiting.push({
        run: () => {
          result = { value: run() };
        },
        settle: () => result && resolve(result.value),
        fail: reject,
      });
      if (waiting.length === 1) commitWhenGathered(1);
    });
  }

  return { write, flush: () => write(() => undefined) };
}
