import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { READY_PATH } from '@tunnel-desk/shared/api/paths';
import { fastify } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cacheFor } from '../src/cache-for.ts';
import { type Probe, probeRoutes } from '../src/probes.ts';
import { type ReadinessChecks, readinessBy } from '../src/readiness.ts';
import { openStorage } from '../src/storage/storage.ts';
import { ask, askApi, type Desk, startDesk, temporaryFolder, upstreamAt } from './support/desk.ts';
import { startOpenIdProvider } from './support/openid-provider.ts';
import { startProxy } from './support/proxy.ts';
import { ACCOUNT_ID } from './support/samples.ts';
import {
  closedPort,
  type ReceivedRequest,
  startSandboxUpstream,
  startStub,
  startStubResponding,
} from './support/upstream.ts';

const NOT_READY = ERRORS.notReady.code;
const ACTIVE = { success: true, result: { id: 'f'.repeat(32), status: 'active' } };
const REFUSED = { success: false, errors: [{ code: 1000, message: 'Invalid API Token' }] };
const MINUTE_MS = 60_000;

/** The clock by which results age, moved by the test alone. */
function stopCacheClock() {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

async function readinessOf({ origin }: Pick<Desk, 'origin'>) {
  const { status, envelope } = await askApi(`${origin}/readyz`);
  return { status, code: envelope.errors[0]?.code, result: envelope.result };
}

async function startWithChecks(checks: ReadinessChecks) {
  const app = fastify();
  onTestFinished(() => app.close());
  app.decorateRequest('logDetails', undefined);
  const probe: Probe = (log) => readinessBy(checks, log);
  app.register(probeRoutes, { probes: new Map([[READY_PATH, probe]]) });
  return { origin: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

describe('the desk is ready', () => {
  it('when every check passes', async () => {
    const server = await startWithChecks({ one: async () => true, other: async () => true });
    const result = { checks: { one: 'ok', other: 'ok' } };
    expect(await readinessOf(server)).toEqual({ status: 200, code: undefined, result });
  });

  it.each([
    ['says no', async () => false],
    ['fails', () => Promise.reject(new Error('a detail for nobody'))],
  ])('not when one %s, which is told by its name alone', async (_how, other) => {
    const server = await startWithChecks({ one: async () => true, other });
    const result = { checks: { one: 'ok', other: 'failing' } };
    expect(await readinessOf(server)).toEqual({ status: 503, code: NOT_READY, result });
    expect((await ask(`${server.origin}/readyz`)).text).not.toContain('detail');
  });

  it('behind the sandbox, whose token is always good', async () => {
    expect(await readinessOf(await startDesk())).toMatchObject({ status: 200, result: { checks: { token: 'ok' } } });
  });
});

describe('the audit trail', () => {
  it('is written to, and the check says whether that works', async () => {
    stopCacheClock();
    const storage = openStorage(temporaryFolder());
    const desk = await startDesk({}, { storage });
    expect(await readinessOf(desk)).toMatchObject({ status: 200, result: { checks: { auditTrail: 'ok' } } });
    await storage.close();
    vi.advanceTimersByTime(1_000);
    expect(await readinessOf(desk)).toMatchObject({ status: 503, result: { checks: { auditTrail: 'failing' } } });
  });
});

describe('the token', () => {
  it.each([
    ['a person’s is active', () => ACTIVE, 200],
    ['a person’s is refused, the account’s own is active', whereAccountAnswers(ACTIVE), 200],
    ['both are refused', () => REFUSED, 503],
    ['it is disabled', () => ({ ...ACTIVE, result: { id: 'f'.repeat(32), status: 'disabled' } }), 503],
    ['something else answers', () => ({ hello: 'world' }), 503],
  ])('is judged by Cloudflare: %s', async (_what, responseTo, status) => {
    const { baseUrl } = await startStub((response, request) => {
      const answer: object = responseTo(request);
      response.writeHead('errors' in answer ? 401 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
    expect((await readinessOf(await startDesk(upstreamAt(baseUrl)))).status).toBe(status);
  });

  it('is refused by another Cloudflare, and the log says with which code', async () => {
    const { baseUrl } = await startSandboxUpstream();
    const desk = await startDesk({ ...upstreamAt(baseUrl), CLOUDFLARE_API_TOKEN: 'another' });
    expect(await readinessOf(desk)).toMatchObject({ status: 503, result: { checks: { token: 'failing' } } });
    expect(desk.logLines.join('')).toContain('"status":403,"cfRay"');
    expect(desk.logLines.join('')).toContain('"failing":["token"]');
  });

  it('counts as bad while Cloudflare cannot be reached', async () => {
    const desk = await startDesk(upstreamAt(`http://127.0.0.1:${await closedPort()}`));
    expect(await readinessOf(desk)).toMatchObject({ status: 503, code: NOT_READY });
  });

  it.each([
    ['good', ACTIVE, 200, 200],
    ['bad', REFUSED, 401, 503],
  ])('is asked about once a minute, however many want to know: %s', async (_verdict, body, answered, status) => {
    stopCacheClock();
    const { baseUrl, requests } = await startStubResponding({ status: answered, body });
    const desk = await startDesk(upstreamAt(baseUrl));
    const statuses = await Promise.all([readinessOf(desk), readinessOf(desk), readinessOf(desk)]);
    expect(statuses.map((answer) => answer.status)).toEqual([status, status, status]);
    vi.advanceTimersByTime(MINUTE_MS - 1);
    await readinessOf(desk);
    const askedOnce = requests.length;
    expect(askedOnce).toBe(status === 200 ? 1 : 2);
    vi.advanceTimersByTime(1);
    await readinessOf(desk);
    expect(requests.length).toBe(2 * askedOnce);
  });
});

describe('what sign-in needs', () => {
  it('are the proxy’s keys', async () => {
    stopCacheClock();
    const proxy = await startProxy();
    proxy.become('failing');
    const desk = await startDesk(proxy.environment);
    expect(await readinessOf(desk)).toMatchObject({ status: 503, result: { checks: { signInKeys: 'failing' } } });
    proxy.become('up');
    expect((await readinessOf(desk)).status).toBe(503);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(await readinessOf(desk)).toMatchObject({ status: 200, result: { checks: { signInKeys: 'ok' } } });
    expect(proxy.fetches()).toBe(2);
  });

  it('is the OpenID provider', async () => {
    stopCacheClock();
    const provider = await startOpenIdProvider();
    provider.become('down');
    const desk = await startDesk(provider.environment);
    expect(await readinessOf(desk)).toMatchObject({ status: 503, result: { checks: { signInProvider: 'failing' } } });
    expect(desk.logLines.find((line) => line.includes('a check of readiness failed'))).toContain(
      '"check":"signInProvider"',
    );
    provider.become('up');
    vi.advanceTimersByTime(MINUTE_MS);
    expect(await readinessOf(desk)).toMatchObject({ status: 200, result: { checks: { signInProvider: 'ok' } } });
  });
});

it('checks again once a result is too old, even where the check failed', async () => {
  stopCacheClock();
  const check = vi.fn(async (): Promise<boolean> => Promise.reject(new Error('not yet')));
  const seldom = cacheFor(1000, check);
  const { log } = fastify();
  expect([await seldom(log), await seldom(log)]).toEqual([false, false]);
  expect(check).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(1000);
  check.mockResolvedValue(true);
  expect(await seldom(log)).toBe(true);
});

function whereAccountAnswers(answer: object) {
  return ({ url }: ReceivedRequest) => (url === `/client/v4/accounts/${ACCOUNT_ID}/tokens/verify` ? answer : REFUSED);
}
