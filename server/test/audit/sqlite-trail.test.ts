import { cpSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteTrail } from '../../src/audit/sqlite-trail.ts';
import type { AuditTrail, EntryFilter, Intent, Outcome } from '../../src/audit/trail.ts';
import { temporaryFolder } from '../support/desk.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';

const INTENT: Intent = {
  requestId: 'request-1',
  person: { id: 'u-ann', name: 'Ann' },
  accountId: ACCOUNT_ID,
  action: 'create',
  request: SMALLEST_REQUEST,
  healthCheckTarget: 'string',
};
const BOB = { id: 'u-bob', name: 'Bob' };
const CREATED: Outcome = {
  result: 'created',
  status: 200,
  codes: [],
  cfRay: '8f1c2d3e4f5a6b7c-FRA',
  tunnelId: TUNNEL.id,
  durationMs: 12.5,
  reconciled: false,
};

/** Closed when the test ends, where the test has not done so itself. */
function openTrail(folder = temporaryFolder()): AuditTrail {
  const trail = openSqliteTrail(folder);
  onTestFinished(() => trail.close().catch(() => undefined));
  return trail;
}

/** Entries of these people and results, in this order; their IDs are 1, 2 and so on. */
async function trailOf(...entries: readonly { readonly intent?: Partial<Intent>; readonly outcome?: Outcome }[]) {
  const trail = openTrail();
  for (const { intent, outcome } of entries) {
    const id = await trail.begin({ ...INTENT, ...intent });
    if (outcome !== undefined) await trail.finish(id, outcome);
  }
  return trail;
}

function idsOf(trail: AuditTrail, filter: EntryFilter = {}): number[] {
  return trail.page(filter, 50).entries.map(({ id }) => id);
}

describe('an entry', () => {
  it('is an intent, and later its outcome too', async () => {
    const trail = openTrail();
    const id = await trail.begin(INTENT);
    const { healthCheckTarget: _, person, ...rest } = INTENT;
    const told = { ...rest, person: person.id, personName: person.name };
    const open = { id, at: expect.any(String), ...told, tunnelName: 'branch-1', outcome: null };
    expect(trail.page({}, 1).entries).toEqual([open]);
    await trail.finish(id, CREATED);
    expect(trail.page({}, 1).entries).toEqual([{ ...open, outcome: { at: expect.any(String), ...CREATED } }]);
  });

  it('shows the last of its outcomes, and keeps the earlier ones', async () => {
    const folder = temporaryFolder();
    const trail = openTrail(folder);
    const id = await trail.begin(INTENT);
    await trail.finish(id, { result: 'unknown', codes: [90026, 90023], reconciled: true });
    await trail.finish(id, CREATED);
    expect(trail.page({}, 1).entries[0]?.outcome).toMatchObject({ result: 'created' });
    expect(idsOf(trail, { result: 'unknown' })).toEqual([]);
    await trail.close();
    const file = new DatabaseSync(join(folder, 'audit.sqlite'));
    expect(file.prepare('SELECT result FROM outcomes ORDER BY id').all()).toEqual([
      { result: 'unknown' },
      { result: 'created' },
    ]);
    file.close();
  });

  it('is on disk as soon as it is said to be', async () => {
    const folder = temporaryFolder();
    await openTrail(folder).begin(INTENT);
    // Not closed, as when the process is killed: a copy of the files is all that is left.
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    expect(idsOf(openTrail(copy))).toEqual([1]);
  });
});

describe('the file', () => {
  it('can neither be changed nor shortened', async () => {
    const folder = temporaryFolder();
    const trail = openTrail(folder);
    await trail.finish(await trail.begin(INTENT), CREATED);
    await trail.close();
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

  it('is written ahead, and open to one server alone', async () => {
    const folder = temporaryFolder();
    openTrail(folder);
    expect(existsSync(join(folder, 'audit.sqlite-wal'))).toBe(true);
    const other = new DatabaseSync(join(folder, 'audit.sqlite'));
    onTestFinished(() => other.close());
    expect(() => other.exec('SELECT * FROM intents')).toThrow('locked');
  });

  it('is made anew in a folder that is not there, for its owner alone', async () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    openTrail(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('of a newer version is left alone', () => {
    const folder = temporaryFolder();
    const file = new DatabaseSync(join(folder, 'audit.sqlite'));
    file.exec('PRAGMA user_version = 99');
    file.close();
    expect(() => openSqliteTrail(folder)).toThrow('newer version');
  });

  it('keeps what it holds through a restart', async () => {
    const folder = temporaryFolder();
    const trail = openTrail(folder);
    await trail.finish(await trail.begin(INTENT), CREATED);
    await trail.close();
    const again = openTrail(folder);
    expect(again.page({}, 1).entries).toMatchObject([{ id: 1, outcome: { result: 'created' } }]);
    expect(await again.begin(INTENT)).toBe(2);
  });
});

it('marks what the last stop left without an outcome as interrupted, once', async () => {
  const folder = temporaryFolder();
  const trail = openTrail(folder);
  await trail.begin({ ...INTENT, action: 'validate' });
  await trail.finish(await trail.begin(INTENT), CREATED);
  await trail.begin(INTENT);
  await trail.close();
  await openTrail(folder).close();
  const again = openTrail(folder);
  expect(again.page({}, 9).entries.map(({ outcome }) => outcome?.result)).toEqual([
    'interrupted',
    'created',
    'interrupted',
  ]);
  expect(again.unsettledCreates().map(({ entry }) => entry.id)).toEqual([3]);
  await again.close();
  const file = new DatabaseSync(join(folder, 'audit.sqlite'));
  expect(file.prepare("SELECT count(*) AS n FROM outcomes WHERE result = 'interrupted'").get()).toEqual({ n: 2 });
  file.close();
});

describe('writes asked for at once', () => {
  it('are all there, in order', async () => {
    const trail = openTrail();
    const ids = await Promise.all(Array.from({ length: 100 }, () => trail.begin(INTENT)));
    expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('fail together, leave nothing behind, and spoil nothing that comes later', async () => {
    const trail = openTrail();
    const idempotency = { key: 'k1', fingerprint: 'f' };
    const writes = [
      trail.begin(INTENT),
      trail.begin({ ...INTENT, idempotency }),
      trail.begin({ ...INTENT, idempotency }),
    ];
    const ends = await Promise.allSettled(writes);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(idsOf(trail)).toEqual([]);
    await trail.begin({ ...INTENT, idempotency });
    expect(idsOf(trail)).toHaveLength(1);
  });

  it('are rejected when the trail is closed', async () => {
    const trail = openTrail();
    const begun = trail.begin(INTENT);
    await trail.close();
    await begun;
    await expect(trail.begin(INTENT)).rejects.toThrow('not open');
    await expect(trail.probe()).rejects.toThrow('not open');
  });
});

it('can be probed, as often as one likes', async () => {
  const trail = openTrail();
  await trail.probe();
  await trail.probe();
  expect(idsOf(trail)).toEqual([]);
});

describe('a create under an idempotency key', () => {
  it('is found again with its answer', async () => {
    const idempotency = { key: 'k1', fingerprint: 'f1' };
    const answer = { status: 200, envelope: { success: true, errors: [], messages: [], result: TUNNEL } };
    const trail = await trailOf({
      intent: { idempotency, healthCheckTarget: 'object' },
      outcome: { ...CREATED, answer },
    });
    expect(trail.findCreate('k1')).toMatchObject({
      entry: { id: 1 },
      healthCheckTarget: 'object',
      idempotency,
      answer,
    });
    expect(trail.findCreate('k2')).toBeUndefined();
  });
});

describe('a page', () => {
  it('holds the newest first, and says where the next one begins', async () => {
    const trail = await trailOf({}, {}, {}, {}, {});
    const ids = ({ entries }: ReturnType<AuditTrail['page']>) => entries.map(({ id }) => id);
    const first = trail.page({}, 2);
    expect([ids(first), first.next]).toEqual([[5, 4], 4]);
    const second = trail.page({}, 2, 4);
    expect([ids(second), second.next]).toEqual([[3, 2], 2]);
    const last = trail.page({}, 2, 2);
    expect([ids(last), last.next]).toEqual([[1], null]);
    expect(trail.page({}, 5).next).toBeNull();
  });

  it.each<[EntryFilter, number[]]>([
    [{}, [5, 4, 3, 2, 1]],
    [{ person: 'u-ann' }, [3, 1]],
    [{ person: 'nobody' }, []],
    [{ accountIds: [OTHER_ACCOUNT_ID] }, [4]],
    [{ accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID] }, [5, 4, 3, 2, 1]],
    [{ accountIds: [] }, []],
    [{ tunnelName: 'branch-9' }, [5]],
    [{ result: 'created' }, [4, 1]],
    [{ result: 'refused' }, [2]],
    [{ result: 'interrupted' }, []],
    [{ person: 'u-bob', result: 'created' }, [4]],
    [{ person: 'u-bob', result: 'refused' }, [2]],
    [{ accountIds: [ACCOUNT_ID], result: 'created' }, [1]],
    [{ accountIds: [ACCOUNT_ID], person: 'u-bob', tunnelName: 'branch-1', result: 'refused' }, [2]],
  ])('is narrowed by %j to %j', async (filter, ids) => {
    const trail = await trailOf(
      { outcome: CREATED },
      { intent: { person: BOB }, outcome: { result: 'refused', codes: [1001], reconciled: false } },
      {},
      { intent: { person: BOB, accountId: OTHER_ACCOUNT_ID }, outcome: CREATED },
      { intent: { person: { id: 'u-cyd', name: 'Cyd' }, request: { ...SMALLEST_REQUEST, name: 'branch-9' } } },
    );
    expect(idsOf(trail, filter)).toEqual(ids);
  });
});
