import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ExchangeRequest, exchange } from '../../src/cloudflare/exchange.ts';
import { letPass, stopClock } from '../support/clock.ts';
import { startStub, startTcp } from '../support/upstream.ts';

const LONG_MS = 60_000;

const request = (baseUrl: string, path: string): ExchangeRequest => ({
  origin: new URL(baseUrl).origin,
  method: 'POST',
  path,
  headers: {},
  body: '{}',
});

it('never sends a request whose time ran out while it waited for a connection', async () => {
  const held: ServerResponse[] = [];
  const { baseUrl, requests } = await startStub((response) => void held.push(response));
  const pool = new Pool(new URL(baseUrl).origin, { connections: 1 });
  onTestFinished(() => pool.destroy());

  const first = exchange(pool, LONG_MS, request(baseUrl, '/first'));
  await expect.poll(() => held.length).toBe(1);
  const second = await exchange(pool, 50, request(baseUrl, '/second'));
  expect(second).toEqual({ kind: 'unreachable', reason: 'no connection within 50 ms' });

  const third = exchange(pool, LONG_MS, request(baseUrl, '/third'));
  held.shift()?.end('one');
  expect(await first).toMatchObject({ kind: 'response', status: 200, text: 'one' });
  await expect.poll(() => held.length).toBe(1);
  held.shift()?.end('three');
  expect(await third).toMatchObject({ kind: 'response', text: 'three' });
  expect(requests.map(({ url }) => url)).toEqual(['/first', '/third']);
});

it('ends the connection of a request whose time ran out, so that the other end can stop', async () => {
  const reached = Promise.withResolvers<ServerResponse>();
  const { baseUrl } = await startStub((response) => reached.resolve(response));
  const pool = new Pool(new URL(baseUrl).origin);
  onTestFinished(() => pool.destroy());

  stopClock();
  const outcome = exchange(pool, LONG_MS, request(baseUrl, '/'));
  const closed = once(await reached.promise, 'close');
  letPass(LONG_MS);
  expect(await outcome).toEqual({ kind: 'timed-out' });
  await closed;
  await expect.poll(() => pool.stats).toMatchObject({ connected: 0, pending: 0, queued: 0, running: 0 });
});

it('says that nothing was sent once its pool is closed', async () => {
  const { baseUrl, requests } = await startStub((response) => response.end());
  const pool = new Pool(new URL(baseUrl).origin);
  await pool.close();
  expect(await exchange(pool, LONG_MS, request(baseUrl, '/'))).toMatchObject({ kind: 'unreachable' });
  expect(requests).toEqual([]);
});

it('reads to its end what is under way when its pool is closed', async () => {
  const reached = Promise.withResolvers<ServerResponse>();
  const { baseUrl } = await startStub((response) => reached.resolve(response));
  const pool = new Pool(new URL(baseUrl).origin);
  const outcome = exchange(pool, LONG_MS, request(baseUrl, '/'));
  const response = await reached.promise;
  const closed = pool.close();
  response.end('whole');
  expect(await outcome).toMatchObject({ kind: 'response', text: 'whole' });
  await closed;
});

/** A TCP server that answers each request with these bytes, as they are; `requests` counts them over all connections. */
async function startRaw(answer: (number: number) => string) {
  let requests = 0;
  const port = await startTcp((socket) => {
    socket.on('data', () => {
      requests += 1;
      socket.write(answer(requests));
    });
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  const pool = new Pool(baseUrl);
  onTestFinished(() => pool.destroy());
  return { requests: () => requests, send: (path: string) => exchange(pool, LONG_MS, request(baseUrl, path)) };
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('of a response', () => {
  it.each([
    ['early hints', 'HTTP/1.1 103 Early Hints\r\nCf-Ray: interim\r\n\r\n'],
    ['any number of them', 'HTTP/1.1 102 Processing\r\nCf-Ray: interim\r\n\r\n'.repeat(50)],
  ])('%s count for nothing', async (_what, interim) => {
    const { send } = await startRaw(() => `${interim}${OK}`);
    expect(await send('/')).toEqual({ kind: 'response', status: 200, headers: { 'content-length': '2' }, text: 'ok' });
  });

  it.each([
    ['asks to go on, which nobody offered', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
    ['has endless headers', `HTTP/1.1 200 OK\r\n${'X-Long: 0123456789\r\n'.repeat(10_000)}`],
    ['has two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['has a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ])('nothing is left where it %s, and the request is not sent again', async (_what, bytes) => {
    const { send, requests } = await startRaw(() => bytes);
    expect(await send('/')).toMatchObject({ kind: 'connection-lost' });
    expect(requests()).toBe(1);
  });

  it('trailers are no headers', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Cf-Ray\r\n\r\n2\r\nok\r\n0\r\n';
    const { send } = await startRaw(() => `${chunked}Cf-Ray: trailer\r\n\r\n`);
    const outcome = await send('/');
    expect(outcome).toMatchObject({ kind: 'response', text: 'ok' });
    expect(outcome).not.toHaveProperty('headers.cf-ray');
  });

  it('that is too long nothing is kept, not even a beginning that could stand for the whole', async () => {
    const { baseUrl } = await startStub((response) => response.end(`{"success":true}${' '.repeat(2 * 1024 * 1024)}`));
    const pool = new Pool(new URL(baseUrl).origin);
    onTestFinished(() => pool.destroy());
    const outcome = await exchange(pool, LONG_MS, request(baseUrl, '/'));
    expect(outcome.kind === 'response' && outcome.text.length).toBe(0);
  });

  it('that nobody asked for, none is taken for the answer to the next request', async () => {
    const { send, requests } = await startRaw((number) => (number === 1 ? `${OK}${OK.replace('ok', 'no')}` : OK));
    expect(await send('/first')).toMatchObject({ kind: 'response', text: 'ok' });
    expect(await send('/second')).toMatchObject({ kind: 'response', text: 'ok' });
    expect(requests()).toBe(2);
  });
});

describe('a request is sent at most once', () => {
  it('over a kept connection that ends as it is written', async () => {
    let requests = 0;
    const port = await startTcp((socket) => {
      socket.on('data', () => {
        requests += 1;
        if (requests === 1) socket.write(OK);
        else socket.destroy();
      });
    });
    const baseUrl = `http://127.0.0.1:${port}`;
    const pool = new Pool(baseUrl);
    onTestFinished(() => pool.destroy());
    expect(await exchange(pool, LONG_MS, request(baseUrl, '/first'))).toMatchObject({ kind: 'response' });
    expect(await exchange(pool, LONG_MS, request(baseUrl, '/second'))).toMatchObject({ kind: 'connection-lost' });
    expect(requests).toBe(2);
  });

  it('and says so truly, however an upstream that drops its kept connections races with it', async () => {
    const arrivals = new Map<string, number>();
    const port = await startTcp((socket) => {
      socket.on('data', (bytes) => {
        const path = bytes.toString().split(' ')[1] ?? '';
        arrivals.set(path, (arrivals.get(path) ?? 0) + 1);
        socket.write(OK);
        if (arrivals.size % 2 === 0) setImmediate(() => socket.resetAndDestroy());
        else setImmediate(() => socket.end());
      });
    });
    const baseUrl = `http://127.0.0.1:${port}`;
    const pool = new Pool(baseUrl);
    onTestFinished(() => pool.destroy());
    for (let number = 0; number < 300; number++) {
      const { kind } = await exchange(pool, LONG_MS, request(baseUrl, `/${number}`));
      const arrived = arrivals.get(`/${number}`) ?? 0;
      expect(arrived, kind).toBeLessThanOrEqual(kind === 'unreachable' ? 0 : 1);
      if (kind === 'response') expect(arrived).toBe(1);
    }
  });

  it('even over connections that start it again by themselves', async () => {
    const aborted: unknown[] = [];
    const insistent: Pick<Dispatcher, 'dispatch'> = {
      dispatch(_request, handler) {
        const controller = {
          aborted: false,
          paused: false,
          reason: null,
          abort: (reason: Error) => void aborted.push(reason),
          pause: () => undefined,
          resume: () => undefined,
        };
        handler.onRequestStart?.(controller, undefined);
        expect(aborted).toHaveLength(0);
        handler.onRequestStart?.(controller, undefined);
        expect(aborted).toHaveLength(1);
        handler.onResponseError?.(controller, new Error('aborted'));
        return true;
      },
    };
    expect(await exchange(insistent, LONG_MS, request('http://127.0.0.1', '/'))).toMatchObject({
      kind: 'connection-lost',
    });
  });
});
