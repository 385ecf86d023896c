// The API token and the pre-shared key, hunted through every log line (at trace) and every answer. support/desk.ts
// searches all of both, here and in every other file, so that these tests need only provoke a leak.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import {
  API_PREFIX,
  batchPath,
  batchRowPath,
  routerSettingsPath,
  tunnelRouterSettingsPath,
} from '@tunnel-desk/shared/api/paths';
import { expect, it } from 'vitest';
import { batchIn, batchOf, begin, list, requestOf, sendRow } from './batches/support.ts';
import {
  ask,
  askApi,
  create,
  type Desk,
  expectNoSecretIn,
  startDesk,
  temporaryFolder,
  upstreamAt,
} from './support/desk.ts';
import { rawRequest, sendRaw } from './support/raw-http.ts';
import {
  ACCOUNT_ID,
  API_TOKEN,
  FULL_REQUEST,
  PSK,
  ROUTER_SETTINGS,
  SMALLEST_REQUEST,
  TUNNEL,
} from './support/samples.ts';
import { SPELLINGS } from './support/spellings.ts';
import { startSandboxUpstream, startStub, startStubResponding } from './support/upstream.ts';

const AUTHORIZATION = `Bearer ${API_TOKEN}`;

function success(result: unknown) {
  return { success: true, errors: [], messages: [], result };
}

function refusal(message: string, rest = {}) {
  return { success: false, errors: [{ code: 1001, message, ...rest }], messages: [], result: null };
}

/** The text with its first letter spelled as an escape, as a JSON encoder may. */
function escaped(text: string): string {
  return `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}${text.slice(1)}`;
}

it('finds neither after creating, validating, listing, and being refused by Cloudflare', async () => {
  const { baseUrl } = await startSandboxUpstream();
  const desk = await startDesk(upstreamAt(baseUrl));
  const outcomes = [
    await create(desk, FULL_REQUEST, { query: '?validate_only=true' }),
    await create(desk, FULL_REQUEST),
    await create(desk, FULL_REQUEST),
    await askApi(desk.tunnels),
    await askApi(`${desk.origin}/api/session`),
  ];
  expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 400, 200, 200]);
  expect(desk.logLines.length).toBeGreaterThan(outcomes.length);
});

it('tells whether a key is set, and since when, where Cloudflare says so', async () => {
  const { envelope } = await create(await startDesk(), FULL_REQUEST);
  expect(envelope.result).toMatchObject({ psk_metadata: { last_generated_on: expect.any(String) } });
});

it.each([
  ['the request itself', (body: string) => success({ ...TUNNEL, ...JSON.parse(body) })],
  ['the token', () => success({ ...TUNNEL, authorization: AUTHORIZATION })],
  ['both, deep in the result', () => success({ ...TUNNEL, echo: [{ a: [`x${PSK}y`, { b: API_TOKEN }] }] })],
  ['both as keys', () => success({ ...TUNNEL, [PSK]: 1, nested: { [AUTHORIZATION]: PSK } })],
  ['both in a message', () => ({ ...success(TUNNEL), messages: [{ code: 1000, message: `${PSK} ${AUTHORIZATION}` }] })],
  ['both beside the result', () => ({ ...success(TUNNEL), debug: { authorization: AUTHORIZATION, psk: PSK } })],
  ['the body it was sent, as text', (body: string) => success({ ...TUNNEL, request: body })],
])('blacks out what an upstream repeats in a success: %s', async (_what, responseTo) => {
  const stub = await startStub((response, { body }) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(responseTo(body)));
  });
  const { status, envelope } = await create(await startDesk(upstreamAt(stub.baseUrl)), FULL_REQUEST);
  expect(status).toBe(200);
  expect(envelope.result).toMatchObject({ id: TUNNEL.id, name: TUNNEL.name });
});

it.each([
  ['in its message', refusal(`psk ${PSK} is too long, and so is ${AUTHORIZATION}`)],
  ['in its pointer', refusal('not valid', { source: { pointer: `/${PSK}` } })],
  ['in fields it adds', refusal('not valid', { value: PSK, headers: { authorization: AUTHORIZATION } })],
  ['escaped', JSON.stringify(refusal('not valid')).replace('not valid', `${escaped(PSK)} ${escaped(API_TOKEN)}`)],
  ['escaped as a key', `{"success":false,"errors":[],"result":null,"${escaped(PSK)}":"${escaped(API_TOKEN)}"}`],
  ['under an escaped name', `{"success":false,"errors":[],"result":{"\\u0070sk":"${escaped(PSK)}"}}`],
  ['where it is no envelope', `<html>${PSK} ${AUTHORIZATION}</html>`],
  ['where it is cut short', `{"success":false,"errors":[{"code":1001,"message":"${PSK} ${AUTHORIZATION}`],
])('redacts what an upstream repeats in an error: %s', async (_where, body) => {
  const stub = await startStubResponding({ status: 400, body });
  const { status, envelope } = await create(await startDesk(upstreamAt(stub.baseUrl)), FULL_REQUEST);
  expect([400, 502]).toContain(status);
  expect(envelope.success).toBe(false);
});

it.each([
  ['cf-ray', 'the key', PSK],
  ['cf-ray', 'the token', API_TOKEN],
  ['cf-ray', 'the token among other words', AUTHORIZATION],
  ['retry-after', 'the key', PSK],
  ['retry-after', 'the token', API_TOKEN],
  ['retry-after', 'what is no short word or date', '<script>'],
  ['set-cookie', 'a cookie of its own', 'session=1'],
  ['x-debug', 'whatever it likes', AUTHORIZATION],
])('drops the header %s when it holds %s', async (name, _what, value) => {
  const stub = await startStubResponding({ headers: { [name]: value }, body: success(TUNNEL) });
  const { status, headers } = await create(await startDesk(upstreamAt(stub.baseUrl)), FULL_REQUEST);
  expect(status).toBe(200);
  expect(headers.get(name)).toBeNull();
});

it('keeps a key with quotation marks out of the body an upstream quotes as text', async () => {
  const psk = 'a "quoted" \\ key';
  const stub = await startStub((response, { body }) => {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(refusal(`bad body: ${body}`)));
  });
  const { text } = await create(await startDesk(upstreamAt(stub.baseUrl)), { ...SMALLEST_REQUEST, psk });
  expect(text).toContain('bad body');
  expect(text).not.toContain('quoted');
});

/** Both secrets in every spelling, as values, as keys and in longer texts. */
const ECHO = [PSK, API_TOKEN, AUTHORIZATION].map((secret) =>
  Object.values(SPELLINGS).map((spell) => ({
    a: spell(secret),
    b: `x ${spell(secret)} y`,
    [spell(secret)]: [spell(secret)],
  })),
);

/** A Cloudflare that puts them into everything it says. It creates what it is sent, and tells it as `respond` does. */
async function startEchoing(respond: (response: ServerResponse, tunnel: object) => void, echo: unknown = ECHO) {
  const tunnels: object[] = [];
  return startStub((response, { method, body }) => {
    response.setHeader('content-type', 'application/json');
    if (method === 'GET') return void response.end(JSON.stringify({ ...success({ ipsec_tunnels: tunnels }), echo }));
    const { psk: _, ...sent } = JSON.parse(body);
    const created = new Date().toISOString();
    const tunnel = { ...sent, id: TUNNEL.id, created_on: created, modified_on: created, echo };
    tunnels.push(tunnel);
    respond(response, tunnel);
  });
}

/** The bytes of every file in the folder, as text. */
function filesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

it.each<[outcome: string, status: number, respond: (response: ServerResponse, tunnel: object) => void]>([
  ['created', 200, (response, tunnel) => response.end(JSON.stringify({ ...success(tunnel), echo: ECHO }))],
  [
    'refused',
    400,
    (response) => response.writeHead(400).end(JSON.stringify(refusal(JSON.stringify(ECHO), { echo: ECHO }))),
  ],
  ['reconciled', 200, (response) => response.destroy()],
  [
    'reconciled after an error',
    200,
    (response) => response.writeHead(502).end(JSON.stringify(refusal('x', { echo: ECHO }))),
  ],
])('keeps every spelling out of responses, log lines and database files: %s', async (_outcome, status, respond) => {
  const DATA_DIR = temporaryFolder();
  const desk = await startDesk({ ...upstreamAt((await startEchoing(respond)).baseUrl), DATA_DIR });
  const key = randomUUID();
  const first = await create(desk, FULL_REQUEST, { headers: { 'idempotency-key': key } });
  expect(first.status).toBe(status);
  const again = await create(desk, FULL_REQUEST, { headers: { 'idempotency-key': key } });
  expect(again.status).toBe(status);
  await askApi(`${desk.origin}/api/submissions/${key}`);
  expect((await askApi(desk.tunnels)).text).toContain('[redacted]');
  await askApi(`${desk.origin}/api/audit`);
  await ask(`${desk.origin}/api/audit/export`);
  const onDisk = filesIn(DATA_DIR);
  expect(onDisk).toContain(FULL_REQUEST.name);
  expectNoSecretIn(onDisk);
});

it('keeps a key of digits out of numbers and codes', async () => {
  const stub = await startStub((response) => {
    const result = { ...TUNNEL, port: 48_151_623, nested: [{ key: 4.8151623e7 }] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...success(result), messages: [{ code: 48_151_623, message: '48151623' }] }));
  });
  const { text, envelope } = await create(await startDesk(upstreamAt(stub.baseUrl)), {
    ...SMALLEST_REQUEST,
    psk: '48151623',
  });
  expect(text).not.toContain('48151623');
  expect(envelope.messages).toMatchObject([{ code: 0, message: '[redacted]' }]);
  expect(envelope.result).toMatchObject({ id: TUNNEL.id });
});

it('keeps a short key out of every string, and the tunnel as it is', async () => {
  const result = { ...TUNNEL, note: 'psk hunter2', description: 'see hunter2', list: ['xhunter2x'], hunter2: 1 };
  const stub = await startStubResponding({ headers: { 'cf-ray': 'hunter2-FRA' }, body: success(result) });
  const { everything, envelope } = await create(await startDesk(upstreamAt(stub.baseUrl)), {
    ...SMALLEST_REQUEST,
    psk: 'hunter2',
  });
  expect(everything).not.toContain('hunter2');
  expect(envelope.result).toMatchObject(TUNNEL);
});

it('loses no tunnel to a key that is its name, neither in the response nor when it is looked for', async () => {
  const request = { ...SMALLEST_REQUEST, name: 'branch-office', psk: 'branch-office' };
  const desk = await startDesk(upstreamAt((await startEchoing((response) => response.destroy(), request)).baseUrl));
  const { status, envelope } = await create(desk, request);
  expect(status).toBe(200);
  expect(envelope.result).toMatchObject({ id: TUNNEL.id, name: 'branch-office' });
  expect(envelope.result).not.toHaveProperty('echo.psk');
});

it.each(['a', '0', 'c4a7', 'name', 'FRA', '[redacted]'])(
  'loses neither the tunnel nor the ray to a short key that occurs in them: %s',
  async (psk) => {
    const result = { ...TUNNEL, psk, psk_metadata: { last_generated_on: '2026-01-02T03:04:05Z' } };
    const headers = { 'cf-ray': '8f1c2d3e4f5a6b7c-FRA', 'retry-after': '10' };
    const stub = await startStubResponding({ headers, body: success(result) });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), { ...SMALLEST_REQUEST, psk });
    expect(answer.envelope.result).toEqual({ ...TUNNEL, psk_metadata: result.psk_metadata });
    expect(answer.headers.get('cf-ray')).toBe(headers['cf-ray']);
    expect(answer.headers.get('retry-after')).toBe(headers['retry-after']);
  },
);

it('blacks out a short key where an upstream’s words repeat it', async () => {
  const stub = await startStubResponding({ status: 400, body: refusal('the psk hunter2 is too short') });
  const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), { ...SMALLEST_REQUEST, psk: 'hunter2' });
  expect(answer.envelope.errors).toMatchObject([{ message: 'the psk [redacted] is too short' }]);
});

it('names no key in its own error about the body around it', async () => {
  const body = { ...FULL_REQUEST, interface_address: '10.0.0.0/24', psk: { key: PSK }, PSK, bgp: PSK };
  const { status, envelope } = await create(await startDesk(), body);
  expect(status).toBe(400);
  expect(envelope.errors.map(({ source }) => source?.pointer)).toContain('/psk');
});

it.each<[where: string, body: object]>([
  ['beside the settings', { ...ROUTER_SETTINGS, psk: PSK }],
  ['as an object', { ...ROUTER_SETTINGS, proposals: { psk: PSK } }],
  ['as the kind', { ...ROUTER_SETTINGS, kind: PSK }],
  ['as a tunnel', { ...ROUTER_SETTINGS, pairedWith: PSK }],
  ['as an address', { ...ROUTER_SETTINGS, localAddress: PSK }],
])('keeps no key that is sent with what is entered about a router: %s', async (_where, body) => {
  const DATA_DIR = temporaryFolder();
  const desk = await startDesk({ DATA_DIR });
  const keep = (settings: object) =>
    askApi(desk.origin + API_PREFIX + tunnelRouterSettingsPath(ACCOUNT_ID, TUNNEL.id), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
    });
  expect((await keep(ROUTER_SETTINGS)).status).toBe(200);
  expect((await keep(body)).status).toBe(400);
  const { envelope } = await askApi(desk.origin + API_PREFIX + routerSettingsPath(ACCOUNT_ID));
  expect(envelope.result).toEqual([{ tunnelId: TUNNEL.id, settings: ROUTER_SETTINGS }]);
  const onDisk = filesIn(DATA_DIR);
  expect(onDisk).toContain(ROUTER_SETTINGS.localAddress);
  expectNoSecretIn(onDisk);
});

const [BATCH_ROW] = batchOf(1).rows;

it.each<[where: string, rows: readonly object[]]>([
  ['in a request', [{ ...BATCH_ROW, request: { ...requestOf(1), psk: PSK } }]],
  ['in a later row alone', [BATCH_ROW ?? {}, { ...BATCH_ROW, request: { ...requestOf(2), psk: PSK } }]],
  ['as an object', [{ ...BATCH_ROW, request: { ...requestOf(1), psk: { key: PSK } } }]],
  ['beside a request', [{ ...BATCH_ROW, psk: PSK }]],
  ['as the key source', [{ ...BATCH_ROW, keySource: PSK }]],
  ['as the row it is shared with', [{ ...BATCH_ROW, sharesKeyWith: PSK }]],
  ['as another field', [{ ...BATCH_ROW, request: { ...requestOf(1), replay_protection: PSK } }]],
])('keeps no key that is sent with a new batch: %s', async (_where, rows) => {
  const DATA_DIR = temporaryFolder();
  const desk = await startDesk({ DATA_DIR });
  expect((await begin(desk, { ...batchOf(1), rows })).status).toBe(400);
  expect((await begin(desk, batchOf(2))).status).toBe(200);
  expect((await batchIn(desk)).rows).toHaveLength(2);
  const onDisk = filesIn(DATA_DIR);
  expect(onDisk).toContain('branch-2');
  expectNoSecretIn(onDisk);
});

it.each<[outcome: string, state: string, respond: (response: ServerResponse, tunnel: object) => void]>([
  ['created', 'created', (response, tunnel) => response.end(JSON.stringify({ ...success(tunnel), echo: ECHO }))],
  [
    'refused',
    'not-created',
    (response) => response.writeHead(400).end(JSON.stringify(refusal(JSON.stringify(ECHO), { echo: ECHO }))),
  ],
  ['reconciled', 'created', (response) => response.destroy()],
])(
  'keeps the key of a row out of its batch, responses, log lines and database files: %s',
  async (_, state, respond) => {
    const DATA_DIR = temporaryFolder();
    const desk = await startDesk({ ...upstreamAt((await startEchoing(respond)).baseUrl), DATA_DIR });
    await begin(desk, batchOf(1));
    const [key, body] = [randomUUID(), { ...requestOf(1), psk: PSK }];
    const first = await sendRow(desk, 1, { key, body });
    expect((await sendRow(desk, 1, { key, body })).status).toBe(first.status);
    await sendRow(desk, 1, { body: { ...body, name: 'another' } });
    expect((await batchIn(desk)).rows).toMatchObject([{ state }]);
    await list(desk);
    await askApi(`${desk.origin}/api/audit`);
    // What is written ahead is among them: the desk still runs.
    const onDisk = filesIn(DATA_DIR);
    expect(onDisk).toContain('branch-1');
    expectNoSecretIn(onDisk);
  },
);

const ELSEWHERE: [where: string, ask: (desk: Desk) => Promise<unknown>][] = [
  ['the query', (desk) => create(desk, SMALLEST_REQUEST, { query: `?psk=${PSK}&validate_only=${PSK}` })],
  ['the account ID', (desk) => askApi(`${desk.origin}/api/accounts/${PSK}/magic/ipsec_tunnels`)],
  ['the ID of a batch', (desk) => askApi(desk.origin + API_PREFIX + batchPath(ACCOUNT_ID, PSK))],
  ['the number of a row', (desk) => sendRow(desk, PSK, { body: { ...requestOf(1), psk: PSK } })],
  ['the key that a row is sent under', (desk) => sendRow(desk, 1, { key: PSK })],
  ['the name of a batch path', (desk) => askApi(`${desk.origin + API_PREFIX + batchRowPath(ACCOUNT_ID, PSK, PSK)}/x`)],
  ['an unknown API path', (desk) => askApi(`${desk.origin}/api/${PSK}?token=${API_TOKEN}`)],
  ['another path', (desk) => ask(`${desk.origin}/${PSK}?token=${API_TOKEN}`)],
  ['headers', (desk) => create(desk, SMALLEST_REQUEST, { headers: { 'x-magic-new-hc-target': PSK, 'x-psk': PSK } })],
  ['the content type', (desk) => create(desk, SMALLEST_REQUEST, { headers: { 'content-type': `text/${PSK}` } })],
  ['the header of another request ID', (desk) => ask(`${desk.origin}/healthz`, { headers: { 'request-id': PSK } })],
  ['a method', (desk) => sendRaw(desk.origin, rawRequest(`${PSK} /healthz`))],
  ['malformed percent-encoding', (desk) => sendRaw(desk.origin, rawRequest(`GET /api/%${PSK}`))],
  ['malformed HTTP', (desk) => sendRaw(desk.origin, `GET /healthz HTTP/1.1\r\n${PSK}\r\n\r\n`)],
  ['a body that is not JSON', (desk) => create(desk, `{"psk":"${PSK}"`)],
  ['a body that ends before its declared length', (desk) => sendHalfABody(desk)],
];

it.each(ELSEWHERE)('repeats no key typed in the wrong place: %s', async (_where, askWithKey) => {
  const { baseUrl } = await startSandboxUpstream();
  await askWithKey(await startDesk(upstreamAt(baseUrl)));
});

/** Hangs up in the middle of the body; the request after it is only there to be answered once that was noticed. */
async function sendHalfABody(desk: Desk): Promise<void> {
  const whole = JSON.stringify(FULL_REQUEST);
  const request = rawRequest(
    `POST /api/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels`,
    ['Content-Type: application/json'],
    whole,
  );
  const answer = sendRaw(desk.origin, request.subarray(0, -10), { hangUp: true });
  expect(await answer).not.toContain('200 OK');
  await ask(`${desk.origin}/healthz`);
}
