// What must outlive the server: the submission journal and the audit log, two views of one SQLite database.

import { join } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Journal } from '../submissions/journal.ts';
import { openDatabase } from './database.ts';
import { MIGRATIONS } from './migrations.ts';
import { createSqliteAuditLog } from './sqlite-audit-log.ts';
import { createSqliteJournal, markInterrupted } from './sqlite-journal.ts';
import type { CommitGate } from './thread-messages.ts';

export interface Storage {
  readonly journal: Journal;
  readonly auditLog: AuditLog;
  /** Fulfilled once it can be used; rejected with the reason, as the end of a sentence, where it cannot be opened. */
  readonly opened: Promise<void>;
  /** Writes to the database, and rejects where that fails. */
  probe(): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

export interface StorageOptions {
  readonly fileName?: string;
  /** For tests and benchmarks: makes every commit wait like a slow disk. */
  readonly commitGate?: CommitGate | undefined;
}

const UPSERT_PROBE = 'INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at';

/**
 * Opens the database in a folder that exists, making it where it is missing, and marks as interrupted what the last stop left
 * without an outcome. One server alone may have it open.
 */
export function openStorage(dataDir: string, { fileName = 'audit.sqlite', commitGate }: StorageOptions = {}): Storage {
  const database = openDatabase({ file: join(dataDir, fileName), migrations: MIGRATIONS, commitGate });
  const opened = markInterrupted(database);
  // Who does not wait for it is told by every call.
  opened.catch(() => undefined);
  return {
    journal: createSqliteJournal(database),
    auditLog: createSqliteAuditLog(database),
    opened,
    probe: async () => {
      await database.write(UPSERT_PROBE, new Date().toISOString());
    },
    close: () => database.close(),
  };
}
