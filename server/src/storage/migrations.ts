// The schema of the database, as a list of changes: a file of any earlier version is upgraded by those it has not had.

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
  // 3: whether a resource is another submission's is asked whenever one is looked for.
  `CREATE INDEX outcomes_by_resource ON outcomes (resource_id) WHERE resource_id IS NOT NULL;`,
] as const;
