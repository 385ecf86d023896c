// The schema of the database, as a list of changes: a file of any earlier version is upgraded by those it has not had.

import { firstIntentRecord, intentRecord, outcomeRecord } from './chain-sql.ts';

const APPEND_ONLY = "SELECT RAISE(ABORT, 'the audit trail is append-only');";
const PREVIOUS = `coalesce((SELECT hash FROM chain ORDER BY position DESC LIMIT 1), '${'0'.repeat(64)}')`;

/** Adds a link for the record, with the hash of its row. */
function addLink(kind: 'intent' | 'outcome', id: string, record: string): string {
  return `INSERT INTO chain (position, kind, row_id, hash)
     SELECT coalesce(max(position), 0) + 1, '${kind}', ${id}, link_hash(${PREVIOUS}, ${record}) FROM chain;`;
}

/** Each is run once, in this order, and never edited: files that have had it exist. */
export const MIGRATIONS = [
  // 1: creates and validations of IPsec tunnels.
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
  // 2: any action on any kind of resource. What is there already was done to IPsec tunnels, and their health-check target
  // was the one option of their calls.
  `ALTER TABLE intents RENAME COLUMN tunnel_name TO resource_name;
   ALTER TABLE intents RENAME COLUMN health_check_target TO options;
   ALTER TABLE intents ADD COLUMN resource_kind TEXT NOT NULL DEFAULT 'ipsec-tunnel';
   ALTER TABLE intents ADD COLUMN resource_id TEXT;
   ALTER TABLE outcomes RENAME COLUMN tunnel_id TO resource_id;
   ALTER TABLE outcomes RENAME COLUMN answer TO response;
   DROP INDEX intents_by_tunnel_name;
   CREATE INDEX intents_by_resource_name ON intents (resource_name);`,
  // 3: a hash chain over all records, with those that are there already in the order of their times; INSERT OR REPLACE
  // cannot rewrite a record; and the outcomes of one account are found by an index.
  `DROP TRIGGER outcomes_never_change;
   ALTER TABLE outcomes ADD COLUMN intent_account_id TEXT;
   UPDATE outcomes SET intent_account_id = (SELECT account_id FROM intents WHERE intents.id = intent_id);
   CREATE TRIGGER outcomes_never_change BEFORE UPDATE ON outcomes BEGIN ${APPEND_ONLY} END;
   CREATE INDEX outcomes_by_account_and_result ON outcomes (intent_account_id, result, intent_id);
   CREATE TABLE chain (
     position INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     row_id INTEGER NOT NULL,
     hash TEXT NOT NULL,
     UNIQUE (kind, row_id)
   ) STRICT;
   CREATE TRIGGER intents_are_chained AFTER INSERT ON intents
     BEGIN ${addLink('intent', 'NEW.id', firstIntentRecord('NEW'))} END;
   CREATE TRIGGER outcomes_are_chained AFTER INSERT ON outcomes
     BEGIN ${addLink('outcome', 'NEW.id', outcomeRecord('NEW'))} END;
   CREATE TEMP TABLE unchained (kind TEXT, row_id INTEGER);
   CREATE TEMP TRIGGER intents_join AFTER INSERT ON unchained WHEN NEW.kind = 'intent' BEGIN
     ${addLink('intent', 'NEW.row_id', `(SELECT ${firstIntentRecord('intents')} FROM intents WHERE id = NEW.row_id)`)} END;
   CREATE TEMP TRIGGER outcomes_join AFTER INSERT ON unchained WHEN NEW.kind = 'outcome' BEGIN
     ${addLink('outcome', 'NEW.row_id', `(SELECT ${outcomeRecord('outcomes')} FROM outcomes WHERE id = NEW.row_id)`)} END;
   INSERT INTO unchained
     SELECT kind, id FROM (SELECT 'intent' AS kind, id, at FROM intents UNION ALL SELECT 'outcome', id, at FROM outcomes)
     ORDER BY at, kind, id;
   DROP TABLE unchained;
   CREATE TRIGGER intents_never_replaced BEFORE INSERT ON intents
     WHEN EXISTS (SELECT 1 FROM intents WHERE id = NEW.id)
       OR EXISTS (SELECT 1 FROM intents WHERE idempotency_key = NEW.idempotency_key)
     BEGIN ${APPEND_ONLY} END;
   CREATE TRIGGER outcomes_never_replaced BEFORE INSERT ON outcomes
     WHEN EXISTS (SELECT 1 FROM outcomes WHERE id = NEW.id) BEGIN ${APPEND_ONLY} END;
   CREATE TRIGGER chain_never_changes BEFORE UPDATE ON chain BEGIN ${APPEND_ONLY} END;
   CREATE TRIGGER chain_never_goes BEFORE DELETE ON chain BEGIN ${APPEND_ONLY} END;
   CREATE TRIGGER chain_never_replaced BEFORE INSERT ON chain
     WHEN EXISTS (SELECT 1 FROM chain WHERE position = NEW.position OR (kind = NEW.kind AND row_id = NEW.row_id))
     BEGIN ${APPEND_ONLY} END;`,
  // 4: whether a resource is another submission's is asked whenever one is looked for.
  `CREATE INDEX outcomes_by_resource ON outcomes (resource_id) WHERE resource_id IS NOT NULL;`,
  // 5: what a resource was right before it was changed or deleted.
  `DROP TRIGGER intents_are_chained;
   ALTER TABLE intents ADD COLUMN resource_before TEXT;
   CREATE TRIGGER intents_are_chained AFTER INSERT ON intents
     BEGIN ${addLink('intent', 'NEW.id', intentRecord('NEW'))} END;`,
  // 6: entries are looked for by time, by action and by what they were done to.
  `CREATE INDEX intents_by_time ON intents (at);
   CREATE INDEX intents_by_action ON intents (action);
   CREATE INDEX intents_by_resource ON intents (resource_id) WHERE resource_id IS NOT NULL;`,
  // 7: what people entered about the routers of tunnels. It is no record of what was done: it changes, and has no chain.
  `CREATE TABLE router_settings (
     account_id TEXT NOT NULL,
     tunnel_id TEXT NOT NULL,
     settings TEXT NOT NULL,
     saved_at TEXT NOT NULL,
     person TEXT NOT NULL,
     PRIMARY KEY (account_id, tunnel_id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX router_settings_by_time ON router_settings (account_id, saved_at);`,
  // 8: batches of creates. What became of a row is in `outcomes`, by its idempotency key.
  `CREATE TABLE tunnel_batches (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     account_id TEXT NOT NULL,
     uuid TEXT NOT NULL,
     body_hash TEXT NOT NULL,
     source TEXT NOT NULL,
     created_at TEXT NOT NULL,
     person TEXT NOT NULL,
     person_name TEXT NOT NULL,
     UNIQUE (account_id, uuid)
   ) STRICT;
   CREATE TABLE tunnel_batch_rows (
     batch_id INTEGER NOT NULL REFERENCES tunnel_batches (id) ON DELETE CASCADE,
     number INTEGER NOT NULL,
     request TEXT NOT NULL,
     key_source TEXT NOT NULL,
     shares_key_with INTEGER,
     idempotency_key TEXT,
     PRIMARY KEY (batch_id, number)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX tunnel_batch_rows_by_key ON tunnel_batch_rows (idempotency_key) WHERE idempotency_key IS NOT NULL;`,
  // 9: which row of its import a row of a batch was.
  'ALTER TABLE tunnel_batch_rows ADD COLUMN import_row INTEGER;',
  // 10: tunnels as the desk last made, saved, accepted or first saw them, since when an account's are compared with that, and
  // what was found to differ and told. Another version stands for another knowledge: none is ever given twice.
  `CREATE TABLE known_tunnels (
     version INTEGER PRIMARY KEY AUTOINCREMENT,
     account_id TEXT NOT NULL,
     tunnel_id TEXT NOT NULL,
     request TEXT NOT NULL,
     known_at TEXT NOT NULL,
     person_name TEXT,
     how TEXT NOT NULL,
     UNIQUE (account_id, tunnel_id)
   ) STRICT;
   CREATE TABLE compared_accounts (account_id TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE drift_findings (
     account_id TEXT NOT NULL,
     tunnel_id TEXT NOT NULL,
     name TEXT NOT NULL,
     kind TEXT NOT NULL,
     state TEXT NOT NULL,
     PRIMARY KEY (account_id, tunnel_id)
   ) STRICT, WITHOUT ROWID;`,
  // 11: the names of the tunnels that somebody was told are down, as a JSON array. An account without a row was never watched.
  `CREATE TABLE told_down (account_id TEXT PRIMARY KEY, names TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
] as const;
