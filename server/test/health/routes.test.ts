// The health of tunnels over real sockets, from a client of the desk to the sandbox behind it.

import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { accountHealthSchema, tunnelHistorySchema } from '@tunnel-desk/shared/api/health';
import { API_PREFIX, tunnelHealthHistoryPath, tunnelHealthPath } from '@tunnel-desk/shared/api/paths';
import { expect, it, vi } from 'vitest';
import type { InjectedFailure } from '../../src/sandbox/injected-failures.ts';
import { letPass, stopAllClocks, stopClock } from '../support/clock.ts';
import { askApi, type Desk, startDesk, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';
import { createIn, startSandboxUpstream, startStub } from '../support/upstream.ts';

const HOUR_MS = 3_600_000;
const WEEK_MINUTES = 7 * 24 * 60;

function healthAt({ origin }: Desk, headers: Record<string, string> = {}, accountId = ACCOUNT_ID) {
  return askApi(origin + API_PREFIX + tunnelHealthPath(accountId), { headers });
}

function historyAt({ origin }: Desk, query: string, headers: Record<string, string> = {}) {
  return askApi(`${origin}${API_PREFIX}${tunnelHealthHistoryPath(ACCOUNT_ID)}${query}`, { headers });
}

/** A desk in front of a sandbox that counts its queries, and fails them as told. */
async function startHealthDesk(failureOf: () => InjectedFailure | undefined = () => undefined) {
  const queries: string[] = [];
  const upstream = await startSandboxUpstream((request) => {
    if (!request.url.endsWith('/graphql')) return undefined;
    queries.push(request.url);
    return failureOf();
  });
  const desk = await startDesk(upstreamAt(upstream.baseUrl));
  return { upstream, desk, queries };
}

it('tells of every tunnel, and of one of them hour by hour', async () => {
  stopAllClocks();
  vi.setSystemTime('2026-11-30T12:00:30Z');
  const { upstream, desk } = await startHealthDesk();
  await createIn(upstream, { ...SMALLEST_REQUEST, psk: PSK });
  await createIn(upstream, { ...SMALLEST_REQUEST, name: 'no-key', interface_address: '10.0.0.2/31' });
  vi.setSystemTime(Date.now() + HOUR_MS);
  const { status, envelope } = await healthAt(desk);
  expect(status).toBe(200);
  expect(accountHealthSchema.parse(envelope.result)).toMatchObject({
    kind: 'known',
    checkedAt: '2026-11-30T13:00:30.000Z',
    measuredAt: '2026-11-30T12:59:00.000Z',
    tunnels: [
      { name: 'no-key', state: 'down', isIdle: true },
      { name: SMALLEST_REQUEST.name, state: 'healthy', locations: { down: 0, degraded: 0 } },
    ],
    leftOut: [],
  });
  const history = await historyAt(desk, `?name=${SMALLEST_REQUEST.name}&range=hour`);
  const { locations, ...rest } = knownHistory(history.envelope.result);
  expect(rest).toMatchObject({ start: '2026-11-30T12:00:00.000Z', firstMeasuredAt: '2026-11-30T12:00:00.000Z' });
  expect(locations[0]).toMatchObject({ score: 1, buckets: Array(60).fill(1) });
});

function knownHistory(result: unknown) {
  const history = tunnelHistorySchema.parse(result);
  if (history.kind !== 'known') throw new Error(history.kind);
  return history;
}

it('asks Cloudflare once for 50 clients that ask at once', async () => {
  const { desk, queries } = await startHealthDesk();
  const answers = await Promise.all(Array.from({ length: 50 }, () => healthAt(desk)));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(queries).toHaveLength(1);
  await Promise.all(Array.from({ length: 50 }, () => historyAt(desk, '?name=branch-1&range=week')));
  expect(queries).toHaveLength(2);
});

it.each<[string, InjectedFailure, object]>([
  [
    '403',
    {
      kind: 'response',
      status: 403,
      headers: { 'content-type': 'application/json' },
      body: '{"data":null,"errors":[{"message":"not authorized for that account"}]}',
      handled: false,
    },
    { kind: 'not-permitted', permission: 'Account Analytics Read' },
  ],
  ['a response cut short', { kind: 'cut-short', handled: true }, { kind: 'failed', reason: 'connection-lost' }],
  ['a connection that is reset', { kind: 'reset', handled: false }, { kind: 'failed', reason: 'connection-lost' }],
])('responds with 200 and what is wrong, while the tunnels are listed: %s', async (_what, failure, result) => {
  const { desk } = await startHealthDesk(() => failure);
  for (const answer of [await healthAt(desk), await historyAt(desk, '?name=branch-1&range=day')]) {
    expect(answer.status).toBe(200);
    expect(answer.envelope).toMatchObject({ success: true, result });
  }
  expect((await askApi(desk.tunnels)).status).toBe(200);
});

it('is never asked for more than a week, whatever the minute', async () => {
  stopAllClocks();
  for (const time of ['13:00:00', '13:00:30', '13:59:59']) {
    vi.setSystemTime(`2026-11-30T${time}Z`);
    const { upstream, desk } = await startHealthDesk();
    await createIn(upstream, { ...SMALLEST_REQUEST });
    vi.setSystemTime(Date.now() + 5 * HOUR_MS);
    await healthAt(desk);
    vi.setSystemTime(Date.now() + 60_000);
    expect((await healthAt(desk)).envelope).toMatchObject({
      result: { tunnels: [{ since: { precision: 'at-least' } }] },
    });
    expect((await historyAt(desk, '?name=branch-1&range=week')).envelope).toMatchObject({ result: { kind: 'known' } });
  }
});

it('lists the tunnels while Cloudflare takes its time over their health, and gives up after the time limit', async () => {
  stopClock();
  const arrived = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const { desk } = await startHealthDesk(() => {
    arrived.resolve();
    return { kind: 'hold', until: held.promise };
  });
  const health = healthAt(desk);
  await arrived.promise;
  expect((await askApi(desk.tunnels)).status).toBe(200);
  letPass(15_000);
  expect((await health).envelope).toMatchObject({ success: true, result: { kind: 'failed', reason: 'timed-out' } });
  held.resolve();
});

it('reads no more than it can keep, where Cloudflare sends a week of minutes for 10,000 tunnels', async () => {
  let written = 0;
  let isOver = false;
  const row = (name: number, minute: number) =>
    JSON.stringify({ avg: { tunnelState: 1 }, dimensions: { tunnelName: `branch-${name}`, datetimeMinute: minute } });
  const { baseUrl } = await startStub((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"data":{"viewer":{"accounts":[{"tunnels":[');
    response.on('close', () => {
      isOver = true;
    });
    const writeOn = () => {
      while (!isOver && written < 10_000 * WEEK_MINUTES) {
        const tunnel = Math.floor(written / WEEK_MINUTES);
        const rows = Array.from({ length: 1000 }, (_, index) => row(tunnel, written + index));
        written += rows.length;
        if (!response.write(`${rows.join(',')},`)) break;
      }
    };
    response.on('drain', writeOn);
    writeOn();
  });
  const desk = await startDesk(upstreamAt(baseUrl));
  expect((await healthAt(desk)).envelope).toMatchObject({ result: { kind: 'failed', reason: 'unintelligible' } });
  await vi.waitFor(() => expect(isOver).toBe(true));
  // Some megabytes on the way, of the 7 GB.
  expect(written).toBeLessThan(1_000_000);
});

it('tells a viewer, and nobody without a role', async () => {
  const proxy = await startProxy();
  const desk = await startDesk({
    CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office,${OTHER_ACCOUNT_ID}=Branches`,
    ...proxy.environment,
  });
  const as = async (group: string) => ({ [HEADER]: await proxy.sign({ groups: [group] }) });
  const history = '?name=branch-1&range=day';
  expect((await healthAt(desk, await as('readers'))).status).toBe(200);
  expect((await historyAt(desk, history, await as('readers'))).status).toBe(200);
  expect((await healthAt(desk, await as('canteen'))).status).toBe(403);
  expect((await historyAt(desk, history, await as('canteen'))).status).toBe(403);
  expect((await healthAt(desk, await as('head-office-ops'), OTHER_ACCOUNT_ID)).status).toBe(403);
});

it.each([
  ['', 'neither name nor range'],
  ['?name=branch-1', 'no range'],
  ['?range=day', 'no name'],
  ['?name=&range=day', 'an empty name'],
  ['?name=branch-1&range=month', 'a range that there is not'],
  ['?name=a&name=b&range=day', 'two names'],
  ['?name=branch-1&range=day&limit=1', 'a parameter that there is not'],
  [`?name=${'x'.repeat(256)}&range=day`, 'a name that no tunnel has'],
])('refuses a history with the query %j: %s', async (query, _why) => {
  const { desk, queries } = await startHealthDesk();
  const { status, envelope } = await historyAt(desk, query);
  expect(status).toBe(400);
  expect(envelope.errors).toMatchObject([{ code: ERRORS.invalidQuery.code }]);
  expect(queries).toEqual([]);
});

it('finds a tunnel by any name it may have', async () => {
  stopAllClocks();
  vi.setSystemTime('2026-11-30T12:00:30Z');
  const { upstream, desk } = await startHealthDesk();
  const name = 'Zürich "1" & {x}';
  await createIn(upstream, { ...SMALLEST_REQUEST, name });
  vi.setSystemTime(Date.now() + HOUR_MS);
  const { envelope } = await historyAt(desk, `?name=${encodeURIComponent(name)}&range=hour`);
  const { everywhere } = knownHistory(envelope.result);
  // Nothing of this minute yet.
  expect(everywhere).toEqual([...Array(59).fill(0), null]);
});
