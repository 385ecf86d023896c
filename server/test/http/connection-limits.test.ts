// Slow and endless clients, each on a real socket. Where a limit is a time, it is a short one here.

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CONNECTION_LIMITS, registerConnectionLimits } from '../../src/http/connection-limits.ts';
import { ask, create, startDesk, upstreamAt } from '../support/desk.ts';
import { openSocket, rawRequest, sendRaw } from '../support/raw-http.ts';
import { ACCOUNT_ID, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { startSandboxUpstream, startStub } from '../support/upstream.ts';

const SHORT = { headMs: 100, requestMs: 200, checkEveryMs: 20 };
/** Even on a busy machine, where a head that was sent at once is read late. */
const LONG_ENOUGH_FOR_A_HEAD = { headMs: 1_000, requestMs: 1_000, checkEveryMs: 20 };
const DRIP_MS = 5;
const PATH = API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID);
const HALF_HEAD = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ';

function postHead(host = '127.0.0.1'): string {
  const headers = [`Host: ${host}`, 'Content-Type: application/json', 'Transfer-Encoding: chunked'];
  return `POST ${PATH} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`;
}

/** All that comes back until the server ends the connection, however rudely. */
async function untilEnded(socket: Socket): Promise<string> {
  let answer = '';
  socket
    .on('error', () => undefined)
    .on('data', (bytes) => {
      answer += String(bytes);
    });
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

/** Sends the text over and over, as fast as it is taken, until the connection ends. */
function pour(socket: Socket, text: string): void {
  const pourOn = () => {
    while (socket.writable && socket.write(text));
  };
  socket.on('drain', pourOn);
  pourOn();
}

describe('a slow client', () => {
  it.each([
    ['says nothing at all', '', ''],
    ['sends its head a byte at a time', HALF_HEAD, 'x'],
    ['sends its body a byte at a time', postHead(), '1\r\n \r\n'],
  ])('gets a response and is closed when it %s', async (_how, beginning, drop) => {
    const { origin } = await startDesk({}, { connectionLimits: SHORT });
    const socket = openSocket(origin);
    socket.write(beginning);
    const drip = setInterval(() => socket.write(drop), DRIP_MS);
    onTestFinished(() => clearInterval(drip));
    expect(await untilEnded(socket)).toContain('the request did not arrive in time');
  });

  it('is closed when it keeps an idle connection', async () => {
    const { origin } = await startDesk({}, { connectionLimits: { keepAliveMs: 20 } });
    const socket = openSocket(origin);
    socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    expect(await untilEnded(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('is closed when it reads nothing of its response', async () => {
    const app = fastify();
    onTestFinished(() => app.close());
    const limits = { ...CONNECTION_LIMITS, unreadResponseMs: 50 };
    registerConnectionLimits(app, { limits, idle: new Set(), trustedProxies: [] });
    // More than the buffers of two sockets hold.
    app.get('/', async () => Buffer.alloc(64 * 1024 * 1024));
    const accepted = once(app.server, 'connection');
    const socket = openSocket(await app.listen({ host: '127.0.0.1', port: 0 }));
    socket.pause().on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    const [connection]: Socket[] = await accepted;
    await new Promise((resolve) => connection?.once('close', resolve));
  });

  it('stops nobody else, even where there are a thousand of them', async () => {
    const { app, origin } = await startDesk();
    let accepted = 0;
    app.server.on('connection', () => {
      accepted += 1;
    });
    for (let opened = 0; opened < 1000; opened += 1) {
      openSocket(origin, { from: `127.0.1.${1 + (opened % 10)}` })
        .on('error', () => undefined)
        .write(HALF_HEAD);
    }
    await expect.poll(() => accepted).toBe(1000);
    expect((await ask(`${origin}/healthz`)).status).toBe(200);
    expect((await ask(`${origin}/api/session`)).status).toBe(200);
  });
});

describe('an endless client', () => {
  it('is closed in the middle of its head', async () => {
    const { origin } = await startDesk();
    const socket = openSocket(origin);
    socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    pour(socket, 'X-More: and more\r\n');
    await untilEnded(socket);
  });

  it('is refused and closed in the middle of its body, and nothing reaches Cloudflare', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const { origin, logLines } = await startDesk(upstreamAt(baseUrl));
    const socket = openSocket(origin);
    socket.write(postHead());
    pour(socket, `400\r\n${' '.repeat(0x400)}\r\n`);
    await untilEnded(socket);
    await expect.poll(() => logLines.join('')).toContain('"status":413');
    expect(methods).toEqual([]);
  });

  it('is closed too where it was refused before anybody read its body', async () => {
    const { origin, logLines } = await startDesk({}, { connectionLimits: LONG_ENOUGH_FOR_A_HEAD });
    const socket = openSocket(origin);
    socket.write(postHead('evil.example'));
    pour(socket, `400\r\n${' '.repeat(0x400)}\r\n`);
    await untilEnded(socket);
    expect(logLines.join('')).toContain('"status":421');
  });
});

describe('headers', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `x${index}:`);

  it('may be as many as no client sends', async () => {
    const { origin } = await startDesk();
    expect(await sendRaw(origin, rawRequest('GET /healthz', many(90)))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([100, 700])('are refused when they are more, and never silently dropped: %i', async (count) => {
    const { origin } = await startDesk();
    const answer = await sendRaw(origin, rawRequest('GET /healthz', many(count)));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('more than 100 headers');
  });
});

it('closes a connection too many', async () => {
  const { app, origin } = await startDesk({}, { connectionLimits: { connections: 1 } });
  const first = openSocket(origin);
  await once(app.server, 'connection');
  expect(await untilEnded(openSocket(origin))).toBe('');
  first.write(rawRequest('GET /healthz'));
  expect(await untilEnded(first)).toMatch(/^HTTP\/1\.1 200 /);
});

/** Opens so many silent connections from an address, and waits until the server has taken or refused each. */
async function openSilent({ app, origin }: { app: FastifyInstance; origin: string }, from: string, count: number) {
  let seen = 0;
  const onConnection = () => {
    seen += 1;
  };
  app.server.on('connection', onConnection);
  const sockets = Array.from({ length: count }, () => openSocket(origin, { from }).on('error', () => undefined));
  await expect.poll(() => seen).toBe(count);
  app.server.off('connection', onConnection);
  return sockets.map((socket) => socket.resume());
}

const closedOf = (sockets: readonly Socket[]) => sockets.filter(({ closed }) => closed);

describe('a client with very many connections', () => {
  it('keeps 256 of them, is named in the log once, and delays nobody else', async () => {
    const desk = await startDesk();
    const sockets = await openSilent(desk, '127.0.0.2', 400);
    expect((await ask(`${desk.origin}/api/session`)).status).toBe(200);
    await expect.poll(() => closedOf(sockets).length).toBe(144);
    const warnings = desk.logLines.filter((line) => line.includes('new connections of a client are refused'));
    expect(warnings).toEqual([expect.stringContaining('"client":"127.0.0.2","connections":256')]);
  });

  it('may open new ones when old ones are closed', async () => {
    const desk = await startDesk({}, { connectionLimits: { connectionsPerClient: 2 } });
    const [first] = await openSilent(desk, '127.0.0.2', 2);
    expect(await untilEnded(openSocket(desk.origin, { from: '127.0.0.2' }))).toBe('');
    first?.destroy();
    const answer = async () => {
      const socket = openSocket(desk.origin, { from: '127.0.0.2' });
      socket.write(rawRequest('GET /healthz'));
      return untilEnded(socket);
    };
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('may be a proxy that we trust', async () => {
    const desk = await startDesk(
      {},
      { connectionLimits: { connectionsPerClient: 2 }, config: { trustedProxies: ['127.0.0.2'] } },
    );
    const sockets = await openSilent(desk, '127.0.0.2', 20);
    expect((await ask(`${desk.origin}/healthz`)).status).toBe(200);
    expect(closedOf(sockets)).toEqual([]);
  });
});

describe('when there are nearly too many connections', () => {
  const NEARLY_TEN = { connectionLimits: { connections: 10 } };

  it('the oldest idle one is closed for a new one', async () => {
    const desk = await startDesk({}, NEARLY_TEN);
    const [oldest, second] = await openSilent(desk, '127.0.0.2', 2);
    const others = await openSilent(desk, '127.0.0.3', 7);
    expect(await untilEnded(sendHealthCheck(desk.origin))).toMatch(/^HTTP\/1\.1 200 /);
    await expect.poll(() => oldest?.closed).toBe(true);
    expect(closedOf([...others, ...(second ? [second] : [])])).toEqual([]);
  });

  it('one that was used since is not the oldest', async () => {
    const desk = await startDesk({}, NEARLY_TEN);
    const [used, oldest] = await openSilent(desk, '127.0.0.2', 2);
    used?.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    if (used) await once(used, 'data');
    await openSilent(desk, '127.0.0.3', 8);
    await expect.poll(() => oldest?.closed).toBe(true);
    expect(used?.closed).toBe(false);
  });

  it('one whose request is under way is kept, whatever comes', async () => {
    const called = Promise.withResolvers<() => void>();
    const stub = await startStub((response) => {
      const body = JSON.stringify({ success: true, result: TUNNEL });
      called.resolve(() => response.setHeader('content-type', 'application/json').end(body));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl), NEARLY_TEN);
    const created = create(desk, SMALLEST_REQUEST);
    const respond = await called.promise;
    for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) await openSilent(desk, from, 8);
    respond();
    expect((await created).status).toBe(200);
  });

  it('one of a proxy that we trust is kept', async () => {
    const desk = await startDesk({}, { ...NEARLY_TEN, config: { trustedProxies: ['127.0.0.2'] } });
    const proxied = await openSilent(desk, '127.0.0.2', 2);
    const silent = await openSilent(desk, '127.0.0.3', 12);
    await expect.poll(() => closedOf(silent).length).toBe(5);
    expect(closedOf(proxied)).toEqual([]);
  });
});

function sendHealthCheck(origin: string): Socket {
  const socket = openSocket(origin);
  socket.write(rawRequest('GET /healthz'));
  return socket;
}
