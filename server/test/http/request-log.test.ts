import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { HEALTH_CHECK_TARGET_HEADER } from '@tunnel-desk/shared/api/paths';
import { expect, it } from 'vitest';
import { ask, askApi, create, type Desk, startDesk, upstreamAt } from '../support/desk.ts';
import { openSocket, rawRequest, sendRaw } from '../support/raw-http.ts';
import { ACCOUNT_ID, FULL_REQUEST, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { closedPort, startStub } from '../support/upstream.ts';

const ROUTE = '/api/accounts/:account_id/magic/ipsec_tunnels';

/** What the log says of requests; each line is written once its answer has left, so only after a turn or two. */
async function requestsIn({ logLines }: Desk, count: number): Promise<unknown[]> {
  const requests = () => logLines.map((line): unknown => JSON.parse(line)).filter(isRequestLine);
  while (requests().length < count) await setImmediate();
  return requests();
}

function isRequestLine(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'msg' in line && line.msg === 'request';
}

it('is one line per request, with its route instead of its URL', async () => {
  const desk = await startDesk();
  await ask(`${desk.origin}/healthz?key=typed-here`);
  await ask(`${desk.origin}/api/typed-here`);
  expect(await requestsIn(desk, 2)).toMatchObject([
    { level: 30, method: 'GET', route: '/healthz', status: 200, durationMs: expect.any(Number) },
    { level: 30, method: 'GET', status: 404 },
  ]);
  expect(desk.logLines.join('')).not.toContain('typed-here');
});

it('says for a create what was asked of Cloudflare, and how that ended', async () => {
  const desk = await startDesk();
  await create(desk, FULL_REQUEST, { query: '?validate_only=true' });
  await create(desk, { ...SMALLEST_REQUEST, cloudflare_endpoint: '192.0.2.1' });
  await create(desk, SMALLEST_REQUEST);
  const upstream = { kind: 'response', cfRay: expect.stringMatching(/-SBX$/) };
  expect(await requestsIn(desk, 3)).toMatchObject([
    { route: ROUTE, accountId: ACCOUNT_ID, validateOnly: true, upstream: { ...upstream, status: 200, codes: [] } },
    { route: ROUTE, validateOnly: false, upstream: { ...upstream, status: 200, codes: [] } },
    { route: ROUTE, validateOnly: false, upstream: { ...upstream, status: 400, codes: [1001, 1001] } },
  ]);
  expect(desk.logLines.join('')).not.toContain(FULL_REQUEST.description);
});

it('says why Cloudflare could not be reached', async () => {
  const desk = await startDesk(upstreamAt(`http://127.0.0.1:${await closedPort()}`));
  await create(desk, SMALLEST_REQUEST);
  expect(await requestsIn(desk, 1)).toMatchObject([
    { status: 502, upstream: { kind: 'unreachable', reason: 'ECONNREFUSED' } },
  ]);
});

it('says nothing of a body it refused', async () => {
  const desk = await startDesk();
  await create(desk, { ...FULL_REQUEST, name: ' ' });
  await create(desk, FULL_REQUEST, { headers: { [HEALTH_CHECK_TARGET_HEADER]: 'maybe' } });
  const lines = await requestsIn(desk, 2);
  expect(lines).toMatchObject([{ status: 400 }, { status: 400 }]);
  expect(JSON.stringify(lines)).not.toContain(FULL_REQUEST.description);
});

it('names each request in its answer, by an ID no client can choose', async () => {
  const desk = await startDesk();
  const headers = { 'request-id': 'chosen', 'x-request-id': 'chosen' };
  const ids = [await ask(`${desk.origin}/healthz`, { headers }), await ask(`${desk.origin}/healthz`, { headers })].map(
    (answer) => answer.headers.get('x-request-id'),
  );
  expect(new Set(ids).size).toBe(2);
  expect(await requestsIn(desk, 2)).toMatchObject(ids.map((reqId) => ({ reqId })));
});

/** The response's status, error code and request ID. */
function named(answer: string) {
  const id = /^x-request-id: (\S+)\r$/im.exec(answer)?.[1];
  const { errors } = envelopeSchema.parse(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))));
  return { id, status: Number(answer.split(' ', 2)[1]), code: errors[0]?.code };
}

it.each([
  ['malformed HTTP', 'NO HTTP\r\n\r\n', { status: 400, code: 90006 }],
  [
    'a head that is too long',
    rawRequest('GET /healthz', [`X-Long: ${'x'.repeat(20_000)}`]),
    { status: 400, code: 90006 },
  ],
  ['malformed percent-encoding', rawRequest('GET /api/%zz'), { status: 400, code: 90006 }],
  ['no host name', 'GET /api/unknown HTTP/1.1\r\nConnection: close\r\n\r\n', { status: 421, code: 90014 }],
  ['an unknown path', rawRequest('GET /api/unknown'), { status: 404, code: 90011 }],
  ['an unknown expectation', rawRequest('GET /api/unknown', ['Expect: the-worst']), { status: 404, code: 90011 }],
])('names the answer to %s too, by what its line in the log says', async (_what, bytes, expected) => {
  const desk = await startDesk();
  const { id, ...answered } = named(await sendRaw(desk.origin, bytes));
  expect(answered).toEqual(expected);
  expect(await requestsIn(desk, 1)).toMatchObject([{ reqId: id, status: expected.status }]);
});

it('gives the refusal of a pipelined request a request ID while the server is stopping', async () => {
  const called = Promise.withResolvers<() => void>();
  const stub = await startStub((response) => {
    const body = JSON.stringify({ success: true, result: TUNNEL });
    called.resolve(() => response.setHeader('content-type', 'application/json').end(body));
  });
  const desk = await startDesk(upstreamAt(stub.baseUrl));
  const socket = openSocket(desk.origin);
  const answers = text(socket);
  const body = JSON.stringify(SMALLEST_REQUEST);
  const path = new URL(desk.tunnels).pathname;
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  const answerCall = await called.promise;
  const closed = desk.app.close();
  const received = once(desk.app.server, 'request');
  socket.write(rawRequest('GET /api/session'));
  await received;
  answerCall();
  await closed;
  const refusal = (await answers).slice((await answers).lastIndexOf('HTTP/1.1'));
  const { id, ...answered } = named(refusal);
  expect(answered).toEqual({ status: 503, code: 90060 });
  expect(desk.logLines.join('')).toContain(`"reqId":"${id}"`);
});

it('stands in every line that a request causes', async () => {
  const desk = await startDesk();
  const before = desk.logLines.length;
  await create(desk, FULL_REQUEST);
  await create(desk, '{');
  await askApi(`${desk.origin}/api/unknown`);
  await sendRaw(desk.origin, 'NO HTTP\r\n\r\n');
  await requestsIn(desk, 4);
  for (const line of desk.logLines.slice(before)) {
    expect(JSON.parse(line)).toMatchObject({ reqId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  }
});
