// The database's thread: what waits for a slow disk, what does not, and what happens when the thread ends.

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { AUDIT_PATH, submissionPath } from '@tunnel-desk/shared/api/paths';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/storage/database.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import type { Begun } from '../../src/submissions/journal.ts';
import { ask, askApi, create, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { INTENT, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { startStubResponding } from '../support/upstream.ts';

/** Storage whose commits wait from when the gate is closed until it is opened. */
async function gatedStorage() {
  const closed = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const storage = openStorage(temporaryFolder(), { commitGate: { closed } });
  await storage.opened;
  const open = () => {
    Atomics.store(closed, 0, 0);
    Atomics.notify(closed, 0);
  };
  // The thread cannot end while it waits.
  onTestFinished(open);
  return { storage, open, close: () => Atomics.store(closed, 0, 1) };
}

/** Storage, and the thread that it has its database on. */
async function storageWithThread(): Promise<{ readonly storage: Storage; readonly thread: Worker }> {
  const started = Promise.withResolvers<Worker>();
  process.once('worker', started.resolve);
  const storage = openStorage(temporaryFolder());
  await storage.opened;
  return { storage, thread: await started.promise };
}

describe('while a commit waits for the disk', () => {
  it('what needs no database is answered, and what needs it is answered after', async () => {
    const { storage, open, close } = await gatedStorage();
    const begun = Promise.withResolvers<void>();
    const journal = {
      ...storage.journal,
      begin: (...args: Parameters<Storage['journal']['begin']>): Promise<Begun> => {
        begun.resolve();
        return storage.journal.begin(...args);
      },
    };
    const stub = await startStubResponding({ body: { success: true, result: TUNNEL } });
    const desk = await startDesk(upstreamAt(stub.baseUrl), { storage: { ...storage, journal } });
    close();
    const created = create(desk, SMALLEST_REQUEST);
    await begun.promise;
    for (const path of ['/healthz', '/api/session']) expect((await ask(desk.origin + path)).status).toBe(200);
    expect(stub.requests, 'nothing is sent before its intent is on disk').toEqual([]);
    open();
    expect((await created).status).toBe(200);
  });

  it('what else is to be written waits, and is on disk after', async () => {
    const { storage, open, close } = await gatedStorage();
    close();
    const first = storage.journal.begin(INTENT);
    const others = [storage.journal.begin(INTENT), storage.journal.begin(INTENT)];
    open();
    expect(await Promise.all([first, ...others])).toEqual([1, 2, 3].map((id) => ({ kind: 'begun', id })));
  });
});

describe('of many reads of a slice', () => {
  it('each takes a turn, and what is to be written goes in between', async () => {
    const database = openDatabase({ file: join(temporaryFolder(), 'a.sqlite'), migrations: ['CREATE TABLE t (n);'] });
    onTestFinished(() => database.close());
    const ends: string[] = [];
    const slice = (name: string) =>
      database.readSlice({ rows: 1, characters: 10 }, 'SELECT 1').then(() => ends.push(name));
    const write = (name: string) => database.write('INSERT INTO t VALUES (1)').then(() => ends.push(name));
    const first = slice('slice 1');
    await Promise.all([first, slice('slice 2'), slice('slice 3'), first.then(() => write('write'))]);
    expect(ends).toEqual(['slice 1', 'slice 2', 'write', 'slice 3']);
  });

  it('none reads more than it may, and it says whether there is more', async () => {
    const database = openDatabase({ file: join(temporaryFolder(), 'a.sqlite'), migrations: [] });
    onTestFinished(() => database.close());
    const read = async (rows: number, characters: number) => {
      const sql = "SELECT column1 FROM (VALUES ('aaaa'), ('bbbb'), ('cccc'))";
      const slice = await database.readSlice({ rows, characters }, sql);
      return [slice.rows.length, slice.hasMore];
    };
    expect(await read(3, 12)).toEqual([3, false]);
    expect(await read(3, 11)).toEqual([2, true]);
    expect(await read(2, 100)).toEqual([2, true]);
    expect(await read(9, 1), 'one row is always read').toEqual([1, true]);
  });
});

describe('when the thread has ended', () => {
  it('what waited for it is rejected, and so is everything after', async () => {
    const { storage, thread } = await storageWithThread();
    const waiting = storage.journal.begin(INTENT);
    const rejected = expect(waiting).rejects.toThrow('thread of the database ended');
    await thread.terminate();
    await rejected;
    await expect(storage.journal.begin(INTENT)).rejects.toThrow('thread of the database ended');
    await expect(storage.auditLog.page({}, 1)).rejects.toThrow('thread of the database ended');
    await storage.close();
  });

  it('what reads it gets a 503, which the log explains', async () => {
    const { storage, thread } = await storageWithThread();
    const desk = await startDesk({}, { storage });
    await thread.terminate();
    for (const path of [AUDIT_PATH, submissionPath(randomUUID())]) {
      const { status, envelope } = await askApi(desk.origin + path);
      expect({ status, code: envelope.errors[0]?.code }).toEqual({ status: 503, code: ERRORS.auditUnavailable.code });
    }
    expect(desk.logLines.join('')).toContain('the thread of the database ended');
  });

  it('the desk sends nothing, says so, is not ready, and still stops', async () => {
    const { storage, thread } = await storageWithThread();
    const stub = await startStubResponding({ body: { success: true, result: TUNNEL } });
    const desk = await startDesk(upstreamAt(stub.baseUrl), { storage });
    await thread.terminate();
    const { status, envelope } = await create(desk, SMALLEST_REQUEST);
    expect({ status, code: envelope.errors[0]?.code }).toEqual({ status: 503, code: ERRORS.auditUnavailable.code });
    expect(stub.requests).toEqual([]);
    const ready = await ask(`${desk.origin}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.text).toContain('"auditTrail":"failing"');
    await desk.app.close();
  });
});

describe('a database that cannot be opened', () => {
  it('is told of by every call, as by the opening', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'audit.sqlite'));
    const { opened, journal, close } = openStorage(folder);
    onTestFinished(close);
    const reason = 'unable to open database file';
    await expect(opened).rejects.toThrow(reason);
    await expect(journal.begin(INTENT)).rejects.toThrow(reason);
  });
});
