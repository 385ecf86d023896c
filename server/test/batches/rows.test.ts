// The rows of a batch: each is made once at most, whoever sends it, under whichever key, and whatever goes wrong in between.

import { randomUUID } from 'node:crypto';
import { type AuditEntry, auditPageSchema, PSK_NOT_RECORDED } from '@tunnel-desk/shared/api/audit';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FORBIDDEN, type InjectedFailure } from '../../src/sandbox/injected-failures.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { askApi, create, type Desk, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, FULL_REQUEST, INTENT, PSK } from '../support/samples.ts';
import { startSandboxUpstream, tunnelsIn } from '../support/upstream.ts';
import { batchIn, batchOf, begin, ID, requestOf, sendRow } from './support.ts';

const PLACE = { accountId: ACCOUNT_ID, batchId: ID, number: 1 };
const [KEY, ANOTHER_KEY] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
/** A complete list then decides at once. */
const SETTLED_AT_ONCE = { SETTLE_SECONDS: '0' };

interface Failures {
  post?: InjectedFailure | undefined;
  get?: InjectedFailure | undefined;
}

/** A desk whose Cloudflare fails with creates, and with lists, as long as the test wants it to. */
async function startWithFailures(environment: NodeJS.ProcessEnv = {}, storage?: Storage, failures: Failures = {}) {
  const { baseUrl, methods } = await startSandboxUpstream(({ method }) =>
    method === 'POST' ? failures.post : failures.get,
  );
  const desk = await startDesk({ ...upstreamAt(baseUrl), ...environment }, storage && { storage });
  const sent = () => methods.filter((method) => method === 'POST').length;
  return { desk, failures, sent, names: async () => (await tunnelsIn({ baseUrl })).map(({ name }) => name) };
}

async function rowsIn(desk: Desk) {
  return (await batchIn(desk)).rows;
}

async function entriesOf(desk: Desk): Promise<AuditEntry[]> {
  return auditPageSchema.parse((await askApi(`${desk.origin}/api/audit`)).envelope.result).entries;
}

describe('a row', () => {
  it('is created, told and recorded as a single create is', async () => {
    const desk = await startDesk();
    await begin(desk, batchOf(1));
    const single = await create(desk, { ...FULL_REQUEST, name: 'single' }, { headers: { 'idempotency-key': KEY } });
    const body = { ...requestOf(1), psk: PSK, health_check: FULL_REQUEST.health_check };
    const row = await sendRow(desk, 1, { key: ANOTHER_KEY, body });
    expect(row.status).toBe(single.status);
    expect(Object.keys(Object(row.envelope.result))).toEqual(
      expect.arrayContaining(['id', 'name', 'health_check', 'psk_metadata', 'created_on']),
    );
    const [newer, older] = await entriesOf(desk);
    expect(newer).toEqual({
      ...older,
      ...{ id: 2, at: expect.any(String), requestId: row.headers.get('x-request-id') },
      ...{ tunnelName: 'branch-1', resource: { ...older?.resource, id: expect.any(String), name: 'branch-1' } },
      request: { ...body, psk: PSK_NOT_RECORDED },
      outcome: {
        ...older?.outcome,
        ...{ at: expect.any(String), tunnelId: expect.any(String), cfRay: expect.any(String) },
        durationMs: expect.any(Number),
      },
    });
    const found = await askApi(`${desk.origin}/api/submissions/${ANOTHER_KEY}`);
    expect(found.envelope.result).toMatchObject({ kind: 'done', tunnel: { name: 'branch-1' } });
  });

  it('gets its first outcome again under its key, in any case, and nothing is sent', async () => {
    const { desk, sent } = await startWithFailures();
    await begin(desk, batchOf(1));
    const first = await sendRow(desk, 1, { key: 'abcdefab-cdef-4bcd-8fab-cdefabcdefab' });
    const again = await sendRow(desk, 1, { key: 'ABCDEFAB-CDEF-4BCD-8FAB-CDEFABCDEFAB' });
    expect(again.text).toBe(first.text);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(sent()).toBe(1);
  });

  it('is not another row under its key: nothing is sent, and what was sent stays on record', async () => {
    const { desk, sent } = await startWithFailures();
    await begin(desk, batchOf(1));
    await sendRow(desk, 1, { key: KEY });
    const edited = await sendRow(desk, 1, { key: KEY, body: requestOf(9) });
    expect(edited.status).toBe(ERRORS.idempotencyKeyReused.status);
    expect(await rowsIn(desk)).toMatchObject([{ state: 'created', request: requestOf(1) }]);
    expect(sent()).toBe(1);
  });

  it('is kept as it was sent last, without its key', async () => {
    const desk = await startDesk();
    await begin(desk, batchOf(1));
    await sendRow(desk, 1, { body: { ...requestOf(2), psk: PSK } });
    expect(await rowsIn(desk)).toMatchObject([{ state: 'created', request: requestOf(2) }]);
    expect((await rowsIn(desk))[0]?.request).not.toHaveProperty('psk');
  });

  it('that was created is not sent under another key', async () => {
    const { desk, sent } = await startWithFailures();
    await begin(desk, batchOf(1));
    await sendRow(desk, 1, { key: KEY });
    const { status, envelope } = await sendRow(desk, 1, { key: ANOTHER_KEY, body: requestOf(2) });
    expect(status).toBe(ERRORS.rowTried.status);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.rowTried.code }]);
    expect(await rowsIn(desk)).toMatchObject([{ state: 'created', idempotencyKey: KEY, request: requestOf(1) }]);
    expect(sent()).toBe(1);
  });

  it('that was refused is tried again under another key, and not under the old one any more', async () => {
    const { desk, failures, sent } = await startWithFailures();
    await begin(desk, batchOf(1));
    failures.post = FORBIDDEN;
    const refused = await sendRow(desk, 1, { key: KEY });
    expect(await rowsIn(desk)).toMatchObject([{ state: 'not-created', errors: refused.envelope.errors }]);
    failures.post = undefined;
    expect((await sendRow(desk, 1, { key: KEY })).text).toBe(refused.text);
    expect((await sendRow(desk, 1, { key: ANOTHER_KEY })).status).toBe(200);
    expect(await rowsIn(desk)).toMatchObject([{ state: 'created', idempotencyKey: ANOTHER_KEY }]);
    expect((await sendRow(desk, 1, { key: KEY })).status).toBe(ERRORS.rowTried.status);
    expect(sent()).toBe(2);
  });

  it('takes no key that something else was sent under', async () => {
    const { desk, sent } = await startWithFailures();
    await begin(desk, batchOf(2));
    await sendRow(desk, 1, { key: KEY });
    await create(desk, requestOf(3), { headers: { 'idempotency-key': ANOTHER_KEY } });
    for (const key of [KEY, ANOTHER_KEY]) {
      const { status, envelope } = await sendRow(desk, 2, { key });
      expect(status).toBe(ERRORS.idempotencyKeyReused.status);
      expect(envelope.errors).toMatchObject([{ code: ERRORS.idempotencyKeyReused.code }]);
    }
    const [, second] = await rowsIn(desk);
    expect(second).toEqual({ number: 2, ...batchOf(2).rows[1], state: 'not-tried' });
    expect(sent()).toBe(2);
  });
});

describe('two requests for a row at once', () => {
  /** Holds creates back until the test lets them go. */
  async function startHolding() {
    const { promise: until, resolve: letGo } = Promise.withResolvers<void>();
    const started = await startWithFailures();
    started.failures.post = { kind: 'hold', until };
    await begin(started.desk, batchOf(2));
    return { ...started, letGo };
  }

  it('with two keys make one tunnel, and the second is told at once', async () => {
    const { desk, sent, letGo, names } = await startHolding();
    const first = sendRow(desk, 1, { key: KEY });
    await expect.poll(sent).toBe(1);
    expect(await rowsIn(desk)).toMatchObject([
      { state: 'under-way', idempotencyKey: KEY, at: expect.any(String) },
      { state: 'not-tried' },
    ]);
    const second = await sendRow(desk, 1, { key: ANOTHER_KEY, body: requestOf(7) });
    expect(second.status).toBe(ERRORS.rowTried.status);
    letGo();
    expect((await first).status).toBe(200);
    expect(await rowsIn(desk)).toMatchObject([{ state: 'created', request: requestOf(1) }, { state: 'not-tried' }]);
    expect(await names()).toEqual(['branch-1']);
    expect(sent()).toBe(1);
  });

  it('with two keys make one tunnel, however close they are', async () => {
    const { desk, sent, names } = await startWithFailures();
    await begin(desk, batchOf(1));
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendRow(desk, 1)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...new Array(7).fill(409)]);
    expect(await names()).toEqual(['branch-1']);
    expect(sent()).toBe(1);
  });

  it('with one key make one tunnel, and both are told of it', async () => {
    const { desk, sent, letGo } = await startHolding();
    const both = [sendRow(desk, 1, { key: KEY }), sendRow(desk, 1, { key: KEY })];
    await expect.poll(sent).toBe(1);
    letGo();
    const answers = await Promise.all(both);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(sent()).toBe(1);
  });

  it('and one for another row do not wait for each other', async () => {
    const { desk, sent, letGo } = await startHolding();
    const both = [sendRow(desk, 1), sendRow(desk, 2)];
    await expect.poll(sent).toBe(2);
    letGo();
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('a row whose outcome is not known', () => {
  async function startUnknown(handled: boolean) {
    const started = await startWithFailures(SETTLED_AT_ONCE);
    const { desk, failures } = started;
    await begin(desk, batchOf(2));
    failures.post = { kind: 'reset', handled };
    failures.get = FORBIDDEN;
    expect((await sendRow(desk, 1, { key: KEY })).status).toBe(ERRORS.outcomeUnknown.status);
    expect(await rowsIn(desk)).toMatchObject([{ state: 'unknown', idempotencyKey: KEY }, { state: 'not-tried' }]);
    failures.post = undefined;
    return started;
  }

  it('is not sent under another key until it is known that nothing was made', async () => {
    const { desk, failures, sent, names } = await startUnknown(false);
    expect((await sendRow(desk, 1, { key: ANOTHER_KEY })).status).toBe(ERRORS.rowTried.status);
    expect(sent()).toBe(1);
    failures.get = undefined;
    expect(await rowsIn(desk)).toMatchObject([
      { state: 'not-created', errors: [{ code: ERRORS.notDone.code }, { code: ERRORS.upstreamConnectionLost.code }] },
      { state: 'not-tried' },
    ]);
    expect((await sendRow(desk, 1, { key: ANOTHER_KEY })).status).toBe(200);
    expect(await names()).toEqual(['branch-1']);
  });

  it('is looked for whenever somebody looks at its batch', async () => {
    const { desk, failures, sent } = await startUnknown(true);
    failures.get = undefined;
    expect(await rowsIn(desk)).toMatchObject([{ state: 'created', tunnelId: expect.any(String) }, {}]);
    expect((await sendRow(desk, 1, { key: ANOTHER_KEY })).status).toBe(ERRORS.rowTried.status);
    expect((await sendRow(desk, 1, { key: KEY })).status).toBe(200);
    expect(sent()).toBe(1);
  });
});

describe('after a crash', () => {
  /** What a desk left that began a batch and then did this. */
  async function leftBy(crash: (storage: Storage) => Promise<unknown>, failures?: Failures) {
    const folder = temporaryFolder();
    const storage = openStorage(folder);
    const before = await startDesk({}, { storage });
    await begin(before, batchOf(1));
    await crash(storage);
    await storage.close();
    const again = openStorage(folder);
    onTestFinished(() => again.close());
    return startWithFailures(SETTLED_AT_ONCE, again, failures);
  }

  it.each([
    ['its key', KEY],
    ['another one', ANOTHER_KEY],
  ])('between the note of a row’s key and its submission it is tried again under %s, and made once', async (_, key) => {
    const { desk, sent, names } = await leftBy(({ batches }) => batches.claim(PLACE, KEY, requestOf(1)));
    expect(await rowsIn(desk)).toEqual([{ number: 1, ...batchOf(1).rows[0], state: 'not-tried', idempotencyKey: KEY }]);
    expect((await sendRow(desk, 1, { key, body: requestOf(2) })).status).toBe(200);
    expect(await rowsIn(desk)).toMatchObject([{ state: 'created', idempotencyKey: key, request: requestOf(2) }]);
    expect((await sendRow(desk, 1)).status).toBe(ERRORS.rowTried.status);
    expect(await names()).toEqual(['branch-2']);
    expect(sent()).toBe(1);
  });

  it('between a row’s submission and its outcome it is looked for first', async () => {
    const failures: Failures = { get: FORBIDDEN };
    const { desk, sent } = await leftBy(async ({ batches, journal }) => {
      await batches.claim(PLACE, KEY, requestOf(1));
      await journal.begin({ ...INTENT, request: requestOf(1), idempotency: { key: KEY, fingerprint: 'f' } });
    }, failures);
    expect(await rowsIn(desk)).toMatchObject([{ state: 'unknown' }]);
    expect((await sendRow(desk, 1, { key: ANOTHER_KEY })).status).toBe(ERRORS.rowTried.status);
    failures.get = undefined;
    expect(await rowsIn(desk)).toMatchObject([{ state: 'not-created' }]);
    expect((await sendRow(desk, 1, { key: ANOTHER_KEY })).status).toBe(200);
    expect(sent()).toBe(1);
  });
});

it('sends nothing for a row that it cannot record, and sends it when it can', async () => {
  const storage = openStorage(temporaryFolder());
  onTestFinished(() => storage.close());
  let isFull = true;
  const begins: Storage['journal']['begin'] = (intent) =>
    isFull ? Promise.reject(new Error('disk full')) : storage.journal.begin(intent);
  const full = { ...storage, journal: { ...storage.journal, begin: begins } };
  const { desk, sent } = await startWithFailures({}, full);
  await begin(desk, batchOf(1));
  const refused = await sendRow(desk, 1, { key: KEY });
  expect(refused.envelope.errors).toMatchObject([{ code: ERRORS.auditUnavailable.code }]);
  expect(await rowsIn(desk)).toMatchObject([{ state: 'not-tried', idempotencyKey: KEY }]);
  expect(sent()).toBe(0);
  isFull = false;
  expect((await sendRow(desk, 1, { key: randomUUID() })).status).toBe(200);
  expect(sent()).toBe(1);
});
