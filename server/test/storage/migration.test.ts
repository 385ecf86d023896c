// A database that an earlier version of the server wrote is brought along whole.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/storage/database.ts';
import { MIGRATIONS } from '../../src/storage/migrations.ts';
import { createSqliteJournal } from '../../src/storage/sqlite-journal.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { askApi, create, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, INTENT, PSK, ROUTER_SETTINGS } from '../support/samples.ts';
import { startStubResponding } from '../support/upstream.ts';

const TUNNEL_ID = 'c4a7362d577a6c3019a474fd6f485821';
const KEYS = {
  created: '11111111-1111-4111-8111-111111111111',
  unknown: '22222222-2222-4222-8222-222222222222',
  interrupted: '33333333-3333-4333-8333-333333333333',
};
const KEYED_REQUEST = {
  name: 'keyed',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  psk: PSK,
};

/** A folder with the database in it. */
function folderOfVersion1(): string {
  const folder = temporaryFolder();
  const file = new DatabaseSync(join(folder, 'audit.sqlite'));
  file.exec(readFileSync(new URL('../fixtures/database-version-1.sql', import.meta.url), 'utf8'));
  file.close();
  return folder;
}

it('has every entry and outcome', async () => {
  const { auditLog, journal, close } = openStorage(folderOfVersion1());
  onTestFinished(close);
  const { entries } = await auditLog.page({}, 50);
  expect(
    entries.map(({ id, action, resource, outcome }) => [id, action, resource.name, resource.id, outcome?.result]),
  ).toEqual([
    [7, 'create', 'open', undefined, 'interrupted'],
    [6, 'create', 'interrupted', undefined, 'interrupted'],
    [5, 'create', 'unknown', undefined, 'unknown'],
    [4, 'create', 'refused', undefined, 'refused'],
    [3, 'create', 'keyed', TUNNEL_ID, 'created'],
    [2, 'create', 'created', TUNNEL_ID, 'created'],
    [1, 'validate', 'validated', undefined, 'validated'],
  ]);
  expect(entries.at(-2)).toEqual({
    id: 2,
    at: '2026-11-25T07:53:22.263Z',
    requestId: 'f379a1ab-1951-4fdf-bbaa-be737a93dc03',
    person: 'local',
    personName: 'Local operator',
    accountId: ACCOUNT_ID,
    action: 'create',
    resource: { kind: 'ipsec-tunnel', id: TUNNEL_ID, name: 'created' },
    tunnelName: 'created',
    request: {
      name: 'created',
      cloudflare_endpoint: '198.51.100.1',
      customer_endpoint: '203.0.113.7',
      interface_address: '10.0.0.0/31',
    },
    outcome: {
      at: '2026-11-25T07:53:22.267Z',
      result: 'created',
      status: 200,
      codes: [],
      cfRay: '8f1c2d3e4f5a6b7c-FRA',
      tunnelId: TUNNEL_ID,
      durationMs: 3,
      reconciled: false,
    },
  });
  const unsettled = await journal.unsettled();
  expect(unsettled.map(({ entry, options }) => [entry.id, options])).toEqual([
    [5, 'string'],
    [6, 'object'],
    [7, 'object'],
  ]);
});

it('has every key with its response', async () => {
  const { journal, close } = openStorage(folderOfVersion1());
  onTestFinished(close);
  expect(await journal.find(KEYS.created)).toMatchObject({
    entry: { id: 3 },
    response: { status: 200, envelope: { success: true, result: { id: TUNNEL_ID, name: 'keyed' } } },
  });
  expect(await journal.find(KEYS.unknown)).toMatchObject({
    entry: { id: 5 },
    response: { status: 500, envelope: { success: false, errors: [{ code: 90026 }, { code: 1001 }] } },
  });
  expect(await journal.find(KEYS.interrupted)).toMatchObject({ entry: { id: 6 }, response: undefined });
});

it('recognizes the request that a key was used for', async () => {
  const stub = await startStubResponding({ body: { success: true, result: { ipsec_tunnels: [] } } });
  const desk = await startDesk({ ...upstreamAt(stub.baseUrl), DATA_DIR: folderOfVersion1() });
  const underKey = { headers: { 'idempotency-key': KEYS.created } };
  const again = await create(desk, KEYED_REQUEST, underKey);
  expect(again.envelope).toMatchObject({ success: true, result: { id: TUNNEL_ID } });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await create(desk, { ...KEYED_REQUEST, name: 'another' }, underKey)).status).toBe(422);
  const { envelope } = await askApi(`${desk.origin}/api/submissions/${KEYS.created}`);
  expect(envelope.result).toMatchObject({ kind: 'done', tunnel: { id: TUNNEL_ID } });
  expect(stub.requests.filter(({ method }) => method === 'POST')).toEqual([]);
});

it('has all its records in the hash chain, and adds to it', async () => {
  const { auditLog, journal, close } = openStorage(folderOfVersion1());
  onTestFinished(close);
  // Seven intents and six outcomes, and that of the start.
  expect(await auditLog.verify()).toMatchObject({ intact: true, head: { count: 14 } });
  await journal.finish(7, { result: 'not-created', codes: [], reconciled: true });
  expect(await auditLog.verify()).toMatchObject({ intact: true, head: { count: 15 } });
});

it('stays append-only, new columns included', async () => {
  const folder = folderOfVersion1();
  const storage = openStorage(folder);
  await storage.opened;
  await storage.close();
  const file = new DatabaseSync(join(folder, 'audit.sqlite'));
  onTestFinished(() => file.close());
  expect(file.prepare('PRAGMA user_version').get()).toEqual({ user_version: 11 });
  for (const sql of [
    "UPDATE intents SET resource_id = 'x'",
    'DELETE FROM intents',
    "UPDATE outcomes SET resource_id = 'x'",
    'DELETE FROM outcomes',
  ]) {
    expect(() => file.exec(sql), sql).toThrow('append-only');
  }
});

it('has what it had before it kept anything about routers, and keeps that from now on', async () => {
  const folder = temporaryFolder();
  const version6 = openDatabase({ file: join(folder, 'audit.sqlite'), migrations: MIGRATIONS.slice(0, 6) });
  await createSqliteJournal(version6).begin(INTENT);
  await version6.close();
  const { auditLog, routerSettings, opened, close } = openStorage(folder);
  onTestFinished(close);
  await opened;
  expect((await auditLog.page({}, 50)).entries).toMatchObject([{ id: 1, request: INTENT.request }]);
  expect((await routerSettings.all(ACCOUNT_ID).next()).value).toEqual([]);
  const kept = { tunnelId: TUNNEL_ID, settings: ROUTER_SETTINGS };
  await routerSettings.keep(ACCOUNT_ID, kept, 'u-ann');
  expect((await routerSettings.all(ACCOUNT_ID).next()).value).toEqual([kept]);
  // The intent, and its outcome at the start: what is kept about routers is no record of the trail.
  expect(await auditLog.verify()).toMatchObject({ intact: true, head: { count: 2 } });
});

it('has what it had before it kept batches, and keeps them from now on', async () => {
  const folder = temporaryFolder();
  const version7 = openDatabase({ file: join(folder, 'audit.sqlite'), migrations: MIGRATIONS.slice(0, 7) });
  await createSqliteJournal(version7).begin(INTENT);
  await version7.close();
  const { auditLog, batches, close } = openStorage(folder);
  onTestFinished(close);
  expect((await auditLog.page({}, 50)).entries).toMatchObject([{ id: 1, request: INTENT.request }]);
  const rows = JSON.stringify([{ request: INTENT.request, keySource: 'later' }]);
  const batch = { id: KEYS.created, source: { kind: 'pasted', name: '' }, bodyHash: 'h', rows } as const;
  expect(await batches.begin(ACCOUNT_ID, batch, INTENT.person)).toBe(true);
  expect((await batches.rows(ACCOUNT_ID, KEYS.created).next()).value).toEqual([
    { number: 1, request: INTENT.request, keySource: 'later', state: 'not-tried' },
  ]);
  // The intent, and its outcome at the start: a batch is no record of the trail.
  expect(await auditLog.verify()).toMatchObject({ intact: true, head: { count: 2 } });
});
