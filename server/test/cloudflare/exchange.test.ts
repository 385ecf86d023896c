import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Pool } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { type ExchangeRequest, exchange } from '../../src/cloudflare/exchange.ts';
import { letPass, stopClock } from '../support/clock.ts';
import { startStub } from '../support/upstream.ts';

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
  const second = await exchange(pool, 50, request(baseUrl, '/second'));
  expect(second).toEqual({ kind: 'unreachable', reason: 'no connection within 50 ms' });

  const third = exchange(pool, LONG_MS, request(baseUrl, '/third'));
  held.shift()?.end('one');
  expect(await first).toMatchObject({ kind: 'response', status: 200, text: 'one' });
  await expect.poll(() => held.length, { timeout: 10_000 }).toBe(1);
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
});

it('says that nothing was sent once its pool is closed', async () => {
  const { baseUrl, requests } = await startStub((response) => response.end());
  const pool = new Pool(new URL(baseUrl).origin);
  await pool.close();
  expect(await exchange(pool, LONG_MS, request(baseUrl, '/'))).toMatchObject({ kind: 'unreachable' });
  expect(requests).toEqual([]);
});
