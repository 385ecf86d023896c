// A SQLite database on a thread of its own, so that the main thread never waits for the disk.

import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from './storage-unavailable.ts';
import type { BatchResults, Job, Opened, Row, Slice, SliceLimits, ThreadOptions } from './thread-messages.ts';

export interface Database {
  /** Runs a statement in the next transaction: fulfilled once that is on disk, rejected when nothing of it is. */
  write(sql: string, ...values: readonly SQLInputValue[]): Promise<readonly Row[]>;
  read(sql: string, ...values: readonly SQLInputValue[]): Promise<readonly Row[]>;
  /** Reads no more than the limits allow. Of several at once each waits for its turn, and writes go in between. */
  readSlice(limits: SliceLimits, sql: string, ...values: readonly SQLInputValue[]): Promise<Slice>;
  /** Waits for what was asked for so far; what is asked for later is rejected. */
  close(): Promise<void>;
}

/** Where a job has its limits. */
const LIMITS = 3;

interface Request {
  readonly job: Job;
  readonly resolve: (found: Slice) => void;
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

  /** One slice at a time, which is as long as a write may have to wait for readers. */
  function send(): void {
    const slices = waiting.filter(({ job }) => job[LIMITS] !== undefined);
    const later = new Set(slices.slice(1));
    sendBatch(waiting.filter((each) => !later.has(each)));
    waiting = [...later];
  }

  function sendBatch(batch: Request[]): void {
    if (batch.length === 0) return;
    sent.push(batch);
    worker.postMessage(batch.map(({ job }) => job));
  }

  function settle(results: BatchResults): void {
    const batch = sent.shift() ?? [];
    for (const [index, { resolve, reject }] of batch.entries()) {
      const found = results[index];
      if (found === undefined || found instanceof Error) reject(found ?? new Error('the database gave no result'));
      else resolve(found);
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

  function request(job: Job): Promise<Slice> {
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      waiting.push({ job, resolve, reject });
      schedule();
    });
  }

  return {
    write: async (sql, ...values) => (await request(['write', sql, values])).rows,
    read: async (sql, ...values) => (await request(['read', sql, values])).rows,
    readSlice: (limits, sql, ...values) => request(['read', sql, values, limits]),
    close: async () => {
      ended ??= new StorageUnavailable('the database is not open');
      sendBatch(waiting);
      waiting = [];
      worker.postMessage('close');
      await exited;
    },
  };
}
