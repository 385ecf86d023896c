// The API token and the pre-shared key, hunted through every log line (at trace) and every answer. support/desk.ts
// searches all of both, here and in every other file, so that these tests need only provoke a leak.

import { expect, it } from 'vitest';
import { ask, askApi, create, type Desk, startDesk, upstreamAt } from './support/desk.ts';
import { rawRequest, sendRaw } from './support/raw-http.ts';
import { ACCOUNT_ID, API_TOKEN, FULL_REQUEST, PSK, SMALLEST_REQUEST, TUNNEL } from './support/samples.ts';
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

const ELSEWHERE: [where: string, ask: (desk: Desk) => Promise<unknown>][] = [
  ['the query', (desk) => create(desk, SMALLEST_REQUEST, { query: `?psk=${PSK}&validate_only=${PSK}` })],
  ['the account ID', (desk) => askApi(`${desk.origin}/api/accounts/${PSK}/magic/ipsec_tunnels`)],
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
