import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { buildApp } from '../src/app.ts';
import { ask, askApi, configFrom, create, startDesk, temporaryFolder, upstreamAt } from './support/desk.ts';
import { openSocket } from './support/raw-http.ts';
import { SMALLEST_REQUEST, TUNNEL } from './support/samples.ts';
import { startStub } from './support/upstream.ts';

it('says that it is alive', async () => {
  const { origin } = await startDesk();
  expect(await askApi(`${origin}/healthz`)).toMatchObject({
    status: 200,
    envelope: { success: true, result: { status: 'alive' } },
  });
});

it('is alive without its upstream', async () => {
  const { origin } = await startDesk(upstreamAt('https://tunnel-desk.invalid'));
  expect((await askApi(`${origin}/healthz`)).status).toBe(200);
});

it('says loudly that it is before a sandbox', async () => {
  const { logLines } = await startDesk();
  const warnings = logLines.filter((line) => line.includes('"level":40'));
  expect(warnings.join('')).toContain('SANDBOX MODE: nothing here reaches Cloudflare');
});

it('says nothing of a sandbox before Cloudflare', async () => {
  const { logLines } = await startDesk(upstreamAt('https://cloudflare.example'));
  expect(logLines.join('')).not.toMatch(/sandbox/i);
});

it('keeps one sandbox’s tunnels from another’s', async () => {
  const [one, other] = [await startDesk(), await startDesk()];
  expect((await create(one, SMALLEST_REQUEST)).status).toBe(200);
  expect((await create(other, SMALLEST_REQUEST)).status).toBe(200);
});

it('tells browsers nothing of its metrics', async () => {
  const { text } = await ask(`${(await startDesk()).origin}/metrics`);
  expect(text).not.toMatch(/^# (?:HELP|TYPE)|process_|_total|_bucket/m);
});

describe('closing', () => {
  it.each([
    ['was opened ahead of need, as browsers do', ''],
    ['is in the middle of a head', 'GET /healthz HTTP/1.1\r\nHost:'],
    ['sent no HTTP and keeps the connection', 'NO HTTP\r\n\r\n'],
  ])('does not wait for a connection that %s', async (_which, bytes) => {
    const { app, origin } = await startDesk();
    const socket = openSocket(origin, { allowHalfOpen: true });
    const accepted = once(app.server, 'connection');
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    await accepted;
    if (bytes !== '') await new Promise((resolve) => socket.write(bytes, resolve));
    await app.close();
  });

  it('does not wait for a connection that is kept alive', async () => {
    const { app, origin } = await startDesk();
    const socket = openSocket(origin);
    socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await once(socket, 'data');
    await app.close();
  });

  it('waits for a call that is on its way to Cloudflare, answers it, and lets its connection go', async () => {
    const called = Promise.withResolvers<() => void>();
    const stub = await startStub((response) => {
      const body = JSON.stringify({ success: true, result: TUNNEL });
      called.resolve(() => response.setHeader('content-type', 'application/json').end(body));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    const answer = create(desk, SMALLEST_REQUEST);
    const answerCall = await called.promise;
    const closed = desk.app.close();
    answerCall();
    expect((await answer).status).toBe(200);
    await closed;
  });

  it('works before it ever listened', async () => {
    const app = await buildApp(configFrom({ LOG_LEVEL: 'silent', DATA_DIR: temporaryFolder() }));
    await app.close();
  });
});
