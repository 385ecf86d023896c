// Whom the desk tells: signed, in order, until the receiver has taken it, and nobody else.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AlertMessage } from '../../src/alerts/message.ts';
import { openWebhook, signatureOf, type WebhookLimits } from '../../src/alerts/webhook.ts';
import { Secret } from '../../src/secret.ts';
import { closedPort, startStub } from '../support/upstream.ts';
import { expectNoWebhookSecretIn, ok, startReceiver, WEBHOOK_SECRET } from '../support/webhook.ts';

const AT_ONCE: Partial<WebhookLimits> = { pausesMs: [1] };

function message(id: string): AlertMessage {
  const alertId = `0a8f3c1e-5b7d-4e2a-9c64-d1f0b3a59e${id}`;
  const body = {
    ...{ id: alertId, kind: 'drift', at: '2026-11-30T02:14:00.000Z', count: 0, tunnels: [], text: id },
    account: { id: 'a', label: 'A' },
  };
  return { id: alertId, kind: 'drift', body: JSON.stringify(body) };
}

function open(url: string, limits = AT_ONCE) {
  const lines: string[] = [];
  const write = (...args: readonly unknown[]) => void lines.push(JSON.stringify(args));
  const log = { info: write, warn: write, error: write };
  const webhook = openWebhook({
    url: new Secret(url),
    secret: new Secret(WEBHOOK_SECRET),
    proxy: undefined,
    log,
    limits,
  });
  onTestFinished(async () => {
    await webhook.close();
    expectNoWebhookSecretIn(lines.join(''));
  });
  return { webhook, lines };
}

it('signs as Standard Webhooks does', () => {
  // Computed with: printf '%s' 'id.1.{}' | openssl dgst -sha256 -hmac key -binary | base64
  expect(signatureOf('key', 'id', '1', '{}')).toBe('5PVmP2AfJGwnp9flV+flrzfukNWA9zyUdqvI+IQalVs=');
});

it('sends one after the other, each once', async () => {
  const receiver = await startReceiver();
  const { webhook, lines } = open(receiver.url);
  for (const id of ['01', '02', '03']) webhook.send(message(id));
  await expect.poll(() => receiver.alerts().map(({ text }) => text)).toEqual(['01', '02', '03']);
  await expect.poll(() => lines.filter((line) => line.includes('delivered'))).toHaveLength(3);
  const timestamps = receiver.requests.map(({ headers }) => Number(headers['webhook-timestamp']));
  for (const timestamp of timestamps) expect(Math.abs(timestamp - Date.now() / 1000)).toBeLessThan(600);
});

describe('a receiver that fails', () => {
  it.each([500, 503, 429, 408])('with %i is sent the same again, before anything else', async (status) => {
    let failing = 3;
    const receiver = await startReceiver((response) => {
      if (failing === 0) return ok(response);
      failing -= 1;
      response.writeHead(status).end('no');
    });
    const { webhook } = open(receiver.url);
    webhook.send(message('01'));
    webhook.send(message('02'));
    await expect.poll(() => receiver.alerts().map(({ text }) => text)).toEqual(['01', '01', '01', '01', '02']);
    expect(new Set(receiver.alerts().map(({ id }) => id)).size).toBe(2);
  });

  it.each<[string, (response: import('node:http').ServerResponse) => unknown]>([
    ['closes the connection', (response) => response.destroy()],
    [
      'breaks off its response',
      (response) => response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy()),
    ],
    ['does not respond in time', () => undefined],
  ])('because it %s is sent the same again', async (_what, fail) => {
    let isFailing = true;
    const receiver = await startReceiver((response) => {
      if (!isFailing) return ok(response);
      isFailing = false;
      fail(response);
    });
    const { webhook } = open(receiver.url, { ...AT_ONCE, timeoutMs: 500 });
    webhook.send(message('01'));
    await expect.poll(() => receiver.alerts().map(({ text }) => text)).toEqual(['01', '01']);
  });

  it('because it refuses one for good is sent the others', async () => {
    const receiver = await startReceiver((response, { body }) => {
      if (body.includes('"text":"01"')) response.writeHead(400).end();
      else ok(response);
    });
    const { webhook, lines } = open(receiver.url);
    webhook.send(message('01'));
    webhook.send(message('02'));
    await expect.poll(() => receiver.alerts().map(({ text }) => text)).toEqual(['01', '01', '01', '01', '01', '02']);
    expect(lines.join('')).toContain('given up');
  });

  it('for longer than an alert may get old is not told of it', async () => {
    const { webhook, lines } = open(`http://127.0.0.1:${await closedPort()}/`, { ...AT_ONCE, maxAgeMs: 0 });
    webhook.send(message('01'));
    await expect.poll(() => lines.join('')).toContain('given up');
  });

  it('leaves no more waiting than there is room for: the oldest go, apart from the one under way', async () => {
    const arrived = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const receiver = await startReceiver(async (response) => {
      arrived.resolve();
      await answered.promise;
      ok(response);
    });
    const { webhook } = open(receiver.url, { ...AT_ONCE, maxWaiting: 3 });
    webhook.send(message('01'));
    await arrived.promise;
    for (const id of ['02', '03', '04', '05']) webhook.send(message(id));
    answered.resolve();
    await expect.poll(() => receiver.alerts().map(({ text }) => text)).toEqual(['01', '04', '05']);
  });
});

it.each([301, 302, 307, 308])('follows no redirect (%i)', async (status) => {
  const elsewhere = await startStub(ok);
  const receiver = await startReceiver((response) => {
    response.writeHead(status, { location: elsewhere.baseUrl }).end();
  });
  const { webhook, lines } = open(receiver.url);
  webhook.send(message('01'));
  await expect.poll(() => lines.join('')).toContain('given up');
  expect(elsewhere.requests).toEqual([]);
});

it('says nothing of what the receiver wrote', async () => {
  let isFailing = true;
  const receiver = await startReceiver((response) => {
    if (!isFailing) return ok(response);
    isFailing = false;
    response.writeHead(500, { 'x-said': WEBHOOK_SECRET }).end(WEBHOOK_SECRET.repeat(100_000));
  });
  const { webhook, lines } = open(receiver.url);
  webhook.send(message('01'));
  await expect.poll(() => lines.join('')).toContain('was delivered');
});

it('stops at once, while it waits for the receiver and between two attempts', async () => {
  const arrived = Promise.withResolvers<void>();
  const receiver = await startReceiver(() => arrived.resolve());
  const waiting = open(receiver.url);
  waiting.webhook.send(message('01'));
  await arrived.promise;
  await waiting.webhook.close();
  expect(waiting.lines.join('')).toContain('given up');
  const pausing = open(`http://127.0.0.1:${await closedPort()}/`, { pausesMs: [3_600_000] });
  pausing.webhook.send(message('01'));
  await expect.poll(() => pausing.lines.join('')).toContain('could not be delivered');
  await pausing.webhook.close();
  await nextTurn();
  expect(pausing.lines.join('')).toContain('given up');
});
