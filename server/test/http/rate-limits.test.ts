import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { fastify } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { limitUnknownPaths, openRateLimits } from '../../src/http/rate-limits.ts';
import { registerWebApp } from '../../src/http/web-app.ts';
import { ask, askApi, create, type Desk, startDesk, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { FULL_REQUEST } from '../support/samples.ts';
import { startSandboxUpstream } from '../support/upstream.ts';

const LIMITED = ERRORS.rateLimited.status;

async function startBehindProxy(environment: NodeJS.ProcessEnv) {
  const proxy = await startProxy();
  const desk = await startDesk({ ...proxy.environment, ...environment });
  const tokenOf = (sub: string, groups = ['net-ops']) => proxy.sign({ sub, groups });
  return { desk, tokenOf };
}

/** The statuses of so many requests one after the other. */
async function statuses(count: number, send: (number: number) => Promise<{ status: number }>): Promise<number[]> {
  const answers: number[] = [];
  for (let number = 1; number <= count; number += 1) answers.push((await send(number)).status);
  return answers;
}

const session = (desk: Desk, headers: Record<string, string>) => askApi(`${desk.origin}/api/session`, { headers });
const unknownFrom = (desk: Desk, address: string) =>
  ask(`${desk.origin}/api/unknown`, { headers: { 'x-forwarded-for': address } });

describe('a person', () => {
  it('is asked to wait after too many requests in a minute, and nobody else is', async () => {
    const { desk, tokenOf } = await startBehindProxy({ RATE_LIMIT_PER_MINUTE: '3' });
    const [ann, bob] = [{ [HEADER]: await tokenOf('ann') }, { [HEADER]: await tokenOf('bob') }];
    expect(await statuses(5, () => session(desk, ann))).toEqual([200, 200, 200, LIMITED, LIMITED]);
    expect(await statuses(1, () => session(desk, bob))).toEqual([200]);
  });

  it('is told in the envelope, with the time to wait, and nothing reaches Cloudflare', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const { desk, tokenOf } = await startBehindProxy({ RATE_LIMIT_PER_MINUTE: '1', ...upstreamAt(baseUrl) });
    const ann = { [HEADER]: await tokenOf('ann') };
    await session(desk, ann);
    const { status, headers, envelope } = await create(desk, FULL_REQUEST, { headers: ann });
    expect({ status, envelope }).toMatchObject({
      status: 429,
      envelope: { success: false, errors: [{ code: 90033, message: expect.stringContaining('nothing was done') }] },
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(methods).toEqual([]);
  });

  it('may go on when the minute is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { desk, tokenOf } = await startBehindProxy({ RATE_LIMIT_PER_MINUTE: '1' });
    const ann = { [HEADER]: await tokenOf('ann') };
    expect(await statuses(2, () => session(desk, ann))).toEqual([200, LIMITED]);
    vi.setSystemTime(Date.now() + 60_000);
    expect(await statuses(2, () => session(desk, ann))).toEqual([200, LIMITED]);
  });

  it('counts once, whatever token, name or address they come with', async () => {
    const { desk, tokenOf } = await startBehindProxy({ RATE_LIMIT_PER_MINUTE: '3', TRUST_PROXY: 'loopback' });
    const answers = await statuses(5, async (number) =>
      session(desk, {
        [HEADER]: await tokenOf('ann', ['net-ops', `group-${number}`]),
        'x-forwarded-for': `203.0.113.${number}`,
        authorization: `Bearer ${number}`,
        'user-agent': `browser ${number}`,
      }),
    );
    expect(answers).toEqual([200, 200, 200, LIMITED, LIMITED]);
  });

  it('without a role is limited too', async () => {
    const { desk, tokenOf } = await startBehindProxy({ RATE_LIMIT_PER_MINUTE: '2' });
    const sam = { [HEADER]: await tokenOf('sam', ['canteen']) };
    expect(await statuses(3, () => session(desk, sam))).toEqual([403, 403, LIMITED]);
  });
});

describe('an address', () => {
  it('of unauthenticated clients is asked to wait, and locks out nobody who is signed in', async () => {
    const { desk, tokenOf } = await startBehindProxy({ RATE_LIMIT_PER_MINUTE: '2' });
    const guess = (number: number) => session(desk, { [HEADER]: `guess-${number}` });
    expect(await statuses(4, guess)).toEqual([401, 401, LIMITED, LIMITED]);
    expect(await statuses(1, async () => session(desk, { [HEADER]: await tokenOf('ann') }))).toEqual([200]);
  });

  it('is limited on unknown paths, with whatever method and body', async () => {
    const desk = await startDesk({ RATE_LIMIT_PER_MINUTE: '3' });
    const answers = [
      await ask(`${desk.origin}/api/unknown`),
      await ask(`${desk.origin}/wp-login`, { method: 'POST', body: 'log=admin' }),
      await ask(`${desk.origin}/assets/none.js`),
      await ask(`${desk.origin}/api/unknown`),
      await ask(`${desk.origin}/wp-login`, { method: 'POST', body: 'log=admin' }),
      await ask(`${desk.origin}/api/none`, { method: 'DELETE' }),
    ];
    expect(answers.map(({ status }) => status).slice(3)).toEqual([LIMITED, LIMITED, LIMITED]);
    expect(answers.map(({ status }) => status).slice(0, 3)).not.toContain(LIMITED);
  });

  it('may sign in less often than it may ask for other things', async () => {
    const { desk, tokenOf } = await startBehindProxy({ RATE_LIMIT_PER_MINUTE: '10' });
    const signIn = () => ask(`${desk.origin}/auth/sign-in`);
    expect(await statuses(4, signIn)).toEqual([303, 303, LIMITED, LIMITED]);
    expect((await session(desk, { [HEADER]: await tokenOf('ann') })).status).toBe(200);
    expect((await ask(`${desk.origin}/api/unknown`)).status).toBe(404);
  });

  it('has no limit on what is the same for everybody: the health check and the app’s own files', async () => {
    const { origin } = await startDesk({ RATE_LIMIT_PER_MINUTE: '1' });
    expect(await statuses(3, () => ask(`${origin}/healthz`))).toEqual([200, 200, 200]);

    const root = await mkdtemp(join(tmpdir(), 'tunnel-desk-limits-'));
    onTestFinished(() => rm(root, { recursive: true }));
    await writeFile(join(root, 'index.html'), '<!doctype html>');
    await writeFile(join(root, 'favicon.svg'), '<svg/>');
    const app = fastify();
    onTestFinished(() => app.close());
    limitUnknownPaths(app, await openRateLimits(app, 1));
    await registerWebApp(app, root);
    const built = await app.listen({ host: '127.0.0.1', port: 0 });
    expect(await statuses(3, () => ask(`${built}/`))).toEqual([200, 200, 200]);
    expect(await statuses(3, () => ask(`${built}/favicon.svg`))).toEqual([200, 200, 200]);
    // A path that is no file is an unknown one, though the app opens there.
    expect(await statuses(2, () => ask(`${built}/tunnels/new`))).toEqual([200, LIMITED]);
  });
});

describe('whose address it is', () => {
  it('cannot be set by the client, unless that is a proxy we trust', async () => {
    const desk = await startDesk({ RATE_LIMIT_PER_MINUTE: '2' });
    const answers = await statuses(3, (number) => unknownFrom(desk, `203.0.113.${number}`));
    expect(answers).toEqual([404, 404, LIMITED]);
    const other = await startDesk({ RATE_LIMIT_PER_MINUTE: '2' }, { config: { trustedProxies: ['192.0.2.1'] } });
    expect(await statuses(3, (number) => unknownFrom(other, `203.0.113.${number}`))).toEqual([404, 404, LIMITED]);
  });

  it('is told by a proxy we trust, which counts its clients apart', async () => {
    const desk = await startDesk({ RATE_LIMIT_PER_MINUTE: '2' }, { config: { trustedProxies: ['127.0.0.0/8'] } });
    const answers = await statuses(4, (number) => unknownFrom(desk, `203.0.113.${number}`));
    expect(answers).toEqual([404, 404, 404, 404]);
    expect(await statuses(3, () => unknownFrom(desk, '203.0.113.9'))).toEqual([404, 404, LIMITED]);
  });

  it.each([
    ['a list that the client began itself', (number: number) => `10.9.8.${number}, 203.0.113.7`],
    ['a chain of proxies we trust', (number: number) => `10.9.8.${number}, 203.0.113.7, 127.0.0.2`],
    ['addresses of one IPv6 network', (number: number) => `2001:db8:0:7::${number}`],
    ['an IPv4 address in IPv6 form', (number: number) => (number % 2 ? '::ffff:203.0.113.7' : '203.0.113.7')],
  ])('is read from %s', async (_what, addressOf) => {
    const desk = await startDesk({ RATE_LIMIT_PER_MINUTE: '2' }, { config: { trustedProxies: ['loopback'] } });
    expect(await statuses(3, (number) => unknownFrom(desk, addressOf(number)))).toEqual([404, 404, LIMITED]);
  });

  it('stands in the log line of a request that was too much', async () => {
    const desk = await startDesk({ RATE_LIMIT_PER_MINUTE: '1' }, { config: { trustedProxies: ['loopback'] } });
    await statuses(2, () => unknownFrom(desk, '203.0.113.7'));
    await expect.poll(() => desk.logLines.join('')).toMatch(/"status":429.*"rateLimited":"203\.0\.113\.7"/);
  });
});

describe('the limit', () => {
  it('is 600 unless it is said otherwise', async () => {
    const { origin } = await startDesk({ LOG_LEVEL: 'silent' });
    const answers = await statuses(601, () => fetch(`${origin}/api/session`, { method: 'HEAD' }));
    expect(answers.indexOf(LIMITED)).toBe(600);
  });

  it('is none at 0', async () => {
    const { origin } = await startDesk({ LOG_LEVEL: 'silent', RATE_LIMIT_PER_MINUTE: '0' });
    const answers = await statuses(601, () => fetch(`${origin}/api/session`, { method: 'HEAD' }));
    expect(new Set(answers)).toEqual(new Set([200]));
  });
});
