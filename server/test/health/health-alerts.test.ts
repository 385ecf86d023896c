// Tunnels that go down and come up again, from Cloudflare's measurements to whoever is told, over real sockets.

import { once } from 'node:events';
import { API_PREFIX, tunnelHealthPath } from '@tunnel-desk/shared/api/paths';
import { expect, it } from 'vitest';
import { letPass, stopAllClocks } from '../support/clock.ts';
import { askApi, type Desk, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { startListening } from '../support/process.ts';
import { ACCOUNT_ID, API_TOKEN, PSK, TUNNEL } from '../support/samples.ts';
import { startStub } from '../support/upstream.ts';
import { expectNoWebhookSecretIn, startReceiver } from '../support/webhook.ts';
import { dataOf, MINUTE_MS, row } from './support.ts';

type Scores = Readonly<Record<string, number>>;

const ID = 'c4a7362d577a6c3019a474fd6f485821';
const DOWN = { 'branch-1': 0 };
const UP = { 'branch-1': 1 };

/** A Cloudflare whose account has these tunnels, and measured what it is told to have. */
async function startCloudflare(names: readonly string[] = ['branch-1']) {
  let reply: { readonly status: number; readonly body: object } = { status: 200, body: {} };
  let isListed = true;
  const queries: number[] = [];
  const tunnels = names.map((name, index) => ({ ...TUNNEL, psk: PSK, name, id: index === 0 ? ID : `${index}` }));
  const stub = await startStub((response, { url = '' }) => {
    const isHealth = url.endsWith('/graphql');
    if (isHealth) queries.push(Date.now());
    const list = { success: isListed, errors: [], messages: [], result: isListed ? { ipsec_tunnels: tunnels } : null };
    const { status, body } = isHealth ? reply : { status: isListed ? 200 : 403, body: list };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const respond = (status: number, body: object) => {
    reply = { status, body };
  };
  /** Every reading has measurements of its own. */
  const measure = (scores: Scores) =>
    respond(200, {
      get data() {
        const datetimeMinute = new Date(Date.now() - MINUTE_MS).toISOString();
        return dataOf({
          newest: [row(0, { datetimeMinute })],
          tunnels: Object.entries(scores).map(([tunnelName, score]) => row(score, { tunnelName })),
          ...{ idle: [], locations: [], minutes: [], hours: [] },
        });
      },
    });
  return {
    ...{ baseUrl: stub.baseUrl, queries, measure, respond },
    refuseList: () => {
      isListed = false;
    },
  };
}

type Cloudflare = Awaited<ReturnType<typeof startCloudflare>>;

/** A desk that has read the health once, and tells the receiver. */
async function startTelling({
  first = UP,
  names,
  environment = {},
}: {
  readonly first?: Scores;
  readonly names?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
} = {}) {
  stopAllClocks();
  const cloudflare = await startCloudflare(names);
  cloudflare.measure(first);
  const receiver = await startReceiver();
  const desk = await startDeskTelling(cloudflare, { ...receiver.environment, ...environment });
  await expect.poll(() => cloudflare.queries.length).toBeGreaterThan(0);
  const kinds = () => [...new Map(receiver.alerts().map(({ id, kind }) => [id, kind])).values()];
  return { cloudflare, receiver, desk, kinds };
}

function startDeskTelling({ baseUrl }: Cloudflare, environment: NodeJS.ProcessEnv): Promise<Desk> {
  return startDesk({ ...upstreamAt(baseUrl), UPSTREAM_TIMEOUT_MS: '120000', ...environment });
}

/** Lets time pass until the desk has acted on so many more readings. */
async function readings({ queries }: Cloudflare, count: number): Promise<void> {
  // One that comes after them shows that they have come to their end.
  const enough = queries.length + count + 1;
  const passing = () => {
    letPass(5_000);
    return queries.length;
  };
  await expect.poll(passing, { timeout: 20_000, interval: 20 }).toBeGreaterThanOrEqual(enough);
}

it('tells once that a tunnel is down, and once that it is up', async () => {
  const { cloudflare, receiver, desk, kinds } = await startTelling();
  await readings(cloudflare, 1);
  cloudflare.measure(DOWN);
  await readings(cloudflare, 3);
  await expect.poll(receiver.alerts).toMatchObject([
    {
      kind: 'tunnels-down',
      account: { id: ACCOUNT_ID, label: 'Head office' },
      count: 1,
      tunnels: [{ id: ID, name: 'branch-1', since: expect.any(String) }],
      text: 'Head office: 1 tunnel is down: branch-1',
    },
  ]);
  cloudflare.measure(UP);
  await readings(cloudflare, 3);
  await expect.poll(kinds).toEqual(['tunnels-down', 'tunnels-up']);
  expect(receiver.alerts().at(-1)?.text).toBe('Head office: 1 tunnel is up again: branch-1');
  expect(desk.logLines.join('')).toContain('tunnels went down');
  expectNoWebhookSecretIn(desk.logLines.join(''));
});

it('tells nothing of what was down before, but that it is up again', async () => {
  const { cloudflare, kinds } = await startTelling({ first: DOWN });
  await readings(cloudflare, 3);
  expect(kinds()).toEqual([]);
  cloudflare.measure(UP);
  await readings(cloudflare, 2);
  await expect.poll(kinds).toEqual(['tunnels-up']);
});

it.each([
  [403, {}, 'the token lacks the permission'],
  [500, {}, 'Cloudflare fails'],
  [200, { data: null, errors: [{ message: 'no' }] }, 'there are errors in place of data'],
])('tells and forgets nothing while it cannot read (%i %j: %s)', async (status, body, _why) => {
  const { cloudflare, kinds } = await startTelling();
  await readings(cloudflare, 1);
  cloudflare.measure(DOWN);
  await readings(cloudflare, 2);
  await expect.poll(kinds).toEqual(['tunnels-down']);
  cloudflare.respond(status, body);
  await readings(cloudflare, 2);
  cloudflare.measure(DOWN);
  await readings(cloudflare, 2);
  expect(kinds()).toEqual(['tunnels-down']);
});

it('tells nothing twice through a restart, and what happened meanwhile', async () => {
  const DATA_DIR = temporaryFolder();
  const { cloudflare, receiver, desk, kinds } = await startTelling({ environment: { DATA_DIR } });
  await readings(cloudflare, 1);
  cloudflare.measure(DOWN);
  await readings(cloudflare, 2);
  await expect.poll(kinds).toEqual(['tunnels-down']);
  await desk.app.close();
  const again = await startDeskTelling(cloudflare, { ...receiver.environment, DATA_DIR });
  await readings(cloudflare, 3);
  expect(kinds()).toEqual(['tunnels-down']);
  await again.app.close();
  cloudflare.measure(UP);
  await startDeskTelling(cloudflare, { ...receiver.environment, DATA_DIR });
  await readings(cloudflare, 2);
  await expect.poll(kinds).toEqual(['tunnels-down', 'tunnels-up']);
});

it('tells of no tunnel that is not in the list, and of all by name where that cannot be read', async () => {
  const scores = { 'branch-1': 1, deleted: 1, GRE: 1 };
  const { cloudflare, receiver } = await startTelling({ first: scores });
  await readings(cloudflare, 1);
  cloudflare.measure({ 'branch-1': 0, deleted: 0, GRE: 0 });
  await readings(cloudflare, 2);
  await expect.poll(receiver.alerts).toMatchObject([{ count: 1, tunnels: [{ id: ID, name: 'branch-1' }] }]);
  cloudflare.refuseList();
  cloudflare.measure({ 'branch-1': 1, deleted: 0 });
  await readings(cloudflare, 2);
  await expect.poll(() => receiver.alerts().at(-1)).toMatchObject({ kind: 'tunnels-up', count: 1 });
  expect(receiver.alerts().at(-1)?.tunnels).toEqual([{ name: 'branch-1', since: expect.any(String) }]);
});

it('tells of 10,000 tunnels in one alert', async () => {
  const names = Array.from({ length: 9_999 }, (_, index) => `branch-${index}`);
  const all = (score: number) => Object.fromEntries(names.map((name) => [name, score]));
  const { cloudflare, receiver } = await startTelling({ first: all(1), names });
  await readings(cloudflare, 1);
  cloudflare.measure(all(0));
  await readings(cloudflare, 3);
  await expect.poll(receiver.alerts, { timeout: 20_000 }).toMatchObject([{ kind: 'tunnels-down', count: 9_999 }]);
}, 60_000);

it('asks no more than once a minute, however many people look, and never again once it is closed', async () => {
  const { cloudflare, desk } = await startTelling();
  const health = desk.origin + API_PREFIX + tunnelHealthPath(ACCOUNT_ID);
  for (let minute = 0; minute < 3; minute++) {
    await readings(cloudflare, 1);
    await Promise.all([askApi(health), askApi(health), askApi(health)]);
  }
  const pauses = cloudflare.queries.slice(1).map((at, index) => at - (cloudflare.queries[index] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(MINUTE_MS);
  await desk.app.close();
  const before = cloudflare.queries.length;
  letPass(10 * MINUTE_MS);
  expect(cloudflare.queries).toHaveLength(before);
});

it('asks nothing by itself where nobody is told', async () => {
  stopAllClocks();
  const cloudflare = await startCloudflare();
  const desk = await startDeskTelling(cloudflare, {});
  letPass(10 * MINUTE_MS);
  await askApi(`${desk.origin}/api/session`);
  expect(cloudflare.queries).toEqual([]);
});

it('lets the server stop while a reading hangs', async () => {
  const asked = Promise.withResolvers<void>();
  const { baseUrl } = await startStub((response, { url = '' }) => {
    if (url.endsWith('/graphql')) asked.resolve();
    else response.writeHead(404).end();
  });
  const receiver = await startReceiver();
  const { child } = await startListening({
    ...receiver.environment,
    ...{ CLOUDFLARE_API_TOKEN: API_TOKEN, CLOUDFLARE_ACCOUNTS: ACCOUNT_ID, CLOUDFLARE_API_BASE_URL: baseUrl },
  });
  const exit = once(child, 'exit');
  await asked.promise;
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});
