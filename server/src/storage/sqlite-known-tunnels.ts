// What the desk knows of tunnels, in the database; beside it in the audit trail, who accepted what, and what was found.

import { DRIFT_KINDS, KNOWN_HOWS } from '@tunnel-desk/shared/api/drift';
import { z } from 'zod';
import type { DriftNote, Finding, KnownTunnel, KnownTunnels, TouchedTunnels } from '../known-tunnels/known-tunnels.ts';
import { fromStoredText, toStoredText } from './chain.js';
import type { Database } from './database.ts';
import { IS_LAST } from './entries.ts';
import type { Row } from './thread-messages.ts';

const KNOWN = 'SELECT tunnel_id, request, known_at, person_name, how, version FROM known_tunnels WHERE account_id = ?';
const SELECT_AFTER = `${KNOWN} AND tunnel_id > ? ORDER BY tunnel_id`;
const SELECT_ONE = `${KNOWN} AND tunnel_id = ?`;
const SELECT_SINCE = 'SELECT since FROM compared_accounts WHERE account_id = ?';
const INSERT_SINCE = 'INSERT INTO compared_accounts (account_id, since) VALUES (?, ?) ON CONFLICT DO NOTHING';
const FORGET = 'DELETE FROM known_tunnels WHERE account_id = ? AND tunnel_id IN (SELECT value FROM json_each(?))';
/** A tunnel that was deleted here never comes back under its ID: only a list from before still has it. */
const INSERT_FIRST_SEEN = `
  INSERT INTO known_tunnels (account_id, tunnel_id, request, known_at, how)
  SELECT ?1, tunnel.value ->> '$.tunnelId', tunnel.value -> '$.request', ?2, 'first-seen' FROM json_each(?3) AS tunnel
  WHERE NOT EXISTS (
    SELECT 1 FROM intents JOIN outcomes ON ${IS_LAST}
    WHERE intents.resource_id = tunnel.value ->> '$.tunnelId' AND result = 'deleted')
  ON CONFLICT DO NOTHING`;
/** From the few recent entries (CROSS JOIN and the index by time), not through all of the account. */
const SELECT_TOUCHED = `
  SELECT coalesce(intents.resource_id, outcomes.resource_id), resource_name
  FROM intents LEFT JOIN outcomes ON ${IS_LAST}
  WHERE intents.at >= ?1 AND +account_id = ?2 AND +action IN ('create', 'update', 'delete', 'accept-drift')
    AND (result IS NULL OR result IN ('unknown', 'interrupted')
      OR (outcomes.at >= ?3 AND result IN ('created', 'updated', 'deleted', 'accepted')))`;

/** What was known is still of that version; none where it is `NULL`. */
const IS_OF_VERSION = '(SELECT version FROM known_tunnels WHERE account_id = ?1 AND tunnel_id = ?2) IS ?3';
const IS_NEW = `NOT EXISTS (
  SELECT 1 FROM drift_findings WHERE account_id = ?1 AND tunnel_id = ?2 AND kind = ?3 AND state = ?4)`;
const INTENT_COLUMNS = `
  (account_id, resource_id, resource_kind, options, action, at, request_id, person, person_name, resource_name, request,
   resource_before)`;
const INSERT_ACCEPTANCE = `
  INSERT INTO intents ${INTENT_COLUMNS}
  SELECT ?1, ?2, 'ipsec-tunnel', '', 'accept-drift', ?4, ?, ?, ?, ?, ?, ? WHERE ${IS_OF_VERSION} RETURNING id`;
const INSERT_FINDING_INTENT = `
  INSERT INTO intents ${INTENT_COLUMNS}
  SELECT ?1, ?2, 'ipsec-tunnel', '', 'find-drift', ?5, ?, ?, ?, ?, ?, ? WHERE ${IS_NEW} RETURNING id`;
/** Of the intent of this request that was recorded right before, if it was. */
const INSERT_OUTCOME = `
  INSERT INTO outcomes (intent_id, intent_account_id, at, result, codes, reconciled)
  SELECT id, account_id, at, ?2, '[]', 0 FROM intents
  WHERE id = (SELECT max(id) FROM intents) AND request_id = ?1 AND action IN ('accept-drift', 'find-drift')`;
const ACCEPT_PRESENT = `
  INSERT OR REPLACE INTO known_tunnels (account_id, tunnel_id, request, known_at, person_name, how)
  SELECT ?1, ?2, ?4, ?, ?, 'accepted' WHERE ${IS_OF_VERSION}`;
const ACCEPT_GONE = 'DELETE FROM known_tunnels WHERE account_id = ?1 AND tunnel_id = ?2 AND version IS ?3';

const SELECT_FINDINGS = 'SELECT tunnel_id, name, kind, state FROM drift_findings WHERE account_id = ?';
const UPSERT_FINDING = `
  INSERT OR REPLACE INTO drift_findings (account_id, tunnel_id, kind, state, name) VALUES (?, ?, ?, ?, ?)`;
const DELETE_FINDING = 'DELETE FROM drift_findings WHERE account_id = ? AND tunnel_id = ?';

/** Little to hold in memory, and nobody waits long for a turn. */
const SLICE = { rows: 100, characters: 256_000 };

export function createSqliteKnownTunnels({ read, write, readSlice }: Database): KnownTunnels {
  return {
    async *all(accountId) {
      for (let after = ''; ; ) {
        const { rows, hasMore } = await readSlice(SLICE, SELECT_AFTER, accountId, after);
        yield rows.map(toKnown);
        if (!hasMore) return;
        after = String(rows.at(-1)?.[0]);
      }
    },
    async find(accountId, tunnelId) {
      const [row] = await read(SELECT_ONE, accountId, tunnelId);
      return row && toKnown(row);
    },
    async comparingSince(accountId) {
      const [row] = await read(SELECT_SINCE, accountId);
      return row && String(row[0]);
    },
    async addFirstSeen(accountId, tunnels) {
      await write(INSERT_FIRST_SEEN, accountId, now(), JSON.stringify(tunnels));
    },
    async forget(accountId, tunnelIds) {
      if (tunnelIds.length > 0) await write(FORGET, accountId, JSON.stringify(tunnelIds));
    },
    async startComparing(accountId) {
      const at = now();
      await write(INSERT_SINCE, accountId, at);
      return at;
    },
    async touchedSince(accountId, since, { openSince }) {
      const rows = await read(SELECT_TOUCHED, openSince.toISOString(), accountId, since.toISOString());
      return toTouched(rows);
    },
    async accept(note, version) {
      const { accountId, tunnelId, now: present, person } = note;
      const place = [accountId, tunnelId, version ?? null] as const;
      const at = now();
      // All in one transaction, and each on the same condition.
      const [recorded] = await Promise.all([
        write(INSERT_ACCEPTANCE, ...place, ...recordedValues(note, at)),
        write(INSERT_OUTCOME, note.requestId, 'accepted'),
        present === undefined
          ? write(ACCEPT_GONE, ...place)
          : write(ACCEPT_PRESENT, ...place, JSON.stringify(present), at, toStoredText(person.name)),
      ]);
      return recorded.length > 0;
    },
    async findings(accountId) {
      const rows = await read(SELECT_FINDINGS, accountId);
      return rows.map(([tunnelId, name, kind, state]) =>
        findingSchema.parse({ tunnelId, kind, state, name: fromStoredText(String(name)) }),
      );
    },
    async addFinding(note, { kind, state, name }, result) {
      const place = [note.accountId, note.tunnelId, kind, state] as const;
      const [recorded] = await Promise.all([
        write(INSERT_FINDING_INTENT, ...place, ...recordedValues(note, now())),
        write(INSERT_OUTCOME, note.requestId, result),
        write(UPSERT_FINDING, ...place, toStoredText(name)),
      ]);
      return recorded.length > 0;
    },
    async removeFinding(accountId, tunnelId) {
      await write(DELETE_FINDING, accountId, tunnelId);
    },
  };
}

const findingSchema = z.object({
  tunnelId: z.string(),
  name: z.string(),
  kind: z.enum(DRIFT_KINDS),
  state: z.string(),
}) satisfies z.ZodType<Finding>;
const requestSchema = z.looseObject({ name: z.string() });
const howSchema = z.enum(KNOWN_HOWS);

function now(): string {
  return new Date().toISOString();
}

/** Throws where a row is not what this server writes. */
function toKnown([tunnelId, request, since, personName, how, version]: Row): KnownTunnel {
  return {
    tunnelId: String(tunnelId),
    request: requestSchema.parse(JSON.parse(String(request))),
    since: String(since),
    knownBy: {
      ...(typeof personName === 'string' && { personName: fromStoredText(personName) }),
      how: howSchema.parse(how),
    },
    version: Number(version),
  };
}

function recordedValues({ requestId, person, name, before, now: present }: DriftNote, at: string) {
  return [
    ...[at, requestId, toStoredText(person.id), toStoredText(person.name), toStoredText(name)],
    ...[JSON.stringify(present ?? {}), before === undefined ? null : JSON.stringify(before)],
  ];
}

function toTouched(rows: readonly Row[]): TouchedTunnels {
  const ids = rows.flatMap(([id]) => (typeof id === 'string' ? [id] : []));
  const names = rows.flatMap(([id, name]) => (id === null ? [fromStoredText(String(name))] : []));
  return { ids: new Set(ids), names: new Set(names) };
}
