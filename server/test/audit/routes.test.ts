import { type AuditEntry, auditPageSchema, exportedEntrySchema } from '@tunnel-desk/shared/api/audit';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuditLog } from '../../src/audit/audit-log.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import type { Intent, Outcome } from '../../src/submissions/journal.ts';
import { ask, askApi, create, type Desk, startDesk, temporaryFolder } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, INTENT, OTHER_ACCOUNT_ID, PSK, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';

type Recorded = Partial<Intent> & { readonly outcome?: Partial<Outcome> };

async function fill({ journal }: Storage, entries: readonly Recorded[]): Promise<void> {
  await Promise.all(
    entries.map(async ({ outcome, ...intent }) => {
      const begun = await journal.begin({ ...INTENT, ...intent });
      if (begun.kind !== 'begun') throw new Error('the key is taken');
      await journal.finish(begun.id, { result: 'created', status: 200, codes: [], reconciled: false, ...outcome });
    }),
  );
}

/** A desk whose audit log holds these entries, with IDs from 1 on. */
async function deskWith(intents: readonly Recorded[], environment: NodeJS.ProcessEnv = {}): Promise<Desk> {
  const storage = openStorage(temporaryFolder());
  await fill(storage, intents);
  return startDesk(environment, { storage });
}

async function page(desk: Desk, query = '', init?: RequestInit) {
  const { status, envelope } = await askApi(`${desk.origin}/api/audit${query}`, init);
  const result = auditPageSchema.safeParse(envelope.result).data;
  return { status, ids: result?.entries.map(({ id }) => id), next: result?.next, code: envelope.errors[0]?.code };
}

async function exported(desk: Desk, query = '', init?: RequestInit): Promise<AuditEntry[]> {
  const { status, headers, text } = await ask(`${desk.origin}/api/audit/export${query}`, init);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => exportedEntrySchema.parse(JSON.parse(line)));
}

it('gives pages, newest first', async () => {
  const desk = await deskWith([{}, {}, {}]);
  expect(await page(desk, '?limit=2')).toMatchObject({ status: 200, ids: [3, 2], next: 2 });
  expect(await page(desk, '?limit=2&before=2')).toMatchObject({ ids: [1], next: null });
});

const EXISTING = { kind: 'ipsec-tunnel', id: TUNNEL.id, name: 'branch-1' } as const;
const RENAMED = { ...EXISTING, name: 'branch-9' } as const;
const BOB = { id: 'u-bob', name: 'Bob' };
/** A tunnel's life, and one of another account that has its name. */
const LIFE: readonly Recorded[] = [
  { action: 'validate', outcome: { result: 'validated' } },
  { outcome: { result: 'created', resourceId: TUNNEL.id } },
  { action: 'update', person: BOB, resource: EXISTING, outcome: { result: 'refused' } },
  { action: 'update', person: BOB, resource: RENAMED, outcome: { result: 'updated', resourceId: TUNNEL.id } },
  { accountId: OTHER_ACCOUNT_ID, outcome: { result: 'unknown' } },
  { action: 'delete', resource: RENAMED, outcome: { result: 'deleted' } },
];

it.each([
  ['?person=u-bob', [4, 3]],
  [`?account=${OTHER_ACCOUNT_ID}`, [5]],
  ['?tunnel=branch-9', [6, 4]],
  ['?resource=branch-9', [6, 4]],
  ['?tunnel=branch-1', [5, 3, 2, 1]],
  [`?tunnel_id=${TUNNEL.id}`, [6, 4, 3, 2]],
  ['?tunnel_id=none', []],
  ['?action=update', [4, 3]],
  ['?action=delete', [6]],
  ['?action=generate-psk', []],
  ['?outcome=created', [2]],
  ['?outcome=not-deleted', []],
  ['?person=u-bob&tunnel=branch-9&outcome=updated', [4]],
  ['?person=u-bob&tunnel=branch-1&outcome=updated', []],
  [`?tunnel_id=${TUNNEL.id}&tunnel=branch-1&action=update`, [3]],
  [`?tunnel_id=${TUNNEL.id}&account=${OTHER_ACCOUNT_ID}`, []],
  ['?person=u-bob&action=update&outcome=refused', [3]],
  [`?account=${ACCOUNT_ID}&action=create`, [2]],
  ['?person=u-ann&action=create&outcome=created', [2]],
  ['?since=2000-01-01&person=u-bob', [4, 3]],
  ['?since=2000-01-01T00:00:00Z&until=2999-12-31T23:59:59.999Z&action=delete&outcome=deleted', [6]],
  ['?until=2000-01-01', []],
  ['?since=2999-01-01&tunnel=branch-1', []],
  [`?until=2000-01-01&tunnel_id=${TUNNEL.id}`, []],
])('narrows pages and the export by %s', async (query, ids) => {
  const desk = await deskWith(LIFE);
  expect((await page(desk, query)).ids).toEqual(ids);
  expect((await exported(desk, query)).map(({ id }) => id)).toEqual(ids);
  // A page after the other, they are the same.
  const paged: (number | undefined)[] = [];
  for (let next: number | null | undefined; next !== null; ) {
    const { ids: some = [], next: following = null } = await page(
      desk,
      `${query}&limit=1${next ? `&before=${next}` : ''}`,
    );
    paged.push(...some);
    next = following;
  }
  expect(paged).toEqual(ids);
});

describe('entries of a time', () => {
  afterEach(() => vi.useRealTimers());

  /** A desk whose entries were begun at these times of a day, with IDs from 1 on. */
  async function deskAt(times: readonly string[]): Promise<Desk> {
    const storage = openStorage(temporaryFolder());
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const time of times) {
      vi.setSystemTime(`2026-07-29T${time}Z`);
      await fill(storage, [{ resource: { kind: 'ipsec-tunnel', name: time } }]);
    }
    vi.useRealTimers();
    return startDesk({}, { storage });
  }

  it.each([
    ['?since=2026-07-29T10:00:00.000Z', [3, 2, 1]],
    ['?since=2026-07-29T10:00:00.001Z', [3, 2]],
    ['?until=2026-07-29T12:00:00Z', [2, 1]],
    ['?until=2026-07-29T12:00:00.001Z', [3, 2, 1]],
    ['?since=2026-07-29T11:00:00Z&until=2026-07-29T12:00:00Z', [2]],
    ['?since=2026-07-29&until=2026-07-29', [3, 2, 1]],
    ['?until=2026-07-28', []],
    ['?since=2026-07-30', []],
    ['?tunnel=11:00:00.000&since=2026-07-29T11:00:00Z', [2]],
    ['?tunnel=11:00:00.000&until=2026-07-29T11:00:00Z', []],
  ])('are those from the first moment on, and before the last: %s', async (query, ids) => {
    const desk = await deskAt(['10:00:00.000', '11:00:00.000', '12:00:00.000']);
    expect((await page(desk, query)).ids).toEqual(ids);
    expect((await exported(desk, query)).map(({ id }) => id)).toEqual(ids);
  });

  it('are all found, latest first, where the clock was set back between them', async () => {
    const desk = await deskAt(['12:00:00.000', '11:00:00.000', '13:00:00.000', '11:00:00.000']);
    const query = '?since=2026-07-29T10:30:00Z&limit=1';
    expect(await page(desk, query)).toMatchObject({ ids: [3], next: 3 });
    expect(await page(desk, `${query}&before=3`)).toMatchObject({ ids: [1], next: 1 });
    expect(await page(desk, `${query}&before=1`)).toMatchObject({ ids: [4], next: 4 });
    expect(await page(desk, `${query}&before=4`)).toMatchObject({ ids: [2], next: null });
    expect((await page(desk, '?since=2026-07-29T11:30:00Z')).ids).toEqual([3, 1]);
  });
});

it.each([
  ['?person=', 'empty'],
  ['?person=ann&person=bob', 'twice'],
  ['?tunnel=branch-1&resource=branch-1', 'two names'],
  ['?outcome=lost', 'no outcome there is'],
  ['?action=destroy', 'no action there is'],
  ['?tunnel_id=', 'an empty ID'],
  ['?since=yesterday', 'no moment'],
  ['?since=2026-02-30', 'no day there is'],
  ['?since=2026-01-01T00:00:00', 'a moment without its zone'],
  ['?until=2026-01-01T00:00:00%2B02:00', 'a moment that is not in UTC'],
  ['?until=2026-01-01&until=2026-01-02', 'a time twice'],
  ['?account=Head%20office', 'an account’s label'],
  ['?limit=0', 'less than one'],
  ['?limit=201', 'more than a page'],
  ['?limit=ten', 'no number'],
  ['?before=-1', 'no ID'],
  [`?${PSK}=1`, 'no parameter there is'],
])('refuses %s: %s', async (query) => {
  const desk = await deskWith([{}]);
  expect(await page(desk, query)).toMatchObject({ status: 400, code: ERRORS.invalidQuery.code });
  const { status } = await askApi(`${desk.origin}/api/audit/export${query}`);
  expect(status).toBe(400);
});

describe('the export', () => {
  it('is whole, newest first, however long', async () => {
    const desk = await deskWith(Array.from({ length: 1234 }, () => ({})));
    const ids = (await exported(desk)).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 1234 }, (_, index) => 1234 - index));
  });

  it('is a file, and of nothing an empty one', async () => {
    const desk = await deskWith([]);
    const { headers, text } = await ask(`${desk.origin}/api/audit/export`);
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit.ndjson"');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toBe('');
  });

  it('is read no further than its client reads, and ends when the client closes the connection', async () => {
    const storage = openStorage(temporaryFolder());
    const description = 'x'.repeat(4000);
    await fill(
      storage,
      Array.from({ length: 10_000 }, () => ({ request: { ...SMALLEST_REQUEST, description } })),
    );
    let slices = 0;
    const auditLog: AuditLog = {
      ...storage.auditLog,
      async *export(filter) {
        for await (const slice of storage.auditLog.export(filter)) {
          slices += 1;
          yield slice;
        }
      },
    };
    const desk = await startDesk({}, { storage: { ...storage, auditLog } });
    const closing = new AbortController();
    const response = await fetch(`${desk.origin}/api/audit/export`, { signal: closing.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    // Another request is answered meanwhile, and the export has not run to its end: 40 MB fit into no socket.
    expect((await page(desk, '?limit=1')).ids).toEqual([10_000]);
    expect(slices).toBeLessThan(20);
    closing.abort();
    await reader?.read().catch(() => undefined);
  });
});

describe('exports to slow clients', () => {
  const AT_ONCE = 4;
  const ENTRIES = 600;

  /** A desk with long entries, and how often it has read a slice of them. */
  async function deskWithLongEntries() {
    const storage = openStorage(temporaryFolder());
    const description = 'x'.repeat(62_000);
    const request = { ...SMALLEST_REQUEST, description };
    await fill(
      storage,
      Array.from({ length: ENTRIES }, () => ({ request })),
    );
    let read = 0;
    const auditLog: AuditLog = {
      ...storage.auditLog,
      async *export(filter) {
        for await (const slice of storage.auditLog.export(filter)) {
          read += slice.length;
          yield slice;
        }
      },
    };
    return { desk: await startDesk({}, { storage: { ...storage, auditLog } }), entriesRead: () => read };
  }

  it('are few at once, read no further than those read them, and hold nobody else up', async () => {
    const { desk, entriesRead } = await deskWithLongEntries();
    const closing = new AbortController();
    const init = { signal: closing.signal };
    const responses = await Promise.all(
      Array.from({ length: 30 }, () => fetch(`${desk.origin}/api/audit/export`, init)),
    );
    const statuses = responses.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([...Array(AT_ONCE).fill(200), ...Array(30 - AT_ONCE).fill(429)]);
    const refused = responses.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('10');
    expect(await refused?.json()).toMatchObject({ errors: [{ code: ERRORS.tooManyExports.code }] });
    expect((await create(desk, SMALLEST_REQUEST)).status).toBe(200);
    expect((await page(desk, '?limit=1')).status).toBe(200);
    // What fits into the sockets, and a slice or two for each.
    expect(entriesRead()).toBeLessThan((AT_ONCE * ENTRIES) / 2);
    closing.abort();
    await expect.poll(async () => (await fetch(`${desk.origin}/api/audit/export?person=nobody`)).status).toBe(200);
  });

  it('end when there is nothing left, and make room for the next', async () => {
    const desk = await deskWith([{}]);
    for (let index = 0; index <= AT_ONCE; index++) expect(await exported(desk)).toHaveLength(1);
  });
});

it('tells line separators and lone surrogates as they were sent, escaped', async () => {
  const description = 'a\u2028b\u2029c\ud800d\udc00';
  const desk = await startDesk();
  expect((await create(desk, { ...SMALLEST_REQUEST, description })).status).toBe(200);
  const { text } = await ask(`${desk.origin}/api/audit/export`);
  expect(text).toContain(String.raw`"description":"a\u2028b\u2029c\ud800d\udc00"`);
  expect(text).not.toMatch(/[\u2028\u2029\ufffd]/);
  expect((await exported(desk))[0]?.request).toMatchObject({ description });
});

describe('who may read it', () => {
  const ENTRIES: readonly Recorded[] = [
    {},
    { accountId: OTHER_ACCOUNT_ID },
    { person: BOB },
    { person: BOB, accountId: OTHER_ACCOUNT_ID },
  ];
  const roles = {
    CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office,${OTHER_ACCOUNT_ID}=Other office`,
    AUTH_VIEWERS: `readers,other-office@${OTHER_ACCOUNT_ID}`,
    AUTH_OPERATORS: `net-ops,head-office-ops@${ACCOUNT_ID}`,
  };

  async function asPerson(groups: readonly string[]) {
    const proxy = await startProxy();
    const desk = await deskWith(ENTRIES, { ...proxy.environment, ...roles });
    return { desk, init: { headers: { [HEADER]: await proxy.sign({ groups }) } } };
  }

  it.each<[string, string[], string, number[]]>([
    ['an operator sees everything', ['net-ops'], '', [4, 3, 2, 1]],
    ['an operator of one account sees that one', ['head-office-ops'], '', [3, 1]],
    ['an operator of one account sees nothing of another', ['head-office-ops'], `?account=${OTHER_ACCOUNT_ID}`, []],
    ['a viewer sees their own', ['readers'], '', [2, 1]],
    ['a viewer sees nothing of anybody else', ['readers'], '?person=u-bob', []],
    ['a viewer sees their own of an account', ['readers'], `?account=${OTHER_ACCOUNT_ID}`, [2]],
    ['a viewer of one account sees their own there', ['other-office'], '', [2]],
    ['a viewer of one account sees nothing of another', ['other-office'], `?account=${ACCOUNT_ID}`, []],
    ['an operator here and viewer there sees all of here', ['head-office-ops', 'other-office'], '', [3, 2, 1]],
    ['and of there their own', ['head-office-ops', 'other-office'], `?account=${OTHER_ACCOUNT_ID}`, [2]],
    ['and of somebody else what they did here', ['head-office-ops', 'other-office'], '?person=u-bob', [3]],
    ['and of themselves everything', ['head-office-ops', 'other-office'], '?person=u-ann', [2, 1]],
    ['an operator here and viewer everywhere sees the same', ['head-office-ops', 'readers'], '', [3, 2, 1]],
    ['and here everybody’s', ['head-office-ops', 'readers'], `?account=${ACCOUNT_ID}`, [3, 1]],
    ['and elsewhere their own', ['head-office-ops', 'readers'], `?account=${OTHER_ACCOUNT_ID}`, [2]],
    ['by outcome', ['head-office-ops', 'readers'], '?outcome=created', [3, 2, 1]],
    ['by time', ['head-office-ops', 'readers'], '?since=2000-01-01', [3, 2, 1]],
  ])('%s', async (_what, groups, query, ids) => {
    const { desk, init } = await asPerson(groups);
    expect(await page(desk, query, init)).toMatchObject({ status: 200, ids });
    expect((await exported(desk, query, init)).map(({ id }) => id)).toEqual(ids);
  });

  it('somebody without a role sees nothing', async () => {
    const { desk, init } = await asPerson(['canteen']);
    expect((await page(desk, '', init)).status).toBe(403);
    expect((await askApi(`${desk.origin}/api/audit/export`, init)).status).toBe(403);
  });

  it('a viewer does not verify it', async () => {
    const { desk, init } = await asPerson(['readers']);
    expect((await askApi(`${desk.origin}/api/audit/verify`, init)).status).toBe(403);
  });

  it('an unauthenticated client is asked to sign in', async () => {
    const desk = await deskWith(ENTRIES, (await startProxy()).environment);
    expect((await page(desk)).status).toBe(401);
    expect((await askApi(`${desk.origin}/api/audit/export`)).status).toBe(401);
  });
});
