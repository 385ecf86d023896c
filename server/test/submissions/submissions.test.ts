// What is recorded of a create or a validation, and what happens to one that is sent again or was left without an outcome.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditEntry, auditPageSchema, PSK_NOT_RECORDED } from '@tunnel-desk/shared/api/audit';
import { ERRORS, RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
import { fastify } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ipsecTunnelCreate } from '../../src/ipsec-tunnels/create.ts';
import type { InjectedFailure } from '../../src/sandbox/injected-failures.ts';
import { Secret } from '../../src/secret.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { createSubmissions } from '../../src/submissions/submissions.ts';
import { askApi, create, type Desk, listTunnels, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, FULL_REQUEST, PSK, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { closedPort, startSandboxUpstream, startStub, startStubResponding } from '../support/upstream.ts';

const VALIDATE = { query: '?validate_only=true' };
const LISTS_FAIL: InjectedFailure = { kind: 'response', status: 403, body: 'no', handled: false };
/** A complete list then decides at once; the settle time is the subject of settler.test.ts. */
const SETTLED_AT_ONCE = { SETTLE_SECONDS: '0' };
const RESET: InjectedFailure = { kind: 'reset', handled: true };

async function entriesOf(desk: Desk): Promise<AuditEntry[]> {
  return auditPageSchema.parse((await askApi(`${desk.origin}/api/audit`)).envelope.result).entries;
}

function underKey(key: string) {
  return { headers: { 'idempotency-key': key } };
}

function posts(methods: readonly string[]): number {
  return methods.filter((method) => method === 'POST').length;
}

/** A sandbox that fails with creates, and with lists, as long as the test wants it to. */
async function startFailingSandbox() {
  const failures: { post?: InjectedFailure; get?: InjectedFailure } = {};
  const sandbox = await startSandboxUpstream(({ method }) => (method === 'POST' ? failures.post : failures.get));
  return { ...sandbox, failures };
}

describe('the audit log', () => {
  it('has the intent before anything is sent, and the outcome after', async () => {
    const storage = openStorage(temporaryFolder());
    const seen: unknown[] = [];
    const stub = await startStub((response) => {
      storage.auditLog.page({}, 9).then(({ entries }) => {
        seen.push(...entries.map(({ outcome }) => outcome));
        response.setHeader('cf-ray', '8f1c2d3e4f5a6b7c-FRA').end(JSON.stringify({ success: true, result: TUNNEL }));
      });
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl), { storage });
    const { headers } = await create(desk, FULL_REQUEST);
    expect(seen).toEqual([null]);
    const request = { ...FULL_REQUEST, psk: PSK_NOT_RECORDED };
    expect(await entriesOf(desk)).toEqual([
      {
        id: 1,
        at: expect.any(String),
        requestId: headers.get('x-request-id'),
        person: 'local',
        personName: 'Local operator',
        accountId: ACCOUNT_ID,
        action: 'create',
        resource: { kind: 'ipsec-tunnel', id: TUNNEL.id, name: FULL_REQUEST.name },
        tunnelName: FULL_REQUEST.name,
        request,
        outcome: {
          at: expect.any(String),
          result: 'created',
          status: 200,
          codes: [],
          cfRay: '8f1c2d3e4f5a6b7c-FRA',
          tunnelId: TUNNEL.id,
          durationMs: expect.any(Number),
          reconciled: false,
        },
      },
    ]);
  });

  it('keeps no pre-shared key on disk', async () => {
    const DATA_DIR = temporaryFolder();
    const desk = await startDesk({ DATA_DIR });
    await create(desk, FULL_REQUEST, underKey(randomUUID()));
    const files = readdirSync(DATA_DIR).map((name) => readFileSync(join(DATA_DIR, name), 'latin1'));
    expect(files.join('')).toContain(FULL_REQUEST.name);
    expect(files.join('')).not.toContain(PSK);
  });

  it.each<[string, InjectedFailure | undefined, Partial<AuditEntry['outcome']>, string]>([
    ['create', undefined, { result: 'created', reconciled: false }, ''],
    ['create', RESET, { result: 'created', reconciled: true }, ''],
    [
      'create',
      { kind: 'reset', handled: false },
      { result: 'not-created', codes: [90025, 90021], reconciled: true },
      '',
    ],
    [
      'create',
      {
        kind: 'response',
        status: 403,
        body: '{"success":false,"errors":[{"code":10000,"message":"x"}]}',
        handled: false,
      },
      { result: 'refused', status: 403, codes: [10000] },
      '',
    ],
    ['create', { kind: 'response', status: 429, body: 'slow down', handled: false }, { result: 'refused' }, ''],
    ['validation', undefined, { result: 'validated', status: 200 }, VALIDATE.query],
    ['validation', { kind: 'cut-short', handled: true }, { result: 'not-validated', codes: [90021] }, VALIDATE.query],
  ])('says how a %s ended: %j as %j', async (_action, failure, outcome, query) => {
    const { baseUrl } = await startSandboxUpstream(({ method }) => (method === 'POST' ? failure : undefined));
    const desk = await startDesk({ ...upstreamAt(baseUrl), ...SETTLED_AT_ONCE });
    await create(desk, SMALLEST_REQUEST, { query });
    expect(await entriesOf(desk)).toMatchObject([{ outcome }]);
  });

  it('says that nothing was created where nothing was sent, and that it is not known where nobody could look', async () => {
    const unreachable = await startDesk(upstreamAt(`http://127.0.0.1:${await closedPort()}`));
    await create(unreachable, SMALLEST_REQUEST);
    expect(await entriesOf(unreachable)).toMatchObject([{ outcome: { result: 'not-created', reconciled: false } }]);

    const { baseUrl, failures } = await startFailingSandbox();
    Object.assign(failures, { post: RESET, get: LISTS_FAIL });
    const desk = await startDesk(upstreamAt(baseUrl));
    await create(desk, SMALLEST_REQUEST);
    expect(await entriesOf(desk)).toMatchObject([{ outcome: { result: 'unknown', codes: [90026, 90021] } }]);
  });

  it('has nothing of what the schema refuses, and nothing of lists', async () => {
    const desk = await startDesk();
    await create(desk, { ...SMALLEST_REQUEST, interface_address: '10.0.0.0/24' });
    await listTunnels(desk);
    expect(await entriesOf(desk)).toEqual([]);
  });
});

describe('without a journal that can be written', () => {
  it.each([
    ['a create', {}],
    ['a create under a key', underKey(randomUUID())],
    ['a validation', VALIDATE],
  ])('%s gets a 503, and nothing reaches Cloudflare', async (_what, options) => {
    const stub = await startStubResponding({ body: { success: true, result: TUNNEL } });
    const storage = openStorage(temporaryFolder());
    const desk = await startDesk(upstreamAt(stub.baseUrl), { storage });
    await storage.close();
    const { status, envelope } = await create(desk, FULL_REQUEST, options);
    expect({ status, code: envelope.errors[0]?.code }).toEqual({ status: 503, code: ERRORS.auditUnavailable.code });
    expect(stub.requests).toEqual([]);
  });

  it('an outcome that cannot be recorded is still told to the client', async () => {
    const storage = openStorage(temporaryFolder());
    const finish = () => Promise.reject(new Error('the disk is full'));
    const desk = await startDesk({}, { storage: { ...storage, journal: { ...storage.journal, finish } } });
    const key = randomUUID();
    expect((await create(desk, SMALLEST_REQUEST, underKey(key))).status).toBe(200);
    expect(desk.logLines.join('')).toContain('an outcome could not be recorded');
    // Its intent is open, so it is looked for, and not sent again.
    expect((await create(desk, SMALLEST_REQUEST, underKey(key))).envelope).toMatchObject({
      success: true,
      messages: [{ code: RECONCILED_CODE }],
    });
  });
});

describe('the same Idempotency-Key again', () => {
  it('gives the first outcome, says so, and sends nothing', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl));
    const key = randomUUID();
    const first = await create(desk, FULL_REQUEST, underKey(key));
    const second = await create(desk, FULL_REQUEST, underKey(key));
    expect(second).toMatchObject({ status: first.status, text: first.text });
    expect(second.headers.get('cf-ray')).toBe(first.headers.get('cf-ray'));
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(posts(methods)).toBe(1);
    expect(await entriesOf(desk)).toHaveLength(1);
  });

  it('is the same in upper and in lower case', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl));
    const key = randomUUID();
    const first = await create(desk, FULL_REQUEST, underKey(key.toUpperCase()));
    const second = await create(desk, FULL_REQUEST, underKey(key));
    expect(second).toMatchObject({ status: first.status, text: first.text });
    expect(posts(methods)).toBe(1);
    for (const written of [key, key.toUpperCase()]) {
      expect((await askApi(`${desk.origin}/api/submissions/${written}`)).envelope.result).toMatchObject({
        kind: 'done',
      });
    }
  });

  it('waits for the first where that is under way', async () => {
    const called = Promise.withResolvers<() => void>();
    const stub = await startStub((response) => {
      called.resolve(() => response.end(JSON.stringify({ success: true, result: TUNNEL })));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    const key = randomUUID();
    const first = create(desk, SMALLEST_REQUEST, underKey(key));
    const respond = await called.promise;
    const others = [
      create(desk, SMALLEST_REQUEST, underKey(key)),
      create(desk, SMALLEST_REQUEST, underKey(key)),
      create(desk, FULL_REQUEST, underKey(key)),
    ];
    const found = askApi(`${desk.origin}/api/submissions/${key}`);
    // Answered at once, so by then the others have arrived too: they came first.
    expect((await others[2])?.status).toBe(422);
    respond();
    const responses = await Promise.all([first, ...others.slice(0, 2)]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await found).envelope.result).toMatchObject({ kind: 'done', tunnel: { id: TUNNEL.id } });
    expect(stub.requests).toHaveLength(1);
  });

  it('does so after a restart', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const environment = { ...upstreamAt(baseUrl), DATA_DIR: temporaryFolder() };
    const key = randomUUID();
    const before = await startDesk(environment);
    const first = await create(before, FULL_REQUEST, underKey(key));
    await before.app.close();
    const second = await create(await startDesk(environment), FULL_REQUEST, underKey(key));
    expect(second.text).toBe(first.text);
    expect(posts(methods)).toBe(1);
  });

  it('does so after a restart in the sandbox too, whose token is another each time', async () => {
    const environment = { DATA_DIR: temporaryFolder() };
    const key = randomUUID();
    const before = await startDesk(environment);
    const first = await create(before, FULL_REQUEST, underKey(key));
    await before.app.close();
    expect((await create(await startDesk(environment), FULL_REQUEST, underKey(key))).text).toBe(first.text);
  });

  it('repeats a refusal too', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl));
    await create(desk, SMALLEST_REQUEST);
    const key = randomUUID();
    const responses = [
      await create(desk, SMALLEST_REQUEST, underKey(key)),
      await create(desk, SMALLEST_REQUEST, underKey(key)),
    ];
    expect(responses.map(({ status }) => status)).toEqual([400, 400]);
    expect(responses[1]?.text).toBe(responses[0]?.text);
    expect(posts(methods)).toBe(2);
  });

  it('looks again for what nobody knew, and never sends it a second time', async () => {
    const { baseUrl, methods, failures } = await startFailingSandbox();
    Object.assign(failures, { post: RESET, get: LISTS_FAIL });
    const desk = await startDesk(upstreamAt(baseUrl));
    const key = randomUUID();
    const lost = await create(desk, SMALLEST_REQUEST, underKey(key));
    expect(lost.envelope.errors[0]?.code).toBe(ERRORS.outcomeUnknown.code);
    const still = await create(desk, SMALLEST_REQUEST, underKey(key));
    expect(still.text).toBe(lost.text);
    delete failures.get;
    const found = await create(desk, SMALLEST_REQUEST, underKey(key));
    expect(found.envelope).toMatchObject({ success: true, messages: [{ code: RECONCILED_CODE }] });
    expect(posts(methods)).toBe(1);
    expect(await entriesOf(desk)).toMatchObject([{ outcome: { result: 'created', reconciled: true } }]);
  });

  it.each([
    ['another body', { ...FULL_REQUEST, interface_address: '10.9.0.0/31' }, {}],
    ['another pre-shared key', { ...FULL_REQUEST, psk: `${PSK}2` }, {}],
    ['another form of response', { ...SMALLEST_REQUEST }, { 'x-magic-new-hc-target': 'true' }],
  ])('is refused with %s, and nothing is sent', async (_what, body, headers) => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl));
    const key = randomUUID();
    await create(desk, 'psk' in body ? FULL_REQUEST : SMALLEST_REQUEST, underKey(key));
    const { status, envelope } = await create(desk, body, { headers: { 'idempotency-key': key, ...headers } });
    expect({ status, code: envelope.errors[0]?.code }).toEqual({ status: 422, code: 90028 });
    expect(posts(methods)).toBe(1);
  });

  it('is nothing somebody else can use', async () => {
    const proxy = await startProxy();
    const desk = await startDesk(proxy.environment);
    const as = async (sub: string) => ({ [HEADER]: await proxy.sign({ sub, groups: ['net-ops'] }) });
    const key = randomUUID();
    const byAnn = { headers: { 'idempotency-key': key, ...(await as('u-ann')) } };
    expect((await create(desk, SMALLEST_REQUEST, byAnn)).status).toBe(200);
    const byBob = { headers: { 'idempotency-key': key, ...(await as('u-bob')) } };
    expect((await create(desk, SMALLEST_REQUEST, byBob)).status).toBe(422);
  });

  it('means nothing to a validation', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl));
    const options = { ...VALIDATE, ...underKey(randomUUID()) };
    const responses = [await create(desk, SMALLEST_REQUEST, options), await create(desk, FULL_REQUEST, options)];
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect(posts(methods)).toBe(2);
  });

  it.each(['', '1', 'not-a-uuid', `${randomUUID()} `.repeat(2)])('must be a UUID: %j is refused', async (key) => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const { status, envelope } = await create(await startDesk(upstreamAt(baseUrl)), SMALLEST_REQUEST, underKey(key));
    expect({ status, code: envelope.errors[0]?.code }).toEqual({ status: 400, code: ERRORS.invalidHeader.code });
    expect(methods).toEqual([]);
  });
});

describe('the outcome of a create', () => {
  const outcomeOf = async (desk: Desk, key: string) => {
    const { status, envelope } = await askApi(`${desk.origin}/api/submissions/${key}`);
    return status === 200 ? envelope.result : { status, code: envelope.errors[0]?.code };
  };

  it.each<[InjectedFailure | undefined, InjectedFailure | undefined, object]>([
    [undefined, undefined, { kind: 'done', tunnel: { name: SMALLEST_REQUEST.name } }],
    [RESET, undefined, { kind: 'done', tunnel: { name: SMALLEST_REQUEST.name } }],
    [{ kind: 'reset', handled: false }, undefined, { kind: 'not-done' }],
    [{ kind: 'response', status: 429, body: '', handled: false }, undefined, { kind: 'not-done' }],
    [RESET, LISTS_FAIL, { kind: 'unknown' }],
  ])('is told under its key: after %j, with lists %j, %j', async (post, get, outcome) => {
    const { baseUrl, failures } = await startFailingSandbox();
    Object.assign(failures, { post, get });
    const desk = await startDesk({ ...upstreamAt(baseUrl), ...SETTLED_AT_ONCE });
    const key = randomUUID();
    await create(desk, SMALLEST_REQUEST, underKey(key));
    expect(await outcomeOf(desk, key)).toMatchObject(outcome);
  });

  it('is nothing where none was sent under that key', async () => {
    const desk = await startDesk();
    const nothing = { status: 404, code: ERRORS.notFound.code };
    expect(await outcomeOf(desk, randomUUID())).toEqual(nothing);
    const refused = randomUUID();
    await create(desk, { ...SMALLEST_REQUEST, name: '' }, underKey(refused));
    expect(await outcomeOf(desk, refused)).toEqual(nothing);
  });

  it('is for operators of its account', async () => {
    const proxy = await startProxy();
    const desk = await startDesk(proxy.environment);
    const asOperator = { [HEADER]: await proxy.sign({ groups: ['net-ops'] }) };
    const asViewer = { [HEADER]: await proxy.sign({ groups: ['readers'] }) };
    const key = randomUUID();
    await create(desk, SMALLEST_REQUEST, { headers: { 'idempotency-key': key, ...asOperator } });
    expect((await askApi(`${desk.origin}/api/submissions/${key}`, { headers: asOperator })).status).toBe(200);
    expect((await askApi(`${desk.origin}/api/submissions/${key}`, { headers: asViewer })).status).toBe(403);
  });
});

describe('what a crash left without an outcome', () => {
  /** The folder of a desk that was killed after it had recorded these creates, and before it had their responses. */
  async function folderWithInterruptedCreates(...names: readonly string[]): Promise<string> {
    const folder = temporaryFolder();
    const storage = openStorage(folder);
    for (const name of names) {
      await storage.journal.begin({
        requestId: randomUUID(),
        person: { id: 'local', name: 'Local operator' },
        accountId: ACCOUNT_ID,
        action: 'create',
        resource: { kind: 'ipsec-tunnel', name },
        request: { ...SMALLEST_REQUEST, name },
        options: 'string',
        idempotency: { key: randomUUID(), fingerprint: 'of another start' },
      });
    }
    await storage.close();
    return folder;
  }

  const resultsOf = async (desk: Desk) =>
    (await entriesOf(desk)).map(({ tunnelName, outcome }) => [tunnelName, outcome?.result, outcome?.reconciled]);

  it('is looked for at the next start, all of an account in one go', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const helper = await startDesk(upstreamAt(baseUrl));
    const DATA_DIR = await folderWithInterruptedCreates('arrived', 'lost-1', 'lost-2');
    await create(helper, { ...SMALLEST_REQUEST, name: 'arrived' });
    methods.length = 0;
    const desk = await startDesk({ ...upstreamAt(baseUrl), DATA_DIR, ...SETTLED_AT_ONCE });
    await expect
      .poll(() => resultsOf(desk))
      .toEqual([
        ['lost-2', 'not-created', true],
        ['lost-1', 'not-created', true],
        ['arrived', 'created', true],
      ]);
    expect(posts(methods)).toBe(0);
    expect(methods.length).toBeLessThanOrEqual(3);
  });

  it('stays marked as interrupted while Cloudflare cannot be asked, and is looked for at the start after that', async () => {
    const DATA_DIR = await folderWithInterruptedCreates('arrived');
    const unreachable = { ...upstreamAt(`http://127.0.0.1:${await closedPort()}`), UPSTREAM_TIMEOUT_MS: '300' };
    const cutOff = await startDesk({ ...unreachable, DATA_DIR });
    await expect.poll(() => cutOff.logLines.join('')).toContain('looked for what was sent without a known outcome');
    expect(await resultsOf(cutOff)).toEqual([['arrived', 'interrupted', false]]);
    await cutOff.app.close();
    const { baseUrl } = await startSandboxUpstream();
    const desk = await startDesk({ ...upstreamAt(baseUrl), DATA_DIR, ...SETTLED_AT_ONCE });
    await expect.poll(() => resultsOf(desk)).toEqual([['arrived', 'not-created', true]]);
  });

  it('does not keep the desk from stopping', async () => {
    const DATA_DIR = await folderWithInterruptedCreates('arrived');
    const { baseUrl } = await startSandboxUpstream();
    const desk = await startDesk({ ...upstreamAt(baseUrl), DATA_DIR });
    await desk.app.close();
    expect(desk.logLines.join('')).not.toContain('"level":50');
  });
});

it.each([
  [false, 'unknown'],
  [true, 'not-validated'],
])('a bug on the way leaves an outcome too (validateOnly: %s): %s', async (validateOnly, result) => {
  const storage = openStorage(temporaryFolder());
  onTestFinished(() => storage.close());
  const fail = () => Promise.reject(new Error('a bug'));
  const { log } = fastify();
  const change = ipsecTunnelCreate({ createIpsecTunnel: fail, validateIpsecTunnel: fail, listIpsecTunnels: fail });
  const submissions = createSubmissions({
    journal: storage.journal,
    changes: [change],
    log,
    secret: new Secret('any'),
    accountIds: [ACCOUNT_ID],
    settleMs: 0,
    lookLimitMs: 1000,
  });
  const submission = {
    requestId: randomUUID(),
    person: { id: 'u-ann', name: 'Ann' },
    accountId: ACCOUNT_ID,
    resource: { name: SMALLEST_REQUEST.name },
    request: SMALLEST_REQUEST,
    options: 'string',
    validateOnly,
    idempotencyKey: randomUUID(),
  } as const;
  await expect(submissions.submit(change, submission)).rejects.toThrow('a bug');
  expect((await storage.auditLog.page({}, 1)).entries).toMatchObject([{ outcome: { result } }]);
});
