import { setImmediate } from 'node:timers/promises';
import { HEALTH_CHECK_TARGET_HEADER } from '@tunnel-desk/shared/api/paths';
import { expect, it } from 'vitest';
import { ask, create, type Desk, startDesk, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, FULL_REQUEST, SMALLEST_REQUEST } from '../support/samples.ts';
import { closedPort } from '../support/upstream.ts';

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
  const upstream = { kind: 'answered', cfRay: expect.stringMatching(/-SBX$/) };
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
