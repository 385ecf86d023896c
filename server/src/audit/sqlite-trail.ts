// The embedded audit trail, on Node.js's own SQLite: one file, written ahead, flushed at every commit.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { z } from 'zod';
import { type AuditTrail, type Entry, type EntryFilter, type Intent, type Outcome, RESULTS } from './trail.ts';

/** Each brings the schema from its index to the next; `user_version` says how many a file has had. */
const MIGRATIONS = [
  `CREATE TABLE intents (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at TEXT NOT NULL,
     request_id TEXT NOT NULL,
     person TEXT NOT NULL,
     account_id TEXT NOT NULL,
     action TEXT NOT NULL,
     tunnel_name TEXT NOT NULL,
     request TEXT NOT NULL,
     idempotency_key TEXT UNIQUE,
     fingerprint TEXT
   ) STRICT;
   CREATE TABLE outcomes (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     intent_id INTEGER NOT NULL REFERENCES intents (id),
     at TEXT NOT NULL,
     result TEXT NOT NULL,
     status INTEGER,
     codes TEXT,
     cf_ray TEXT,
     tunnel_id TEXT,
     duration_ms REAL,
     reconciled INTEGER,
     answer TEXT
   ) STRICT;
   CREATE INDEX outcomes_of_intent ON outcomes (intent_id, id);
   CREATE INDEX intents_by_person ON intents (person, id);
   CREATE INDEX intents_by_account ON intents (account_id, id);
   CREATE INDEX intents_by_tunnel_name ON intents (tunnel_name, id);
   CREATE TRIGGER intents_stay BEFORE UPDATE ON intents BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TRIGGER intents_remain BEFORE DELETE ON intents BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TRIGGER outcomes_stay BEFORE UPDATE ON outcomes BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
   CREATE TRIGGER outcomes_remain BEFORE DELETE ON outcomes BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;`,
] as const;

/** An intent beside the last of its outcomes. */
const ENTRIES = `
  SELECT intents.*, outcomes.at AS outcome_at, result, status, codes, cf_ray, tunnel_id, duration_ms, reconciled, answer
  FROM intents LEFT JOIN outcomes
    ON outcomes.id = (SELECT max(id) FROM outcomes WHERE intent_id = intents.id)`;

/** Opens the trail in the folder, making both where they are missing. Throws when that fails. */
export function openSqliteTrail(dataDir: string): AuditTrail {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(dataDir, 'audit.sqlite'), { timeout: 5000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  migrate(database);

  const insertIntent = database.prepare(
    `INSERT INTO intents (at, request_id, person, account_id, action, tunnel_name, request, idempotency_key, fingerprint)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertOutcome = database.prepare(
    `INSERT INTO outcomes (intent_id, at, result, status, codes, cf_ray, tunnel_id, duration_ms, reconciled, answer)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectByKey = database.prepare(`${ENTRIES} WHERE idempotency_key = ?`);
  const selectOpen = database.prepare(`${ENTRIES} WHERE result IS NULL OR result = 'interrupted' ORDER BY intents.id`);

  return {
    begin(intent: Intent) {
      const { requestId, person, accountId, action, tunnelName, request, idempotency } = intent;
      const { lastInsertRowid } = insertIntent.run(
        new Date().toISOString(),
        requestId,
        person,
        accountId,
        action,
        tunnelName,
        request,
        idempotency?.key ?? null,
        idempotency?.fingerprint ?? null,
      );
      return Number(lastInsertRowid);
    },
    finish(entryId: number, outcome: Outcome) {
      insertOutcome.run(
        entryId,
        new Date().toISOString(),
        outcome.result,
        outcome.status ?? null,
        outcome.codes === undefined ? null : JSON.stringify(outcome.codes),
        outcome.cfRay ?? null,
        outcome.tunnelId ?? null,
        outcome.durationMs ?? null,
        outcome.reconciled === undefined ? null : Number(outcome.reconciled),
        outcome.answer ?? null,
      );
    },
    findByIdempotencyKey(key: string) {
      const row = selectByKey.get(key);
      return row && { entry: toEntry(row), fingerprint: String(row['fingerprint']) };
    },
    open: () => selectOpen.all().map(toEntry),
    page(filter: EntryFilter, limit: number, before?: number) {
      const { sql, values } = toCondition(filter, before);
      const rows = database.prepare(`${ENTRIES} ${sql} ORDER BY intents.id DESC LIMIT ?`).all(...values, limit + 1);
      const entries = rows.slice(0, limit).map(toEntry);
      return { entries, next: rows.length > limit ? entries.at(-1)?.id : undefined };
    },
    isWritable() {
      try {
        // Takes the write lock, which a full disk, a lost mount or a read-only file refuses.
        database.exec('BEGIN IMMEDIATE; ROLLBACK');
        return true;
      } catch {
        return false;
      }
    },
    close: () => database.close(),
  };
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > MIGRATIONS.length) throw new Error('the audit trail was written by a newer version of this server');
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index >= version) database.exec(`BEGIN; ${migration} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

function toCondition({ person, accountId, tunnelName, result }: EntryFilter, before: number | undefined) {
  const conditions: (readonly [sql: string, value: SQLInputValue | undefined])[] = [
    ['intents.id < ?', before],
    ['person = ?', person],
    ['account_id = ?', accountId],
    ['tunnel_name = ?', tunnelName],
    ['result = ?', result],
  ];
  const set = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  return {
    sql: set.length === 0 ? '' : `WHERE ${set.map(({ sql }) => sql).join(' AND ')}`,
    values: set.map(({ value }) => value),
  };
}

const rowSchema = z.object({
  id: z.number(),
  at: z.string(),
  request_id: z.string(),
  person: z.string(),
  account_id: z.string(),
  action: z.enum(['create', 'validate']),
  tunnel_name: z.string(),
  request: z.string(),
  outcome_at: z.string().nullable(),
  result: z.enum(RESULTS).nullable(),
  status: z.number().nullable(),
  codes: z.string().nullable(),
  cf_ray: z.string().nullable(),
  tunnel_id: z.string().nullable(),
  duration_ms: z.number().nullable(),
  reconciled: z.number().nullable(),
  answer: z.string().nullable(),
});

function toEntry(unparsed: Record<string, SQLOutputValue>): Entry {
  const row = rowSchema.parse(unparsed);
  return {
    id: row.id,
    at: row.at,
    requestId: row.request_id,
    person: row.person,
    accountId: row.account_id,
    action: row.action,
    tunnelName: row.tunnel_name,
    request: row.request,
    outcome:
      row.result === null || row.outcome_at === null
        ? undefined
        : {
            at: row.outcome_at,
            result: row.result,
            status: row.status ?? undefined,
            codes: row.codes === null ? undefined : z.array(z.number()).parse(JSON.parse(row.codes)),
            cfRay: row.cf_ray ?? undefined,
            tunnelId: row.tunnel_id ?? undefined,
            durationMs: row.duration_ms ?? undefined,
            reconciled: row.reconciled === null ? undefined : row.reconciled === 1,
            answer: row.answer ?? undefined,
          },
  };
}
