// What must outlive the server: the submission journal and the audit log, two views of one SQLite database, and beside them in
// it what was entered about the tunnels' routers, the batches of creates, what the desk knows of tunnels, and which it told are
// down.

import { join } from 'node:path';
import type { AuditVerification, ChainHead } from '@tunnel-desk/shared/api/audit';
import type { AuditLog } from '../audit/audit-log.ts';
import type { BatchStore } from '../batches/batch-store.ts';
import type { ToldDown } from '../health/told-down.ts';
import type { KnownTunnels } from '../known-tunnels/known-tunnels.ts';
import type { RouterSettingsStore } from '../routers/router-settings-store.ts';
import type { Journal } from '../submissions/journal.ts';
import { CHAIN_START } from './chain.js';
import { SELECT_HEAD, SELECT_LINK } from './chain-sql.ts';
import { type Database, openDatabase } from './database.ts';
import { headFile } from './head-file.ts';
import { openIntegrityChecks } from './integrity.ts';
import { MIGRATIONS } from './migrations.ts';
import { createSqliteAuditLog } from './sqlite-audit-log.ts';
import { createSqliteBatches } from './sqlite-batches.ts';
import { createSqliteJournal, markInterrupted } from './sqlite-journal.ts';
import { createSqliteKnownTunnels } from './sqlite-known-tunnels.ts';
import { createSqliteRouterSettings } from './sqlite-router-settings.ts';
import { createSqliteToldDown } from './sqlite-told-down.ts';
import type { CommitGate } from './thread-messages.ts';

export interface Storage {
  readonly journal: Journal;
  readonly auditLog: AuditLog;
  readonly routerSettings: RouterSettingsStore;
  readonly batches: BatchStore;
  readonly knownTunnels: KnownTunnels;
  readonly toldDown: ToldDown;
  /** Fulfilled once it can be used; rejected with the reason, as the end of a sentence, where it cannot be opened. */
  readonly opened: Promise<OpenedTrail>;
  /** Writes to the database, and rejects where that fails. */
  probe(): Promise<void>;
  /** What the last check of the whole trail found, from time to time a new one; `undefined` while the first one runs. */
  recentVerification(): Promise<AuditVerification | undefined>;
  /** The end of the hash chain as it was noted last, on closing too. */
  head(): ChainHead | undefined;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

export interface OpenedTrail {
  readonly head: ChainHead;
  /** An end of the chain that was noted earlier, and that it no longer has. */
  readonly lost: ChainHead | undefined;
}

export interface StorageOptions {
  readonly fileName?: string;
  /** For tests and benchmarks: makes every commit wait like a slow disk. */
  readonly commitGate?: CommitGate | undefined;
}

const UPSERT_PROBE = 'INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at';
/** At most this long after a write the end of the chain is noted, in milliseconds: what is lost sooner is not missed. */
const NOTE_HEAD_AFTER_MS = 1_000;

/**
 * Opens the database in a folder that exists, making it where it is missing, and marks as interrupted what the last stop left
 * without an outcome. One server alone may have it open.
 */
export function openStorage(dataDir: string, { fileName = 'audit.sqlite', commitGate }: StorageOptions = {}): Storage {
  const file = join(dataDir, fileName);
  const database = openDatabase({ file, migrations: MIGRATIONS, commitGate });
  const heads = keepHead(database, file.replace(/\.sqlite$/, '.head'));
  const recording: Database = {
    ...database,
    write: async (...args) => {
      const rows = await database.write(...args);
      heads.noteSoon();
      return rows;
    },
  };
  const opened = open();
  // Who does not wait for it is told by every call.
  opened.catch(() => undefined);
  const integrity = openIntegrityChecks(database, file);

  async function open(): Promise<OpenedTrail> {
    const marked = markInterrupted(recording);
    const [lost] = await Promise.all([heads.findLost(), marked]);
    return { head: await heads.note(), lost };
  }

  async function toVerification(found: ReturnType<typeof integrity.check>): Promise<AuditVerification> {
    const [{ head, damage, broken }, { lost }] = await Promise.all([found, opened]);
    const intact = damage === undefined && broken === undefined && lost === undefined;
    return { intact, head, damage, broken, lost };
  }

  return {
    journal: createSqliteJournal(recording),
    auditLog: { ...createSqliteAuditLog(database), verify: () => toVerification(integrity.check()) },
    routerSettings: createSqliteRouterSettings(database),
    batches: createSqliteBatches(database),
    knownTunnels: createSqliteKnownTunnels(recording),
    toldDown: createSqliteToldDown(database),
    opened,
    probe: async () => {
      await database.write(UPSERT_PROBE, new Date().toISOString());
    },
    recentVerification: async () => {
      const found = await integrity.recent();
      return found && toVerification(Promise.resolve(found));
    },
    head: heads.last,
    close: async () => {
      await integrity.close();
      const noted = heads.close();
      await database.close();
      await noted;
    },
  };
}

/** Keeps the end of the chain in a file, from time to time and on closing. */
function keepHead({ read }: Database, path: string) {
  const file = headFile(path);
  let last: ChainHead | undefined;
  let timer: NodeJS.Timeout | undefined;
  let noting = Promise.resolve();

  async function readHead(): Promise<ChainHead> {
    const [row] = await read(SELECT_HEAD);
    return row === undefined ? { count: 0, hash: CHAIN_START } : { count: Number(row[0]), hash: String(row[1]) };
  }

  /** One after the other. Where it cannot be written, the next write to the database tries again. */
  async function note(): Promise<ChainHead> {
    const head = await readHead();
    last = head;
    noting = noting.then(() => file.write(head)).catch(() => undefined);
    await noting;
    return head;
  }

  return {
    note,
    last: () => last,
    noteSoon(): void {
      timer ??= setTimeout(() => {
        timer = undefined;
        note().catch(() => undefined);
      }, NOTE_HEAD_AFTER_MS).unref();
    },
    /** The end that was noted and that the chain does not have, now or at an earlier start. */
    async findLost(): Promise<ChainHead | undefined> {
      const noted = await file.read();
      if (noted !== undefined && noted.count > 0) {
        const [row] = await read(SELECT_LINK, noted.count);
        if (row?.[0] !== noted.hash) await file.writeLost(noted);
      }
      return file.readLost();
    },
    /** Notes what is there, unless the database was never opened. */
    async close(): Promise<void> {
      clearTimeout(timer);
      await note().catch(() => undefined);
    },
  };
}
