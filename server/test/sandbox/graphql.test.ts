// The sandbox's stand-in for Cloudflare's GraphQL API.

import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { stopAllClocks } from '../support/clock.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';
import { startSandboxWithClient } from './support.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const rowsSchema = z.array(
  z.object({
    count: z.number().optional(),
    avg: z.object({ tunnelState: z.number() }),
    dimensions: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
);

interface Asked {
  readonly filter?: string;
  readonly limit?: number;
  readonly orderBy?: string;
  readonly dimensions?: string;
  readonly fields?: string;
  readonly backMs?: number;
  readonly accountId?: string;
}

async function start(options: Parameters<typeof startSandboxWithClient>[0] = {}) {
  const sandbox = await startSandboxWithClient(options);
  const post = async (body: unknown) => {
    const response = await sandbox.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: z.looseObject({}).parse(await response.json()) };
  };
  const ask = (asked: Asked = {}) =>
    post({
      query: `query Health($accountTag: string!, $start: Time!) {
        viewer {
          accounts(filter: { accountTag: $accountTag }) {
            rows: magicTransitTunnelHealthChecksAdaptiveGroups(
              filter: { datetime_geq: $start, ${asked.filter ?? ''} }
              limit: ${asked.limit ?? 10_000}, orderBy: [${asked.orderBy ?? ''}]
            ) { avg { tunnelState } dimensions { ${asked.dimensions ?? 'tunnelName'} } ${asked.fields ?? ''} }
          }
        }
      }`,
      variables: {
        accountTag: asked.accountId ?? ACCOUNT_ID,
        start: new Date(Date.now() - (asked.backMs ?? 5 * MINUTE_MS)).toISOString(),
      },
    });
  const rows = async (asked?: Asked) => {
    const { body } = await ask(asked);
    expect(body).toMatchObject({ errors: null });
    return dataSchema.parse(body.data).viewer.accounts[0].rows;
  };
  const create = (changes: object = {}) =>
    sandbox.tunnels.create({ account_id: ACCOUNT_ID, ...SMALLEST_REQUEST, ...changes });
  return { ...sandbox, post, ask, rows, create };
}

const dataSchema = z.object({ viewer: z.object({ accounts: z.tuple([z.object({ rows: rowsSchema })]) }) });

function stopAt(): void {
  stopAllClocks();
  vi.setSystemTime('2026-11-30T12:00:30Z');
}

function letHoursPass(hours: number): void {
  vi.setSystemTime(Date.now() + hours * HOUR_MS);
}

it('has a tunnel without a key, and one without a health check, for down', async () => {
  stopAt();
  const { create, rows } = await start();
  await create({ name: 'no-key' });
  await create({ name: 'unchecked', interface_address: '10.0.0.2/31', psk: PSK, health_check: { enabled: false } });
  await create({ name: 'well', interface_address: '10.0.0.4/31', psk: PSK });
  letHoursPass(0.1);
  const scores = (await rows()).map(({ avg, dimensions }) => [dimensions.tunnelName, avg.tunnelState]);
  expect(Object.fromEntries(scores)).toEqual({ 'no-key': 0, unchecked: 0, well: 1 });
});

it('has no traffic for a tunnel that never had a key', async () => {
  stopAt();
  const { create, rows } = await start();
  await create({ name: 'no-key' });
  letHoursPass(0.1);
  expect(await rows({ filter: 'active: 1' })).toEqual([]);
  expect(await rows({ filter: 'active: 0' })).toMatchObject([{ dimensions: { tunnelName: 'no-key' } }]);
});

it('is well from the key on', async () => {
  stopAt();
  const { create, rows, tunnels } = await start();
  const { id = '' } = await create();
  letHoursPass(2);
  await tunnels.pskGenerate(id, { account_id: ACCOUNT_ID });
  letHoursPass(2);
  const buckets = await rows({
    backMs: 4 * HOUR_MS,
    filter: 'active: 1',
    dimensions: 'datetimeHour',
    orderBy: 'datetimeHour_ASC',
  });
  expect(buckets.map(({ dimensions, avg }) => [dimensions.datetimeHour, avg.tunnelState])).toEqual([
    ['2026-11-30T12:00:00Z', 0],
    ['2026-11-30T13:00:00Z', 0],
    ['2026-11-30T14:00:00Z', 1],
    ['2026-11-30T15:00:00Z', 1],
  ]);
});

it('is down for a few minutes after a change of the key, until its router has the new one', async () => {
  stopAt();
  const { create, rows, tunnels } = await start();
  const { id = '' } = await create({ psk: PSK });
  letHoursPass(1);
  await tunnels.pskGenerate(id, { account_id: ACCOUNT_ID });
  letHoursPass(0.1);
  const minutes = await rows({
    backMs: 0.2 * HOUR_MS,
    dimensions: 'datetimeMinute',
    filter: 'active: 1',
    orderBy: 'datetimeMinute_ASC',
  });
  expect(minutes.map(({ avg }) => avg.tunnelState)).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
});

it('keeps the history of a tunnel that was renamed under its old name', async () => {
  stopAt();
  const { create, rows, tunnels } = await start();
  const { id = '' } = await create({ psk: PSK });
  letHoursPass(1);
  await tunnels.update(id, { account_id: ACCOUNT_ID, ...SMALLEST_REQUEST, name: 'renamed' });
  letHoursPass(1);
  const firstOf = async (name: string, orderBy: string) => {
    const asked = { backMs: 3 * HOUR_MS, filter: `tunnelName: "${name}"`, dimensions: 'datetimeMinute', orderBy };
    const [first] = await rows({ ...asked, limit: 1 });
    return first?.dimensions.datetimeMinute;
  };
  expect(await firstOf(SMALLEST_REQUEST.name, 'datetimeMinute_ASC')).toBe('2026-11-30T12:00:00Z');
  expect(await firstOf(SMALLEST_REQUEST.name, 'datetimeMinute_DESC')).toBe('2026-11-30T12:59:00Z');
  expect(await firstOf('renamed', 'datetimeMinute_ASC')).toBe('2026-11-30T13:00:00Z');
});

describe('with many tunnels', () => {
  it('has a few that are degraded now and then, and the same ones at the same time', async () => {
    stopAt();
    const statesOf = async () => {
      const { rows } = await start({ tunnels: 500 });
      return rows({ filter: 'active: 1', orderBy: 'avg_tunnelState_ASC' });
    };
    const states = await statesOf();
    expect(await statesOf()).toEqual(states);
    const degraded = states.filter(({ avg }) => avg.tunnelState > 0 && avg.tunnelState < 1);
    expect(degraded.length).toBeGreaterThan(0);
    expect(degraded.length).toBeLessThan(50);
    expect(states.map(({ avg }) => avg.tunnelState)).toEqual(
      states.map(({ avg }) => avg.tunnelState).toSorted((one, other) => one - other),
    );
  });

  it('measures at several data centres, and counts what it measured', async () => {
    const { rows } = await start({ tunnels: 50 });
    const measured = await rows({ dimensions: 'edgeColoCode edgeColoCity', fields: 'count' });
    expect(measured.length).toBeGreaterThan(3);
    for (const { dimensions, count } of measured) {
      expect(dimensions.edgeColoCode).toMatch(/^[A-Z]{3}$/);
      expect(count).toBeGreaterThan(0);
    }
  });

  it('lets others in between while it groups 10,000', async () => {
    const { rows, send } = await start({ tunnels: 10_000 });
    const order: string[] = [];
    await Promise.all([
      rows({ limit: 10_000 }).then(({ length }) => order.push(`${length} rows`)),
      send('/user/tokens/verify').then(() => order.push('another request')),
    ]);
    expect(order).toEqual(['another request', '10000 rows']);
  });
});

describe('refuses', () => {
  it.each([
    ['a field that it does not know', { fields: 'sum { bits }' }, 'unknown field "sum"'],
    ['a dimension', { dimensions: 'tunnelId' }, 'unknown field "tunnelId"'],
    ['what every object has', { dimensions: 'constructor' }, 'unknown field "constructor"'],
    ['a filter', { filter: 'tunnelId: "1"' }, 'unknown filter "tunnelId"'],
    ['an order', { orderBy: 'count_DESC' }, 'unknown orderBy "count"'],
    ['more rows than there are at once', { limit: 10_001 }, 'limit must be positive number and not greater than 10000'],
    ['more than a week', { backMs: 8 * 24 * HOUR_MS }, 'query time range is too large'],
    ['another account', { accountId: 'f'.repeat(32) }, 'not authorized for that account'],
  ] as const)('%s, with status 200 as Cloudflare does', async (_what, asked, message) => {
    const { ask } = await start();
    const { status, body } = await ask(asked);
    expect(status).toBe(200);
    expect(body).toMatchObject({ data: null, errors: [{ message: expect.stringContaining(message) }] });
  });

  it.each([
    ['a type of another spelling', 'query ($a: String!) { viewer { accounts { x } } }', 'unknown type "String!"'],
    ['a variable that is missing', 'query ($a: string!) { viewer { accounts { x } } }', 'is missing'],
    [
      'one that was not declared',
      '{ viewer { accounts(filter: { accountTag: $b }) { x } } }',
      'undefined variable "b"',
    ],
    ['one of another type', 'query ($limit: uint64!) { viewer { x } }', 'is no uint64!'],
    ['another node', `{ viewer { accounts(filter: { accountTag: "${ACCOUNT_ID}" }) { x } } }`, 'unknown field "x"'],
    ['a mutation', 'mutation { x }', 'unexpected "mutation"'],
    ['a fragment', '{ viewer { ...x } }', 'unexpected "."'],
    ['a query cut short', '{ viewer { accounts', 'unexpected end'],
    ['two operations', '{ viewer { x } } { viewer { x } }', 'expected the end'],
  ])('%s', async (_what, query, message) => {
    const { post } = await start();
    const { status, body } = await post({ query, variables: { limit: 'ten' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ data: null, errors: [{ message: expect.stringContaining(message) }] });
  });

  it('a body without a query', async () => {
    const { post } = await start();
    expect((await post({})).body).toMatchObject({ data: null, errors: [{ message: 'the body must have a query' }] });
  });

  it('whoever has not its token', async () => {
    const { send } = await start();
    const response = await send('/graphql', {
      method: 'POST',
      headers: { authorization: 'Bearer other', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(403);
  });
});

it('keeps its accounts apart', async () => {
  const { rows } = await start({ tunnels: 5 });
  expect(await rows()).toHaveLength(5);
  expect(await rows({ accountId: OTHER_ACCOUNT_ID })).toEqual([]);
});
