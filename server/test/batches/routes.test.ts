// Batches of creates, begun and read over real sockets; how their rows are sent is in rows.test.ts.

import { MAX_BATCH_ROWS } from '@tunnel-desk/shared/api/batches';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, batchesPath, batchPath, batchRowPath } from '@tunnel-desk/shared/api/paths';
import { describe, expect, it } from 'vitest';
import { batchRowSchemaFor, readNewBatch } from '../../src/batches/read-new-batch.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { ask, askApi, type Desk, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, FULL_REQUEST, OTHER_ACCOUNT_ID, PSK } from '../support/samples.ts';
import { startSandboxUpstream } from '../support/upstream.ts';
import { batchesIn, batchIn, batchOf, begin, ID, list, type Place, type RowCall, read, sendRow } from './support.ts';

const BOTH_ACCOUNTS = { CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office,${OTHER_ACCOUNT_ID}=Branches` };
const OTHER_ID = '7d1f6a52-0c38-4b9e-8e15-2ab4c6d8f013';
const SMALLEST = batchOf(1);
const [ROW] = SMALLEST.rows;

interface DeskError {
  readonly status: number;
  readonly code: number;
}

describe('a batch', () => {
  it('is none at first', async () => {
    expect(await batchesIn(await startDesk())).toEqual([]);
  });

  it('is kept and read as it was begun, and nothing of it is sent', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl));
    const { psk: _, ...request } = FULL_REQUEST;
    const { source } = SMALLEST;
    const rows = [
      { request, keySource: 'generated', importRow: 5 },
      { request: { ...request, name: 'branch-1b' }, keySource: 'generated', sharesKeyWith: 1, importRow: 2005 },
    ];
    const { status, envelope } = await begin(desk, { source, rows });
    const head = { id: ID, source, createdAt: expect.any(String), personName: 'Local operator' };
    const counts = { 'not-tried': 2, 'under-way': 0, created: 0, 'not-created': 0, unknown: 0 };
    expect({ status, result: envelope.result }).toEqual({ status: 200, result: { ...head, counts } });
    expect(await batchIn(desk)).toEqual({
      ...head,
      rows: rows.map((row, index) => ({ number: index + 1, ...row, state: 'not-tried' })),
    });
    expect(await batchesIn(desk)).toEqual([{ ...head, counts }]);
    expect(methods).toEqual([]);
  });

  it('is there after a restart', async () => {
    const DATA_DIR = temporaryFolder();
    const before = await startDesk({ DATA_DIR });
    await begin(before, SMALLEST);
    const batch = await batchIn(before);
    await before.app.close();
    expect(await batchIn(await startDesk({ DATA_DIR }))).toEqual(batch);
  });

  it('is begun once: the same body again changes nothing, whatever became of its rows', async () => {
    const desk = await startDesk();
    const { source, rows } = batchOf(2);
    await begin(desk, { source, rows });
    await sendRow(desk, 1);
    const batch = await batchIn(desk);
    const inAnotherOrder = { rows: rows.map(({ request, keySource }) => ({ keySource, request })), source };
    const again = await begin(desk, inAnotherOrder, { batchId: ID.toUpperCase() });
    expect(again.status).toBe(200);
    expect(again.envelope.result).toMatchObject({ id: ID, counts: { 'not-tried': 1, created: 1 } });
    expect(await batchIn(desk)).toEqual(batch);
    expect(await batchesIn(desk)).toHaveLength(1);
  });

  it.each([
    ['more rows', batchOf(3)],
    ['another source', { ...batchOf(2), source: { kind: 'pasted', name: '' } }],
    ['another value', { ...batchOf(2), rows: batchOf(2).rows.map((row) => ({ ...row, keySource: 'later' })) }],
  ])('is not begun under the ID of one with another body: %s', async (_what, another) => {
    const desk = await startDesk();
    await begin(desk, batchOf(2));
    const batch = await batchIn(desk);
    const { status, envelope } = await begin(desk, another);
    expect(status).toBe(ERRORS.batchExists.status);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.batchExists.code }]);
    expect(await batchIn(desk)).toEqual(batch);
  });

  it('is one of its account', async () => {
    const desk = await startDesk(BOTH_ACCOUNTS);
    const elsewhere = { accountId: OTHER_ACCOUNT_ID };
    await begin(desk, batchOf(1));
    expect((await read(desk, elsewhere)).status).toBe(404);
    expect((await sendRow(desk, 1, elsewhere)).status).toBe(404);
    expect((await begin(desk, batchOf(2), elsewhere)).status).toBe(200);
    expect((await batchIn(desk)).rows).toHaveLength(1);
    expect((await batchIn(desk, elsewhere)).rows).toHaveLength(2);
    expect(await batchesIn(desk)).toHaveLength(1);
  });

  it('stands in the list before those that were begun earlier, of which there may be many', async () => {
    const desk = await startDesk();
    const ids = Array.from({ length: 13 }, (_, index) => `${ID.slice(0, -2)}${index + 10}`);
    for (const batchId of ids) await begin(desk, SMALLEST, { batchId });
    expect((await batchesIn(desk)).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  it(`has up to ${MAX_BATCH_ROWS} rows, read whole`, async () => {
    const desk = await startDesk();
    const { psk: _, ...request } = FULL_REQUEST;
    const rows = Array.from({ length: MAX_BATCH_ROWS + 1 }, (_, index) => ({
      request: { ...request, name: `branch-${index}`, description: 'The description of a branch. '.repeat(30) },
      keySource: 'later',
    }));
    const tooMany = await begin(desk, { ...SMALLEST, rows });
    expect(tooMany.status).toBe(400);
    expect(tooMany.envelope.errors.map(({ source }) => source?.pointer)).toEqual(['/rows']);
    expect((await begin(desk, { ...SMALLEST, rows: rows.slice(1) })).status).toBe(200);
    const kept = (await batchIn(desk)).rows;
    expect(kept.map(({ number }) => number)).toEqual(rows.slice(1).map((_row, index) => index + 1));
    expect(kept.map((row) => row.request)).toEqual(rows.slice(1).map((row) => row.request));
  });

  it('leaves the desk time for others while its rows are read', async () => {
    let turns = 0;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let isRead = false;
    const countTurns = () => {
      if (isRead) return end();
      turns += 1;
      setImmediate(countTurns);
    };
    countTurns();
    const schema = batchRowSchemaFor({ accountId: ACCOUNT_ID, interfaceAddressRules: 'reference' });
    const body = Buffer.from(JSON.stringify({ ...SMALLEST, rows: new Array(MAX_BATCH_ROWS).fill(ROW) }));
    const { kind } = await readNewBatch(body, schema, (json) => JSON.parse(json.toString()));
    isRead = true;
    await ended;
    expect(kind).toBe('read');
    expect(turns).toBeGreaterThan(3);
  });
});

describe('a body that is no batch', () => {
  it.each<[why: string, body: unknown, pointers: readonly string[]]>([
    ['no rows', { ...SMALLEST, rows: [] }, ['/rows']],
    ['rows that are no array', { ...SMALLEST, rows: { 0: ROW } }, ['/rows']],
    ['nothing but rows', { rows: [ROW] }, ['/source']],
    ['a source that the desk does not know', { ...SMALLEST, source: { kind: 'fax', name: '' } }, ['/source/kind']],
    ['a key beside the rows', { ...SMALLEST, psk: PSK }, ['/psk']],
    ['a key beside a request', { ...SMALLEST, rows: [ROW, { ...ROW, psk: PSK }] }, ['/rows/1/psk']],
    ['a key in a request', inRow18({ psk: PSK }), ['/rows/17/request/psk']],
    [
      'what the create schema refuses',
      inRow18({ interface_address: '10.0.0.0/24', bgp: { customer_asn: '65001', extra_prefixes: ['10.0.0.1/8'] } }),
      [
        '/rows/17/request/interface_address',
        '/rows/17/request/bgp/customer_asn',
        '/rows/17/request/bgp/extra_prefixes/0',
      ],
    ],
    [
      'a target in the object form',
      inRow18({ health_check: { target: { saved: '203.0.113.9' } } }),
      ['/rows/17/request/health_check/target'],
    ],
    ['a row without a key source', { ...SMALLEST, rows: [{ request: ROW?.request }] }, ['/rows/0/keySource']],
    ['a row without a request', { ...SMALLEST, rows: [{ keySource: 'own' }] }, ['/rows/0/request']],
    [
      'the key of the row itself, of a later one, or of none',
      { ...SMALLEST, rows: [1, 3, 1, 0].map((sharesKeyWith) => ({ ...ROW, sharesKeyWith })) },
      ['/rows/0/sharesKeyWith', '/rows/1/sharesKeyWith', '/rows/3/sharesKeyWith'],
    ],
    ['no object', [], ['']],
    ['nothing', null, ['']],
  ])('is refused with the place of each issue: %s', async (_why, body, pointers) => {
    const desk = await startDesk();
    const { status, envelope } = await begin(desk, body);
    expect(status).toBe(ERRORS.invalidBody.status);
    expect(envelope.errors.map(({ code, source }) => [code, source?.pointer])).toEqual(
      pointers.map((pointer) => [ERRORS.invalidBody.code, pointer]),
    );
    expect(await batchesIn(desk)).toEqual([]);
  });

  it('is read no further when it has more issues than a person could look at', async () => {
    const rows = new Array(MAX_BATCH_ROWS).fill({ ...ROW, request: {} });
    const { status, envelope } = await begin(await startDesk(), { ...SMALLEST, rows });
    expect(status).toBe(400);
    expect(envelope.errors.length).toBeLessThan(250);
  });

  it.each<[why: string, body: string, error: DeskError]>([
    ['it is no JSON', '{"rows":', ERRORS.malformedJson],
    ['one row is no JSON', `{"source":${JSON.stringify(SMALLEST.source)},"rows":[{"request"}]}`, ERRORS.malformedJson],
    ['it is empty', '', ERRORS.malformedJson],
    ['it sets a prototype', '{"__proto__":{"rows":[]}}', ERRORS.malformedJson],
    ['a row sets a prototype', '{"rows":[{"__proto__":{"keySource":"own"}}]}', ERRORS.malformedJson],
    ['it has rows twice', '{"rows":[],"rows":[]}', ERRORS.malformedJson],
    ['it is longer than all rows can be', `{"rows":"${'x'.repeat(8_192_000)}"}`, ERRORS.bodyTooLarge],
  ])('is refused: %s', async (_why, body, { status, code }) => {
    const desk = await startDesk();
    const answer = await begin(desk, body);
    expect(answer.status).toBe(status);
    expect(answer.envelope.errors).toMatchObject([{ code }]);
    expect(await batchesIn(desk)).toEqual([]);
  });

  it('is refused where there is none, not even an empty one', async () => {
    const { origin } = await startDesk();
    const { status } = await askApi(origin + API_PREFIX + batchPath(ACCOUNT_ID, ID), { method: 'PUT' });
    expect(status).toBe(400);
  });

  it('is refused in words that say how long it may be', async () => {
    const { envelope } = await begin(await startDesk(), ' '.repeat(8_192_001));
    expect(envelope.errors).toMatchObject([{ message: 'the body is larger than 8000 KiB' }]);
  });
});

describe('a call', () => {
  const refused: [what: string, place: Place, error: DeskError][] = [
    ['about an ID that is no UUID', { batchId: 'first' }, ERRORS.invalidBatchId],
    ['in an account that the desk does not serve', { accountId: OTHER_ACCOUNT_ID }, ERRORS.accountNotAllowed],
    ['in no account', { accountId: 'none' }, ERRORS.invalidAccountId],
    ['with validate_only, which would do it all the same', { query: '?validate_only=true' }, ERRORS.invalidQuery],
    ['with any other query parameter', { query: '?x' }, ERRORS.invalidQuery],
    ['from another site', { headers: { origin: 'https://evil.example' } }, ERRORS.foreignOrigin],
    ['with a body that is not JSON', { headers: { 'content-type': 'text/plain' } }, ERRORS.notJson],
  ];

  it.each(refused)('to begin one is refused %s', async (_what, place, { status, code }) => {
    const desk = await startDesk();
    const answer = await begin(desk, SMALLEST, place);
    expect(answer.status).toBe(status);
    expect(answer.envelope.errors).toMatchObject([{ code }]);
    expect(await batchesIn(desk)).toEqual([]);
  });

  it.each<[what: string, call: RowCall & { readonly row?: string }, error: DeskError]>([
    ...refused,
    ['under no key', { headers: { 'idempotency-key': '' } }, ERRORS.invalidHeader],
    ['under a key that is no UUID', { key: 'again' }, ERRORS.invalidHeader],
    ['with targets as objects', { headers: { 'x-magic-new-hc-target': 'true' } }, ERRORS.invalidHeader],
    ['with a target form that there is not', { headers: { 'x-magic-new-hc-target': 'yes' } }, ERRORS.invalidHeader],
    ['with a body that the create schema refuses', { body: {} }, ERRORS.invalidBody],
    ['in a batch that there is not', { batchId: OTHER_ID }, ERRORS.notFound],
    ['about row 0', { row: '0' }, ERRORS.notFound],
    ['about a row behind the last', { row: '2' }, ERRORS.notFound],
    ['about a row written in another way', { row: '01' }, ERRORS.notFound],
    ['about a row that is no number', { row: 'x' }, ERRORS.notFound],
  ])('to send a row is refused %s', async (_what, { row = '1', ...call }, { status, code }) => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl));
    await begin(desk, SMALLEST);
    const answer = await sendRow(desk, row, { body: ROW?.request, ...call });
    expect(answer.status).toBe(status);
    expect(answer.envelope.errors[0]).toMatchObject({ code });
    expect((await batchIn(desk)).rows).toMatchObject([{ state: 'not-tried' }]);
    expect(methods).toEqual([]);
  });

  it('about a batch that there is not says so', async () => {
    const desk = await startDesk();
    const { status, envelope } = await read(desk);
    expect(status).toBe(404);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.notFound.code }]);
    expect((await read(desk, { batchId: 'first' })).status).toBe(400);
  });

  it.each([
    ['about all', batchesPath(ACCOUNT_ID), ['POST', 'PUT', 'PATCH', 'DELETE'], 'GET, HEAD'],
    ['about one', batchPath(ACCOUNT_ID, ID), ['POST', 'PATCH', 'DELETE'], 'GET, HEAD, PUT'],
    ['about a row', batchRowPath(ACCOUNT_ID, ID, 1), ['GET', 'PUT', 'PATCH', 'DELETE'], 'POST'],
  ])('by another method says which there are: %s', async (_what, path, methods, allow) => {
    const { origin } = await startDesk();
    for (const method of methods) {
      const { status, headers, envelope } = await askApi(origin + API_PREFIX + path, { method, headers: { origin } });
      expect({ status, allow: headers.get('allow') }, method).toEqual({ status: 405, allow });
      expect(envelope.errors).toMatchObject([{ code: ERRORS.methodNotAllowed.code }]);
    }
  });

  it('by HEAD has the head alone', async () => {
    const desk = await startDesk();
    await begin(desk, SMALLEST);
    for (const path of [batchesPath(ACCOUNT_ID), batchPath(ACCOUNT_ID, ID)]) {
      const { status, text } = await ask(desk.origin + API_PREFIX + path, { method: 'HEAD' });
      expect({ status, text }).toEqual({ status: 200, text: '' });
    }
  });
});

describe('by role', () => {
  async function startWithRoles() {
    const proxy = await startProxy();
    const desk = await startDesk({ ...BOTH_ACCOUNTS, ...proxy.environment });
    const as = async (...groups: string[]) => ({ headers: { [HEADER]: await proxy.sign({ groups }) } });
    return { desk, as };
  }

  function answersTo(desk: Desk, place: Place) {
    return Promise.all([list(desk, place), read(desk, place), begin(desk, SMALLEST, place), sendRow(desk, 1, place)]);
  }

  it('a viewer reads it, and neither begins one nor sends a row, by validate_only neither', async () => {
    const { desk, as } = await startWithRoles();
    const viewer = await as('readers');
    await begin(desk, SMALLEST, await as('net-ops'));
    expect((await answersTo(desk, viewer)).map(({ status }) => status)).toEqual([200, 200, 403, 403]);
    const validating = await answersTo(desk, { ...viewer, query: '?validate_only=true' });
    expect(validating.map(({ status }) => status)).toEqual([200, 200, 400, 400]);
    expect((await batchIn(desk, viewer)).rows).toMatchObject([{ state: 'not-tried' }]);
  });

  it('nobody without one sees it, signed in or not', async () => {
    const { desk, as } = await startWithRoles();
    const elsewhere = { ...(await as('head-office-ops')), accountId: OTHER_ACCOUNT_ID };
    for (const [place, wanted] of [
      [await as('canteen'), 403],
      [elsewhere, 403],
      [{}, 401],
    ] as const) {
      expect((await answersTo(desk, place)).map(({ status }) => status)).toEqual(new Array(4).fill(wanted));
    }
  });

  it('whoever began it is named, and whoever may change the account goes on with it', async () => {
    const { desk, as } = await startWithRoles();
    await begin(desk, SMALLEST, await as('net-ops'));
    const another = await as('head-office-ops');
    expect((await sendRow(desk, 1, another)).status).toBe(200);
    expect(await batchIn(desk, another)).toMatchObject({ personName: 'Ann', rows: [{ state: 'created' }] });
  });
});

it('says so where the database is not there, and sends nothing', async () => {
  const { baseUrl, methods } = await startSandboxUpstream();
  const storage = openStorage(temporaryFolder());
  const desk = await startDesk(upstreamAt(baseUrl), { storage });
  await begin(desk, SMALLEST);
  await storage.close();
  for (const { status, envelope } of [
    await list(desk),
    await read(desk),
    await begin(desk, SMALLEST),
    await sendRow(desk, 1),
  ]) {
    expect(status).toBe(ERRORS.auditUnavailable.status);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.auditUnavailable.code }]);
  }
  expect(methods).toEqual([]);
});

/** Twenty rows, of which one has these values. */
function inRow18(values: object): object {
  const { source, rows } = batchOf(20);
  return {
    source,
    rows: rows.map((row, index) => (index === 17 ? { ...row, request: { ...row.request, ...values } } : row)),
  };
}
