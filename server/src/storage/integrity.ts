// Whether the database file and the hash chain in it are as they were written: checked on disk, while the desk goes on writing.

import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { AuditVerification } from '@tunnel-desk/shared/api/audit';
import { SELECT_LINKS, SELECT_UNLINKED } from './chain-sql.ts';
import type { Database } from './database.ts';

export interface IntegrityOptions {
  readonly file: string;
  readonly selectLinks: string;
  readonly selectUnlinked: string;
}

export type Integrity = Pick<AuditVerification, 'head' | 'damage' | 'broken'>;

export interface IntegrityChecks {
  /** Checks all of it. Whoever asks while a check runs shares it. */
  check(): Promise<Integrity>;
  /**
   * What the last check found, after starting another one where that was long ago: soon for a short trail, seldom for a long
   * one. `undefined` while the first one runs.
   */
  recent(): Promise<Integrity | undefined>;
  /** Ends a check that is under way. */
  close(): Promise<void>;
}

/** As SQLite has it. */
const CHECKPOINT_EVERY_PAGES = 1000;
/** Between two checks, in milliseconds. */
const MIN_PAUSE_MS = 5_000;
/** The same in multiples of how long a check takes: a fiftieth of a processor at most. */
const PAUSE_PER_CHECK = 50;
/** How long one waits for a check before being told of the last one, in milliseconds. */
const PATIENCE_MS = 500;

export function openIntegrityChecks({ read }: Pick<Database, 'read'>, file: string): IntegrityChecks {
  let running: Promise<Integrity> | undefined;
  let last: Integrity | undefined;
  let nextAt = 0;
  let thread: Worker | undefined;

  async function run(): Promise<Integrity> {
    const startedAt = performance.now();
    try {
      // All that is committed is brought into the file, which then stays as it is until the check is over.
      await read('PRAGMA wal_autocheckpoint = 0');
      await read('PRAGMA wal_checkpoint(PASSIVE)');
      last = await checkOnThread();
      return last;
    } finally {
      running = undefined;
      const endedAt = performance.now();
      nextAt = endedAt + Math.max(MIN_PAUSE_MS, PAUSE_PER_CHECK * (endedAt - startedAt));
      // Where the database is closed, there is nothing to go back to.
      await read(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_EVERY_PAGES}`).catch(() => undefined);
    }
  }

  function checkOnThread(): Promise<Integrity> {
    const workerData: IntegrityOptions = { file, selectLinks: SELECT_LINKS, selectUnlinked: SELECT_UNLINKED };
    const worker = new Worker(new URL('integrity-thread.js', import.meta.url), {
      name: 'integrity',
      workerData,
      env: {},
    });
    thread = worker;
    return new Promise<Integrity>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the check of the audit trail was ended')));
    });
  }

  function check(): Promise<Integrity> {
    running ??= run();
    return running;
  }

  return {
    check,
    async recent() {
      if (running === undefined && performance.now() >= nextAt) {
        // Whoever waits for it is told; where nobody does, the next check will say it again.
        check().catch(() => undefined);
      }
      if (running === undefined) return last;
      const waiting = new AbortController();
      const patience = delay(PATIENCE_MS, undefined, { signal: waiting.signal }).catch(() => undefined);
      await Promise.race([running, patience]).finally(() => waiting.abort());
      return last;
    },
    async close() {
      await thread?.terminate();
      await running?.catch(() => undefined);
    },
  };
}
