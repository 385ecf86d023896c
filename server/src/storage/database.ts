// A SQLite database on a thread of its own, so that the main thread never waits for the disk.

import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from './storage-unavailable.ts';
import type { BatchResults, Job, Opened, Row, ThreadOptions } from './thread-messages.ts';

export interface Database {
  /** Runs a statement in the next transaction: fulfilled once that is on disk, rejected when nothing of it is. */
  write(sql: string, ...values: readonly SQLInputValue[]): Promise<readonly Row[]>;
  read(sql: string, ...values: readonly SQLInputValue[]): Promise<readonly Row[]>;
  /** Waits for what was asked for so far; what is asked for later is rejected. */
  close(): Promise<void>;
}

interface Request {
  readonly job: Job;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Opens the file, making it where it is missing; its folder must exist. Statements may be given at once; they wait until it is
 * open. Where it cannot be opened they are rejected with the reason, as the end of a sentence. When the thread ends, whatever
 * waits is rejected, and so is everything after, each with a {@link StorageUnavailable}.
 */
export function openDatabase(options: ThreadOptions): Database {
  const worker = new Worker(new URL('database-thread.js', import.meta.url), {
    name: 'database',
    workerData: options,
    // Nothing of this process's environment, whose secrets the thread has no use for.
    env: {},
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  /** Not sent yet. */
  let waiting: Request[] = [];
  /** Sent, without results so far: one batch, or two while closing. */
  const sent: Request[][] = [];
  let isScheduled = false;
  let ended: StorageUnavailable | undefined;

  /** Sends what has gathered by the end of this turn, unless the thread is busy: then it goes with the next batch. */
  function schedule(): void {
    if (isScheduled || sent.length > 0 || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      if (sent.length === 0) send();
    });
  }

  function send(): void {
    if (waiting.length === 0) return;
    sent.push(waiting);
    worker.postMessage(waiting.map(({ job }) => job));
    waiting = [];
  }

  function settle(results: BatchResults): void {
    const batch = sent.shift() ?? [];
    for (const [index, { resolve, reject }] of batch.entries()) {
      const rows = results[index];
      if (rows === undefined || rows instanceof Error) reject(rows ?? new Error('the database gave no result'));
      else resolve(rows);
    }
    schedule();
  }

  function fail(reason: StorageUnavailable): void {
    ended = reason;
    for (const { reject } of [...sent.flat(), ...waiting]) reject(reason);
    sent.length = 0;
    waiting = [];
  }

  worker.once('message', (reason: Opened) => {
    if (reason === null) worker.on('message', settle);
    else fail(new StorageUnavailable(reason));
  });
  worker.once('error', (cause) => fail(new StorageUnavailable('the thread of the database failed', { cause })));
  worker.once('exit', () => fail(ended ?? new StorageUnavailable('the thread of the database ended')));

  function request(job: Job): Promise<readonly Row[]> {
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      waiting.push({ job, resolve, reject });
      schedule();
    });
  }

  return {
    write: (sql, ...values) => request([true, sql, values]),
    read: (sql, ...values) => request([false, sql, values]),
    close: async () => {
      ended ??= new StorageUnavailable('the database is not open');
      send();
      worker.postMessage('close');
      await exited;
    },
  };
}
