// What the database keeps, through the two interfaces there are to it: the submission journal and the audit log.

import { cpSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EntryFilter } from '../../src/audit/audit-log.ts';
import { addChainFunctions } from '../../src/storage/chain.js';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import type { Intent, Journal, Outcome } from '../../src/submissions/journal.ts';
import { startDesk, temporaryFolder } from '../support/desk.ts';
import { ACCOUNT_ID, INTENT, OTHER_ACCOUNT_ID, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';

const BOB = { id: 'u-bob', name: 'Bob' };
const CREATED: Outcome = {
  result: 'created',
  status: 200,
  codes: [],
  cfRay: '8f1c2d3e4f5a6b7c-FRA',
  resourceId: TUNNEL.id,
  durationMs: 12.5,
  reconciled: false,
};

/** Closed when the test ends, where the test has not done so itself. */
async function openTestStorage(folder = temporaryFolder()): Promise<Storage> {
  const storage = openStorage(folder);
  onTestFinished(() => storage.close());
  await storage.opened;
  return storage;
}

/** Records an intent and gives its ID. */
async function begin({ journal }: { readonly journal: Journal }, intent: Intent = INTENT): Promise<number> {
  const begun = await journal.begin(intent);
  if (begun.kind !== 'begun') throw new Error('the key is taken');
  return begun.id;
}

/** Entries of these people and results, in this order; their IDs are 1, 2 and so on. */
async function storageOf(...entries: readonly { readonly intent?: Partial<Intent>; readonly outcome?: Outcome }[]) {
  const storage = await openTestStorage();
  for (const { intent, outcome } of entries) {
    const id = await begin(storage, { ...INTENT, ...intent });
    if (outcome !== undefined) await storage.journal.finish(id, outcome);
  }
  return storage;
}

async function idsOf({ auditLog }: Storage, filter: EntryFilter = {}): Promise<number[]> {
  return (await auditLog.page(filter, 50)).entries.map(({ id }) => id);
}

describe('an entry', () => {
  it('is an intent, and later its outcome too', async () => {
    const storage = await openTestStorage();
    const id = await begin(storage);
    const { options: _, person, ...rest } = INTENT;
    const told = { ...rest, person: person.id, personName: person.name };
    const open = { id, at: expect.any(String), ...told, tunnelName: 'branch-1', outcome: null };
    expect((await storage.auditLog.page({}, 1)).entries).toEqual([open]);
    await storage.journal.finish(id, CREATED);
    const { resourceId, ...outcome } = CREATED;
    expect((await storage.auditLog.page({}, 1)).entries).toEqual([
      {
        ...open,
        resource: { ...INTENT.resource, id: resourceId },
        outcome: { at: expect.any(String), ...outcome, tunnelId: resourceId },
      },
    ]);
  });

  it('has the ID of a resource that exists before anything is done to it', async () => {
    const storage = await storageOf({ intent: { resource: { ...INTENT.resource, id: TUNNEL.id } } });
    expect((await storage.auditLog.page({}, 1)).entries).toMatchObject([{ resource: { id: TUNNEL.id } }]);
  });

  it('has what a resource was before it is changed', async () => {
    const storage = await storageOf({ intent: { action: 'update', before: TUNNEL } });
    expect((await storage.auditLog.page({}, 1)).entries).toMatchObject([{ action: 'update', before: TUNNEL }]);
    expect(await storage.auditLog.verify()).toMatchObject({ intact: true });
  });

  it('shows the last of its outcomes, and keeps the earlier ones', async () => {
    const folder = temporaryFolder();
    const storage = await openTestStorage(folder);
    const id = await begin(storage);
    await storage.journal.finish(id, { result: 'unknown', codes: [90026, 90023], reconciled: true });
    await storage.journal.finish(id, CREATED);
    expect((await storage.auditLog.page({}, 1)).entries[0]?.outcome).toMatchObject({ result: 'created' });
    expect(await idsOf(storage, { result: 'unknown' })).toEqual([]);
    await storage.close();
    const file = new DatabaseSync(join(folder, 'audit.sqlite'));
    expect(file.prepare('SELECT result FROM outcomes ORDER BY id').all()).toEqual([
      { result: 'unknown' },
      { result: 'created' },
    ]);
    file.close();
  });

  it('is on disk as soon as it is said to be', async () => {
    const folder = temporaryFolder();
    await begin(await openTestStorage(folder));
    // Not closed, as when the process is killed: a copy of the files is all that is left.
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    expect(await idsOf(await openTestStorage(copy))).toEqual([1]);
  });
});

describe('the file', () => {
  it('can neither be changed nor shortened', async () => {
    const folder = temporaryFolder();
    const storage = await openTestStorage(folder);
    await storage.journal.finish(await begin(storage), CREATED);
    await storage.close();
    const file = new DatabaseSync(join(folder, 'audit.sqlite'));
    onTestFinished(() => file.close());
    for (const sql of [
      "UPDATE intents SET person = 'eve'",
      'DELETE FROM intents',
      "UPDATE outcomes SET result = 'refused'",
      'DELETE FROM outcomes',
    ]) {
      expect(() => file.exec(sql), sql).toThrow('append-only');
    }
  });

  it('cannot be rewritten by replacing either, under an ID or under an idempotency key', async () => {
    const folder = temporaryFolder();
    const storage = await openTestStorage(folder);
    await storage.journal.finish(
      await begin(storage, { ...INTENT, idempotency: { key: 'k1', fingerprint: 'f1' } }),
      CREATED,
    );
    await storage.close();
    const file = new DatabaseSync(join(folder, 'audit.sqlite'));
    onTestFinished(() => file.close());
    // Without them, nobody else can add anything at all.
    expect(() => file.exec('INSERT OR REPLACE INTO intents SELECT * FROM intents')).toThrow('no such function');
    addChainFunctions(file);
    const intent = "'now', 'r', 'u-eve', 'Eve', 'a', 'create', 'n', '{}', 'string'";
    const columns = 'at, request_id, person, person_name, account_id, action, resource_name, request, options';
    for (const sql of [
      `INSERT OR REPLACE INTO intents (id, ${columns}) VALUES (1, ${intent})`,
      `INSERT OR REPLACE INTO intents (${columns}, idempotency_key) VALUES (${intent}, 'k1')`,
      `REPLACE INTO intents (id, ${columns}) VALUES (1, ${intent})`,
      'INSERT OR REPLACE INTO outcomes SELECT * FROM outcomes',
      'INSERT OR REPLACE INTO chain SELECT * FROM chain',
      "INSERT OR REPLACE INTO chain VALUES (9, 'intent', 1, 'x')",
      "UPDATE OR REPLACE chain SET hash = 'x'",
      'DELETE FROM chain',
    ]) {
      expect(() => file.exec(sql), sql).toThrow('append-only');
    }
    expect(file.prepare('SELECT person FROM intents').all()).toEqual([{ person: 'u-ann' }]);
  });

  it('is written ahead, and open to one server alone', async () => {
    const folder = temporaryFolder();
    await openTestStorage(folder);
    expect(existsSync(join(folder, 'audit.sqlite-wal'))).toBe(true);
    const other = new DatabaseSync(join(folder, 'audit.sqlite'));
    onTestFinished(() => other.close());
    expect(() => other.exec('SELECT * FROM intents')).toThrow('locked');
  });

  it('is made anew in a folder that is not there, for its owner alone', async () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    await startDesk({ DATA_DIR: folder });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('of a newer version is left alone', async () => {
    const folder = temporaryFolder();
    const file = new DatabaseSync(join(folder, 'audit.sqlite'));
    file.exec('PRAGMA user_version = 99');
    file.close();
    await expect(openStorage(folder).opened).rejects.toThrow('newer version');
  });

  it('keeps what it holds through a restart', async () => {
    const folder = temporaryFolder();
    const storage = await openTestStorage(folder);
    await storage.journal.finish(await begin(storage), CREATED);
    await storage.close();
    const again = await openTestStorage(folder);
    expect((await again.auditLog.page({}, 1)).entries).toMatchObject([{ id: 1, outcome: { result: 'created' } }]);
    expect(await begin(again)).toBe(2);
  });
});

it('marks what the last stop left without an outcome as interrupted, once', async () => {
  const folder = temporaryFolder();
  const storage = await openTestStorage(folder);
  await begin(storage, { ...INTENT, action: 'validate' });
  await storage.journal.finish(await begin(storage), CREATED);
  await begin(storage);
  await storage.close();
  await (await openTestStorage(folder)).close();
  const again = await openTestStorage(folder);
  expect((await again.auditLog.page({}, 9)).entries.map(({ outcome }) => outcome?.result)).toEqual([
    'interrupted',
    'created',
    'interrupted',
  ]);
  expect((await again.journal.unsettled()).map(({ entry }) => entry.id)).toEqual([3]);
  await again.close();
  const file = new DatabaseSync(join(folder, 'audit.sqlite'));
  expect(file.prepare("SELECT count(*) AS n FROM outcomes WHERE result = 'interrupted'").get()).toEqual({ n: 2 });
  file.close();
});

describe('writes asked for at once', () => {
  it('are all there, in order', async () => {
    const storage = await openTestStorage();
    const ids = await Promise.all(Array.from({ length: 100 }, () => begin(storage)));
    expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('fail together, leave nothing behind, and spoil nothing that comes later', async () => {
    const storage = await openTestStorage();
    const NO_INTENT = 99;
    const writes = [begin(storage), storage.journal.finish(NO_INTENT, CREATED), begin(storage)];
    const ends = await Promise.allSettled(writes);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await idsOf(storage)).toEqual([]);
    await begin(storage);
    expect(await idsOf(storage)).toHaveLength(1);
  });

  it('are rejected when the storage is closed', async () => {
    const storage = await openTestStorage();
    const begun = begin(storage);
    await storage.close();
    await begun;
    await expect(begin(storage)).rejects.toThrow('not open');
    await expect(storage.probe()).rejects.toThrow('not open');
  });
});

it('can be probed, as often as one likes', async () => {
  const storage = await openTestStorage();
  await storage.probe();
  await storage.probe();
  expect(await idsOf(storage)).toEqual([]);
});

describe('a submission under an idempotency key', () => {
  const idempotency = { key: 'k1', fingerprint: 'f1' };

  it('is found again with its response', async () => {
    const response = { status: 200, envelope: { success: true, errors: [], messages: [], result: TUNNEL } };
    const { journal } = await storageOf({
      intent: { idempotency, options: 'object' },
      outcome: { ...CREATED, response },
    });
    expect(await journal.find('k1')).toMatchObject({ entry: { id: 1 }, options: 'object', idempotency, response });
    expect(await journal.find('k2')).toBeUndefined();
  });

  it('is recorded once, of several at the same time too: the others get the first', async () => {
    const storage = await openTestStorage();
    const begun = await Promise.all(
      ['Ann', 'Bob', 'Cyd'].map((name) =>
        storage.journal.begin({ ...INTENT, person: { id: name, name }, idempotency }),
      ),
    );
    const first = { entry: { id: 1, person: 'Ann', outcome: null }, idempotency };
    expect(begun).toMatchObject([
      { kind: 'begun', id: 1 },
      { kind: 'key-taken', first },
      { kind: 'key-taken', first },
    ]);
    expect(await idsOf(storage)).toEqual([1]);
  });
});

describe('a page', () => {
  it('ends early where entries are long, and the next one begins there', async () => {
    const long = { intent: { request: { ...SMALLEST_REQUEST, description: 'x'.repeat(100_000) } } };
    const { auditLog } = await storageOf(long, long, long, long, {});
    const ids: number[][] = [];
    for (let before: number | undefined; ; ) {
      const { entries, next } = await auditLog.page({}, 50, before);
      ids.push(entries.map(({ id }) => id));
      if (next === null) break;
      before = next;
    }
    expect(ids).toEqual([
      [5, 4, 3],
      [2, 1],
    ]);
  });

  it('has an entry even where that alone is longer than a page', async () => {
    const { auditLog } = await storageOf({ intent: { request: { description: 'x'.repeat(1_000_000) } } }, {});
    expect(await auditLog.page({}, 50, 2)).toMatchObject({ entries: [{ id: 1 }], next: null });
  });

  it('has texts as they were, lone surrogates included, and is filtered by them', async () => {
    const names = ['\ud800', 'a\udfffb', '\ufdd0"x"', 'plain', '\u2028'];
    const storage = await storageOf(
      ...names.map((name) => ({
        intent: { person: { id: name, name }, resource: { kind: 'ipsec-tunnel' as const, name }, request: { name } },
      })),
    );
    for (const [index, name] of names.entries()) {
      const { entries } = await storage.auditLog.page({ person: name, resourceName: name }, 50);
      expect(entries).toMatchObject([
        { id: index + 1, person: name, personName: name, resource: { name }, tunnelName: name, request: { name } },
      ]);
    }
  });

  it('holds the newest first, and says where the next one begins', async () => {
    const { auditLog } = await storageOf({}, {}, {}, {}, {});
    const page = async (limit: number, before?: number) => {
      const { entries, next } = await auditLog.page({}, limit, before);
      return [entries.map(({ id }) => id), next];
    };
    expect(await page(2)).toEqual([[5, 4], 4]);
    expect(await page(2, 4)).toEqual([[3, 2], 2]);
    expect(await page(2, 2)).toEqual([[1], null]);
    expect((await page(5))[1]).toBeNull();
  });

  it.each<[EntryFilter, number[]]>([
    [{}, [5, 4, 3, 2, 1]],
    [{ person: 'u-ann' }, [3, 1]],
    [{ person: 'nobody' }, []],
    [{ accountIds: [OTHER_ACCOUNT_ID] }, [4]],
    [{ accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID] }, [5, 4, 3, 2, 1]],
    [{ accountIds: [] }, []],
    [{ resourceName: 'branch-9' }, [5]],
    [{ resourceKind: 'ipsec-tunnel', resourceName: 'branch-9' }, [5]],
    [{ result: 'created' }, [4, 1]],
    [{ result: 'refused' }, [2]],
    [{ result: 'interrupted' }, []],
    [{ person: 'u-bob', result: 'created' }, [4]],
    [{ person: 'u-bob', result: 'refused' }, [2]],
    [{ accountIds: [ACCOUNT_ID], result: 'created' }, [1]],
    [{ accountIds: [ACCOUNT_ID], person: 'u-bob', resourceName: 'branch-1', result: 'refused' }, [2]],
  ])('is narrowed by %j to %j', async (filter, ids) => {
    const storage = await storageOf(
      { outcome: CREATED },
      { intent: { person: BOB }, outcome: { result: 'refused', codes: [1001], reconciled: false } },
      {},
      { intent: { person: BOB, accountId: OTHER_ACCOUNT_ID }, outcome: CREATED },
      { intent: { person: { id: 'u-cyd', name: 'Cyd' }, resource: { kind: 'ipsec-tunnel', name: 'branch-9' } } },
    );
    expect(await idsOf(storage, filter)).toEqual(ids);
  });
});
