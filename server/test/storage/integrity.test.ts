// What happens to the files of the audit trail behind the desk's back is noticed, and told.

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AuditVerification, auditVerificationSchema } from '@tunnel-desk/shared/api/audit';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import type { Outcome } from '../../src/submissions/journal.ts';
import { ask, askApi, create, type Desk, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { startListening } from '../support/process.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { startStubResponding } from '../support/upstream.ts';

const CREATED: Outcome = { result: 'created', status: 200, codes: [], resourceId: TUNNEL.id, reconciled: false };
/** Of a fill: an intent, an open outcome and the final one for each entry. */
const RECORDS_PER_ENTRY = 3;

async function fill({ journal }: Storage, entries: number, description = ''): Promise<void> {
  for (let index = 0; index < entries; index++) {
    const begun = await journal.begin({
      requestId: `request-${index}`,
      person: { id: 'u-ann', name: 'Ann' },
      accountId: ACCOUNT_ID,
      action: 'create',
      resource: { kind: 'ipsec-tunnel', name: `branch-${index}` },
      request: { ...SMALLEST_REQUEST, description },
      options: 'string',
    });
    if (begun.kind !== 'begun') throw new Error('the key is taken');
    await journal.finish(begun.id, { result: 'unknown', codes: [90026], reconciled: false, durationMs: 0.1 + 0.2 });
    await journal.finish(begun.id, CREATED);
  }
}

/** Closed when the test ends. */
async function openTestStorage(folder: string): Promise<Storage> {
  const storage = openStorage(folder);
  onTestFinished(() => storage.close());
  await storage.opened;
  return storage;
}

/** A folder with a trail of so many entries, closed. */
async function closedTrail(entries: number, description?: string): Promise<string> {
  const folder = temporaryFolder();
  const storage = openStorage(folder);
  await fill(storage, entries, description);
  await storage.close();
  return folder;
}

/** Runs SQL on a closed trail, as somebody could who may write to the folder. */
function tamper(folder: string, sql: string): void {
  const file = new DatabaseSync(join(folder, 'audit.sqlite'));
  const triggers = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) file.exec(`DROP TRIGGER ${name}`);
  file.exec(sql);
  file.close();
}

async function verificationBy(desk: Desk): Promise<AuditVerification> {
  const { status, envelope } = await askApi(`${desk.origin}/api/audit/verify`);
  expect(status).toBe(200);
  return auditVerificationSchema.parse(envelope.result);
}

async function checksOf(desk: Desk): Promise<unknown> {
  const { status, envelope } = await askApi(`${desk.origin}/readyz`);
  return { status, result: envelope.result };
}

describe('the hash chain', () => {
  it('covers every intent and outcome, and its head is told', async () => {
    const storage = openStorage(temporaryFolder());
    await fill(storage, 2);
    const desk = await startDesk({}, { storage });
    const before = await verificationBy(desk);
    expect(before).toEqual({ intact: true, head: { count: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    await create(desk, SMALLEST_REQUEST);
    const after = await verificationBy(desk);
    expect(after).toMatchObject({ intact: true, head: { count: 8 } });
    expect(after.head.hash).not.toBe(before.head.hash);
  });

  it.each([
    ["UPDATE intents SET person = 'u-eve' WHERE id = 2", { position: 4, entryId: 2, reason: 'it was changed' }],
    ["UPDATE intents SET request = '{}' WHERE id = 1", { position: 1, entryId: 1, reason: 'it was changed' }],
    ["UPDATE intents SET fingerprint = 'f' WHERE id = 3", { position: 7, entryId: 3, reason: 'it was changed' }],
    ["UPDATE outcomes SET result = 'refused' WHERE id = 2", { position: 3, entryId: 1, reason: 'it was changed' }],
    ["UPDATE outcomes SET response = '{}' WHERE id = 4", { position: 6, entryId: 2, reason: 'it was changed' }],
    ["UPDATE outcomes SET intent_account_id = '' WHERE id = 1", { position: 2, entryId: 1, reason: 'it was changed' }],
    ['DELETE FROM outcomes WHERE id = 6', { position: 9, reason: 'its record is missing' }],
    ['DELETE FROM chain WHERE position = 5', { position: 5, reason: 'its link is missing' }],
    ["UPDATE chain SET hash = 'x' WHERE position = 8", { position: 8, entryId: 3, reason: 'it was changed' }],
    ['DELETE FROM chain WHERE position = 9', { entryId: 3, reason: 'a record of it is not in the chain' }],
    [
      `INSERT INTO outcomes (intent_id, at, result, codes, reconciled) VALUES (2, 'now', 'refused', '[]', 0)`,
      { entryId: 2, reason: 'a record of it is not in the chain' },
    ],
  ])('shows where it breaks after %s', async (sql, broken) => {
    const folder = await closedTrail(3);
    tamper(folder, sql);
    const verification = await (await openTestStorage(folder)).auditLog.verify();
    expect(verification).toMatchObject({ intact: false, broken });
  });

  it('shows entries that were taken off its end together with their links', async () => {
    const folder = await closedTrail(3);
    const { head } = await (await openTestStorage(copyOf(folder))).opened;
    tamper(
      folder,
      'DELETE FROM outcomes WHERE intent_id = 3; DELETE FROM intents WHERE id = 3; DELETE FROM chain WHERE position > 6',
    );
    const storage = await openTestStorage(folder);
    expect(await storage.opened).toMatchObject({ head: { count: 6 }, lost: head });
    expect(await storage.auditLog.verify()).toMatchObject({ intact: false, lost: head });
  });

  it('is for operators', async () => {
    const proxy = await startProxy();
    const desk = await startDesk(proxy.environment);
    const as = async (...groups: string[]) => {
      const headers = { [HEADER]: await proxy.sign({ groups }) };
      return (await askApi(`${desk.origin}/api/audit/verify`, { headers })).status;
    };
    expect([await as('net-ops'), await as('readers')]).toEqual([200, 403]);
    expect((await askApi(`${desk.origin}/api/audit/verify`)).status).toBe(401);
  });

  it('is read on a thread of its own while writes go on, and the file stays open to this server alone', async () => {
    const folder = temporaryFolder();
    const storage = await openTestStorage(folder);
    await fill(storage, 5);
    const [found] = await Promise.all([storage.auditLog.verify(), fill(storage, 20)]);
    expect(found).toMatchObject({ intact: true });
    expect(await storage.auditLog.verify()).toMatchObject({ intact: true, head: { count: 25 * RECORDS_PER_ENTRY } });
    // Of another process: closing a file ends all locks that a process has on it.
    const read = `new (require('node:sqlite').DatabaseSync)(process.argv[1]).exec('SELECT * FROM intents')`;
    const { stderr } = spawnSync(process.execPath, ['-e', read, join(folder, 'audit.sqlite')], { encoding: 'utf8' });
    expect(stderr).toContain('database is locked');
  });

  it('has its head in the log at the start and at the stop', async () => {
    const DATA_DIR = temporaryFolder();
    const { child, logLines: lines, address, readUntil } = await startListening({ DATA_DIR });
    expect(lines.find((line) => line.includes('The audit trail is open'))).toContain('"auditHead":{"count":0,');
    await fetch(`${address}/api/accounts/5a4db0c0000000000000000000000001/magic/ipsec_tunnels`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(SMALLEST_REQUEST),
    });
    child.kill('SIGTERM');
    await readUntil();
    expect(lines.at(-1)).toContain('"auditHead":{"count":2,');
    expect(lines.at(-1)).toContain(readFileSync(join(DATA_DIR, 'sandbox-audit.head'), 'utf8').slice(-67, -2));
  });
});

/** A copy of a folder. */
function copyOf(folder: string): string {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

describe('entries that a crash lost', () => {
  it.each<[string, (wal: string) => void]>([
    ['gone', (wal) => rmSync(wal)],
    ['cut', (wal) => truncateSync(wal, Math.floor(statSync(wal).size / 2))],
    [
      'garbled',
      (wal) => {
        const file = openSync(wal, 'r+');
        writeSync(file, 'garbled'.repeat(2000), Math.floor(statSync(wal).size / 2));
        closeSync(file);
      },
    ],
  ])('are told of at every start and by the verification: what was written ahead is %s', async (_how, spoil) => {
    const folder = temporaryFolder();
    const storage = await openTestStorage(folder);
    await fill(storage, 10);
    const count = 10 * RECORDS_PER_ENTRY;
    await expect.poll(() => readFileSync(join(folder, 'audit.head'), 'utf8')).toContain(`"count":${count},`);
    const DATA_DIR = copyOf(folder);
    spoil(join(DATA_DIR, 'audit.sqlite-wal'));
    for (const _start of [1, 2]) {
      const desk = await startDesk({}, { storage: openStorage(DATA_DIR) });
      const line = desk.logLines.find((each) => each.includes('AUDIT TRAIL: entries are missing or changed'));
      expect(line).toContain(`"level":50`);
      expect(line).toContain(`it had ${count} records`);
      expect(await verificationBy(desk)).toMatchObject({ intact: false, lost: { count } });
      expect(await checksOf(desk), 'the file itself is sound').toMatchObject({ status: 200 });
      await create(desk, SMALLEST_REQUEST);
      await desk.app.close();
    }
    rmSync(join(DATA_DIR, 'audit.head.lost'));
    expect(await (await openTestStorage(DATA_DIR)).auditLog.verify()).toMatchObject({ intact: true });
  });

  it('are not told of where there are none: the process was killed, and all that was written is there', async () => {
    const folder = temporaryFolder();
    const storage = await openTestStorage(folder);
    await fill(storage, 10);
    const { lost, head } = await (await openTestStorage(copyOf(folder))).opened;
    expect({ lost, count: head.count }).toEqual({ lost: undefined, count: 10 * RECORDS_PER_ENTRY });
  });
});

describe('a file that is not the one the desk opened', () => {
  it.each<[string, (file: string) => void]>([
    ['the database is deleted', (file) => rmSync(file)],
    ['what is written ahead is deleted', (file) => rmSync(`${file}-wal`)],
    [
      'the database is replaced by a copy',
      (file) => {
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
    [
      'what is written ahead is replaced',
      (file) => {
        writeFileSync(`${file}-new`, '');
        renameSync(`${file}-new`, `${file}-wal`);
      },
    ],
    ['what is written ahead is emptied', (file) => truncateSync(`${file}-wal`)],
    [
      'its folder is moved away',
      (file) => {
        const folder = dirname(file);
        renameSync(folder, `${folder}-moved`);
      },
    ],
  ])('is noticed before anything is sent: %s', async (_what, spoil) => {
    const folder = join(temporaryFolder(), 'data');
    mkdirSync(folder);
    const storage = openStorage(folder);
    await fill(storage, 3);
    const stub = await startStubResponding({ body: { success: true, result: TUNNEL } });
    const desk = await startDesk(upstreamAt(stub.baseUrl), { storage });
    expect((await create(desk, SMALLEST_REQUEST)).status).toBe(200);
    const sent = stub.requests.filter(({ method }) => method === 'POST').length;
    spoil(join(folder, 'audit.sqlite'));
    const { status, envelope } = await create(desk, SMALLEST_REQUEST);
    expect({ status, code: envelope.errors[0]?.code }).toEqual({ status: 503, code: ERRORS.auditUnavailable.code });
    expect(stub.requests.filter(({ method }) => method === 'POST')).toHaveLength(sent);
    const ready = await ask(`${desk.origin}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.text).toContain('"auditTrail":"failing"');
    expect(desk.logLines.join('')).toMatch(/was (deleted|replaced|shortened) while this server had it open/);
  });
});

describe('a damaged page', () => {
  /** The fortieth page, which is one of an entry's. */
  function damage(folder: string, bytes: Buffer, offset = 0): void {
    const file = openSync(join(folder, 'audit.sqlite'), 'r+');
    writeSync(file, bytes, 0, bytes.length, 40 * 4096 + offset);
    closeSync(file);
  }
  const FAILING = { status: 503, result: { checks: { auditFile: 'failing' } } };

  it.each<[string, Buffer, number]>([
    ['a whole page', Buffer.alloc(4096, 0xa5), 0],
    ['some bytes of a text', Buffer.from('changed behind the back of the desk'), 1000],
  ])('makes the desk not ready, and the log says what is wrong: %s', async (_what, bytes, offset) => {
    const folder = await closedTrail(20, 'x'.repeat(20_000));
    const desk = await startDesk({}, { storage: openStorage(folder) });
    damage(folder, bytes, offset);
    await expect.poll(() => checksOf(desk)).toMatchObject(FAILING);
    expect(desk.logLines.join('')).toContain('the audit trail is damaged');
    expect(await verificationBy(desk)).toMatchObject({ intact: false });
  });

  it('is noticed by a desk that was ready before', async () => {
    const folder = await closedTrail(20, 'x'.repeat(20_000));
    const storage = openStorage(folder);
    const desk = await startDesk({}, { storage });
    await expect.poll(() => storage.recentVerification()).toMatchObject({ intact: true });
    expect(await checksOf(desk)).toMatchObject({ status: 200 });
    damage(folder, Buffer.alloc(4096, 0xa5));
    await expect.poll(() => checksOf(desk)).toMatchObject(FAILING);
  });
});
