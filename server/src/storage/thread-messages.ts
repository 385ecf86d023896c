// What the database's thread is sent and what it sends back: plain arrays, which are cheap to copy from thread to thread.

import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** Given to the thread when it is started. */
export interface ThreadOptions {
  readonly file: string;
  /** Each brings the schema from its index to the next; `user_version` says how many a file has had. */
  readonly migrations: readonly string[];
  /** Makes every commit wait like a slow disk. For tests and benchmarks. */
  readonly commitGate?: CommitGate | undefined;
}

export interface CommitGate {
  /** Shared memory: a commit waits while its first value is 1. */
  readonly closed: Int32Array<SharedArrayBuffer>;
  /** How long at most, in milliseconds; as long as the gate is closed when absent. */
  readonly atMostMs?: number | undefined;
}

/** The thread's first message: why the database cannot be opened, or `null` where it is open. */
export type Opened = string | null;

export type Row = readonly SQLOutputValue[];
export type Job = readonly [isWrite: boolean, sql: string, values: readonly SQLInputValue[]];
/** The writes of a batch are one transaction: all of them are on disk when its results come, or none is. */
export type Batch = readonly Job[];
/** Their rows in the order of the jobs, or why one failed. */
export type BatchResults = readonly (readonly Row[] | Error)[];
