// The embedded audit trail, on Node.js's own SQLite: one file, written ahead, flushed to disk at every commit.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import {
  AUDIT_ACTIONS,
  AUDIT_RESULTS,
  type AuditEntry,
  type AuditResult,
  auditEntrySchema,
} from '@tunnel-desk/shared/api/audit';
import { z } from 'zod';
import { apiResponseSchema } from '../http/response.ts';
import { groupCommits } from './group-commits.ts';
import type { AuditTrail, EntryFilter, Intent, Outcome, RecordedCreate } from './trail.ts';

/** Each brings the schema from its index to the next; `user_version` says how many a file has had. */
const MIGRATIONS = [
  `CREATE TABLE intents (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at TEXT NOT NULL,
     request_id TEXT NOT NULL,
     person TEXT NOT NULL,
     person_name TEXT NOT NULL,
     account_id TEXT NOT NULL,
     action TEXT NOT NULL,
     tunnel_name TEXT NOT NULL,
     request TEXT NOT NULL,
     health_check_target TEXT NOT NULL,
     idempotency_key TEXT UNIQUE,
     fingerprint TEXT
   ) STRICT;
   CREATE TABLE outcomes (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     intent_id INTEGER NOT NULL REFERENCES intents (id),
     at TEXT NOT NULL,
     result TEXT NOT NULL,
     status INTEGER,
     codes TEXT NOT NULL,
     cf_ray TEXT,
     tunnel_id TEXT,
     duration_ms REAL,
     reconciled INTEGER NOT NULL,
     answer TEXT
   ) STRICT;
   CREATE INDEX intents_by_person ON intents (person);
   CREATE INDEX intents_by_account ON intents (account_id);
   CREATE INDEX intents_by_tunnel_name ON intents (tunnel_name);
   CREATE INDEX outcomes_by_intent ON outcomes (intent_id);
   CREATE INDEX outcomes_by_result ON outcomes (result, intent_id);
   CREATE TRIGGER intents_never_change BEFORE UPDATE ON intents
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TRIGGER intents_never_go BEFORE DELETE ON intents
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TRIGGER outcomes_never_change BEFORE UPDATE ON outcomes
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TRIGGER outcomes_never_go BEFORE DELETE ON outcomes
     BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at TEXT NOT NULL) STRICT;`,
] as const;

const COLUMNS = `
  intents.*, outcomes.at AS outcome_at, result, status, codes, cf_ray, tunnel_id, duration_ms, reconciled, answer`;
const IS_LAST = 'outcomes.id = (SELECT max(id) FROM outcomes WHERE intent_id = intents.id)';
/** Every intent, beside the last of its outcomes if there is one. */
const ENTRIES = `SELECT ${COLUMNS} FROM intents LEFT JOIN outcomes ON ${IS_LAST}`;
/** Those that ended somehow: from the few outcomes to their intents (CROSS JOIN keeps that order), not through everything. */
const ENDED_ENTRIES = `SELECT ${COLUMNS} FROM outcomes CROSS JOIN intents ON intents.id = intent_id AND ${IS_LAST}`;

/** How most entries end. */
const SUCCESSES: readonly AuditResult[] = ['validated', 'created'];

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;
/** How long another process that has the file may take to let it go, in milliseconds. */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * Opens the trail in the folder, making both where they are missing, and marks as interrupted what the last stop left
 * without an outcome. One server alone may have it open. Throws where it cannot be opened or written.
 */
export function openSqliteTrail(dataDir: string, fileName = 'audit.sqlite'): AuditTrail {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(dataDir, fileName), { timeout: LOCK_TIMEOUT_MS });
  lockExclusively(database);
  migrate(database);
  markInterrupted(database);
  const { write, flush } = groupCommits(database);

  const insertIntent = database.prepare(
    `INSERT INTO intents
       (at, request_id, person, person_name, account_id, action, tunnel_name, request, health_check_target,
        idempotency_key, fingerprint)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertOutcome = database.prepare(
    `INSERT INTO outcomes (intent_id, at, result, status, codes, cf_ray, tunnel_id, duration_ms, reconciled, answer)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const upsertProbe = database.prepare(
    'INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at',
  );
  const selectByKey = database.prepare(`${ENTRIES} WHERE idempotency_key = ?`);
  const selectUnsettled = database.prepare(
    `${ENDED_ENTRIES} WHERE result IN ('interrupted', 'unknown') AND action = 'create' ORDER BY intents.id`,
  );

  return {
    begin: ({ request, requestId, person, accountId, action, healthCheckTarget, idempotency }: Intent) => {
      const values = [
        ...[new Date().toISOString(), requestId, person.id, person.name, accountId, action, request.name],
        ...[JSON.stringify(request), healthCheckTarget, idempotency?.key ?? null, idempotency?.fingerprint ?? null],
      ];
      return write(() => Number(insertIntent.run(...values).lastInsertRowid));
    },
    finish: async (entryId: number, { result, status, codes, cfRay, tunnelId, durationMs, ...rest }: Outcome) => {
      const values = [
        ...[entryId, new Date().toISOString(), result, status ?? null, JSON.stringify(codes), cfRay ?? null],
        ...[tunnelId ?? null, durationMs ?? null, Number(rest.reconciled)],
        rest.answer === undefined ? null : JSON.stringify(rest.answer),
      ];
      await write(() => insertOutcome.run(...values));
    },
    findCreate: (idempotencyKey: string) => {
      const row = selectByKey.get(idempotencyKey);
      return row && toRecordedCreate(row);
    },
    unsettledCreates: () => selectUnsettled.all().map(toRecordedCreate),
    page: (filter: EntryFilter, limit: number, before?: number) => {
      const { sql, values } = pageQuery(filter, before);
      // One more than asked for tells whether there is another page.
      const entries = database
        .prepare(sql)
        .all(...values, limit + 1)
        .map((row) => toEntry(rowSchema.parse(row)));
      const shown = entries.slice(0, limit);
      return { entries: shown, next: entries.length > limit ? (shown.at(-1)?.id ?? null) : null };
    },
    probe: async () => {
      await write(() => upsertProbe.run(new Date().toISOString()));
    },
    close: async () => {
      await flush();
      database.close();
    },
  };
}

/** Keeps the file to this process, and has every commit flushed to disk. */
function lockExclusively(database: DatabaseSync): void {
  try {
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON',
    );
  } catch (error) {
    const isLocked = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
    throw isLocked ? new Error('another server is using it, and each needs a folder of its own') : error;
  }
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > MIGRATIONS.length) throw new Error('it was written by a newer version of this server');
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index >= version) {
      database.exec(`BEGIN IMMEDIATE; ${migration} PRAGMA user_version = ${index + 1}; COMMIT`);
    }
  }
}

function markInterrupted(database: DatabaseSync): void {
  database
    .prepare(
      `INSERT INTO outcomes (intent_id, at, result, codes, reconciled)
       SELECT id, ?, 'interrupted', '[]', 0 FROM (SELECT id FROM intents EXCEPT SELECT intent_id FROM outcomes)`,
    )
    .run(new Date().toISOString());
}

function pageQuery({ person, accountIds, tunnelName, result }: EntryFilter, before: number | undefined) {
  const conditions: (readonly [sql: string, ...values: SQLInputValue[]])[] = [];
  if (before !== undefined) conditions.push(['intents.id < ?', before]);
  if (person !== undefined) conditions.push(['person = ?', person]);
  if (tunnelName !== undefined) conditions.push(['tunnel_name = ?', tunnelName]);
  if (result !== undefined) conditions.push(['outcomes.result = ?', result]);
  if (accountIds !== undefined) {
    // With several accounts the index would have to sort all they ever did: the unary plus keeps to the newest first.
    const column = accountIds.length === 1 ? 'account_id' : '+account_id';
    conditions.push([`${column} IN (${accountIds.map(() => '?').join(', ')})`, ...accountIds]);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
  // The index of the results leads where nothing narrower does; its own column has the intents in order. Somebody's few
  // failures are found among all failures sooner than among all they ever did.
  const isByResult =
    result !== undefined && tunnelName === undefined && (person === undefined || !SUCCESSES.includes(result));
  const [entries, order] = isByResult ? [ENDED_ENTRIES, 'outcomes.intent_id'] : [ENTRIES, 'intents.id'];
  return {
    sql: `${entries} ${where} ORDER BY ${order} DESC LIMIT ?`,
    values: conditions.flatMap(([, ...values]) => values),
  };
}

const rowSchema = z.object({
  id: z.number(),
  at: z.string(),
  request_id: z.string(),
  person: z.string(),
  person_name: z.string(),
  account_id: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  tunnel_name: z.string(),
  request: z.string(),
  health_check_target: z.enum(['string', 'object']),
  idempotency_key: z.string().nullable(),
  fingerprint: z.string().nullable(),
  outcome_at: z.string().nullable(),
  result: z.enum(AUDIT_RESULTS).nullable(),
  status: z.number().nullable(),
  codes: z.string().nullable(),
  cf_ray: z.string().nullable(),
  tunnel_id: z.string().nullable(),
  duration_ms: z.number().nullable(),
  reconciled: z.number().nullable(),
  answer: z.string().nullable(),
});
type Row = z.infer<typeof rowSchema>;

function toEntry(row: Row): AuditEntry {
  return auditEntrySchema.parse({
    id: row.id,
    at: row.at,
    requestId: row.request_id,
    person: row.person,
    personName: row.person_name,
    accountId: row.account_id,
    action: row.action,
    tunnelName: row.tunnel_name,
    request: JSON.parse(row.request),
    outcome: row.result && {
      at: row.outcome_at,
      result: row.result,
      status: row.status ?? undefined,
      codes: JSON.parse(row.codes ?? '[]'),
      cfRay: row.cf_ray ?? undefined,
      tunnelId: row.tunnel_id ?? undefined,
      durationMs: row.duration_ms ?? undefined,
      reconciled: row.reconciled === 1,
    },
  });
}

function toRecordedCreate(unparsed: Record<string, SQLOutputValue>): RecordedCreate {
  const row = rowSchema.parse(unparsed);
  const { idempotency_key: key, fingerprint, answer } = row;
  return {
    entry: toEntry(row),
    healthCheckTarget: row.health_check_target,
    idempotency: key === null || fingerprint === null ? undefined : { key, fingerprint },
    answer: answer === null ? undefined : apiResponseSchema.parse(JSON.parse(answer)),
  };
}
