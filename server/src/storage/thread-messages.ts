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

/** How much of what a read finds is wanted; the thread stops in time, so that nobody waits long for a turn. */
export interface SliceLimits {
  readonly rows: number;
  /** Of all texts together, in characters; one row is always read. */
  readonly characters: number;
}

export type Job = readonly [
  kind: 'write' | 'read',
  sql: string,
  values: readonly SQLInputValue[],
  limits?: SliceLimits,
];
/** The writes of a batch are one transaction: all of them are on disk when its results come, or none is. */
export type Batch = readonly Job[];

export interface Slice {
  readonly rows: readonly Row[];
  /** Whether the limits left rows out. */
  readonly hasMore: boolean;
}

/** What each of the jobs found, in their order, or why it failed. */
export type BatchResults = readonly (Slice | Error)[];
