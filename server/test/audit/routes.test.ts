import { type AuditEntry, auditPageSchema, exportedEntrySchema } from '@tunnel-desk/shared/api/audit';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { describe, expect, it } from 'vitest';
import type { AuditLog } from '../../src/audit/audit-log.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import type { Intent } from '../../src/submissions/journal.ts';
import { ask, askApi, create, type Desk, startDesk, temporaryFolder } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { INTENT, OTHER_ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';

async function fill({ journal }: Storage, intents: readonly Partial<Intent>[]): Promise<void> {
  await Promise.all(
    intents.map(async (intent) => {
      const begun = await journal.begin({ ...INTENT, ...intent });
      if (begun.kind !== 'begun') throw new Error('the key is taken');
      await journal.finish(begun.id, { result: 'created', status: 200, codes: [], reconciled: false });
    }),
  );
}

/** A desk whose audit log holds these entries, with IDs from 1 on. */
async function deskWith(intents: readonly Partial<Intent>[], environment: NodeJS.ProcessEnv = {}): Promise<Desk> {
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

it.each([
  ['?person=u-bob', [2]],
  [`?account=${OTHER_ACCOUNT_ID}`, [3]],
  ['?tunnel=branch-9', [2]],
  ['?resource=branch-9', [2]],
  ['?outcome=created', [3, 2, 1]],
  ['?outcome=refused', []],
  ['?person=u-bob&tunnel=branch-9&outcome=created', [2]],
  ['?person=u-bob&tunnel=branch-1', []],
])('narrows pages and the export by %s', async (query, ids) => {
  const desk = await deskWith([
    {},
    { person: { id: 'u-bob', name: 'Bob' }, resource: { kind: 'ipsec-tunnel', name: 'branch-9' } },
    { accountId: OTHER_ACCOUNT_ID },
  ]);
  expect((await page(desk, query)).ids).toEqual(ids);
  expect((await exported(desk, query)).map(({ id }) => id)).toEqual(ids);
});

it.each([
  ['?person=', 'empty'],
  ['?person=ann&person=bob', 'twice'],
  ['?tunnel=branch-1&resource=branch-1', 'two names'],
  ['?outcome=lost', 'no outcome there is'],
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
  const ENTRIES = [{}, { accountId: OTHER_ACCOUNT_ID }];
  it.each<[string, string[], number[] | undefined, number]>([
    ['an operator sees everything', ['net-ops'], [2, 1], 200],
    ['an operator of one account sees that one', ['head-office-ops'], [1], 200],
    ['a viewer sees nothing', ['readers'], undefined, 403],
    ['somebody without a role sees nothing', ['canteen'], undefined, 403],
  ])('%s', async (_what, groups, ids, status) => {
    const proxy = await startProxy();
    const desk = await deskWith(ENTRIES, proxy.environment);
    const init = { headers: { [HEADER]: await proxy.sign({ groups }) } };
    expect(await page(desk, '', init)).toMatchObject({ status, ids });
    if (ids !== undefined) expect((await exported(desk, '', init)).map(({ id }) => id)).toEqual(ids);
    else expect((await askApi(`${desk.origin}/api/audit/export`, init)).status).toBe(403);
  });

  it('an operator of one account finds nothing of another by asking for it', async () => {
    const proxy = await startProxy();
    const desk = await deskWith(ENTRIES, proxy.environment);
    const init = { headers: { [HEADER]: await proxy.sign({ groups: ['head-office-ops'] }) } };
    expect((await page(desk, `?account=${OTHER_ACCOUNT_ID}`, init)).ids).toEqual([]);
  });

  it('an unauthenticated client is asked to sign in', async () => {
    const desk = await deskWith(ENTRIES, (await startProxy()).environment);
    expect((await page(desk)).status).toBe(401);
    expect((await askApi(`${desk.origin}/api/audit/export`)).status).toBe(401);
  });
});
