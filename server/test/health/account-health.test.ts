// The health of all tunnels of an account, from what Cloudflare responds to what the desk says of it.

import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, API_TOKEN, OTHER_ACCOUNT_ID } from '../support/samples.ts';
import {
  bucketRows,
  dataOf,
  HOUR_MS,
  known,
  MINUTE_MS,
  type Parts,
  type Reply,
  row,
  START,
  startReader,
} from './support.ts';

const NEWEST = [row(1, { datetimeMinute: '2026-11-30T02:19:00Z' })];
const PRESENT: Parts = {
  newest: NEWEST,
  tunnels: [row(0, { tunnelName: 'b' }), row(0.6, { tunnelName: 'c' }), row(1, { tunnelName: 'a' })],
  idle: [],
  locations: [],
};

/** The parts of a response in which the one tunnel has this score. */
function scored(score: number): Parts {
  return { ...PRESENT, tunnels: [row(score, { tunnelName: 'a' })] };
}

describe('what is said of the tunnels', () => {
  it('has the state of each, the worst first, with when it was asked and measured', async () => {
    const { reader } = await startReader(() => ({ parts: PRESENT }));
    expect(await reader.read(ACCOUNT_ID)).toEqual({
      kind: 'known',
      checkedAt: '2026-11-30T02:20:00.000Z',
      measuredAt: '2026-11-30T02:19:00.000Z',
      tunnels: [
        { name: 'b', state: 'down', score: 0, since: { at: '2026-11-30T02:20:00.000Z', precision: 'at-least' } },
        { name: 'c', state: 'degraded', score: 0.6, since: { at: '2026-11-30T02:20:00.000Z', precision: 'at-least' } },
        { name: 'a', state: 'healthy', score: 1 },
      ],
      leftOut: [],
    });
  });

  it('counts the data centres with traffic by their states', async () => {
    const scores = [0, 0, 0.5, 1, 1, 1];
    const locations = scores.map((score, index) => row(score, { tunnelName: 'c', edgeColoCode: `AA${index}` }));
    const { reader } = await startReader(() => ({ parts: { ...PRESENT, locations } }));
    expect(known(await reader.read(ACCOUNT_ID)).tunnels[1]).toMatchObject({
      name: 'c',
      locations: { down: 2, degraded: 1, healthy: 3 },
    });
  });

  it('goes by all data centres where none had traffic, and says so', async () => {
    const idle = [row(0.1, { tunnelName: 'd' }), row(0.2, { tunnelName: 'a' })];
    const { reader } = await startReader(() => ({ parts: { ...PRESENT, idle } }));
    const { tunnels } = known(await reader.read(ACCOUNT_ID));
    expect(tunnels.find(({ name }) => name === 'd')).toMatchObject({ state: 'down', isIdle: true });
    expect(tunnels.find(({ name }) => name === 'a')).toEqual({ name: 'a', state: 'healthy', score: 1 });
  });

  it('leaves out a row that cannot be read, and no more', async () => {
    const tunnels = [
      row(null, { tunnelName: 'x' }),
      row(0, {}),
      row(0, { tunnelName: 7 }),
      row(1, { tunnelName: 'a' }),
    ];
    const { reader } = await startReader(() => ({ parts: { ...PRESENT, tunnels } }));
    expect(known(await reader.read(ACCOUNT_ID)).tunnels.map(({ name }) => name)).toEqual(['a']);
  });

  it('asks one bounded query whatever the account has, and says that it may be more', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => row(index / 10_000, { tunnelName: `t-${index}` }));
    const locations = many.slice(0, 5_000);
    const { reader, questions } = await startReader(() => ({ parts: { ...PRESENT, tunnels: many, locations } }));
    const health = known(await reader.read(ACCOUNT_ID));
    expect(health.tunnels).toHaveLength(10_000);
    expect(health.leftOut).toEqual(['tunnels', 'locations']);
    expect(questions).toHaveLength(1);
    const limits = [...(questions[0]?.query.matchAll(/limit: (\d+)/g) ?? [])].map(([, limit]) => Number(limit));
    expect(limits).toEqual([1, 10_000, 10_000, 5_000]);
  });
});

it('asks in Cloudflare’s own words: lower-case scalars, and what data centres with traffic see', async () => {
  const { reader, questions } = await startReader(() => ({ parts: PRESENT }));
  await reader.read(ACCOUNT_ID);
  expect(questions[0]?.query).toContain('($accountTag: string!, $newestStart: Time!, $start: Time!)');
  expect(questions[0]?.query).toContain('filter: { active: 1, datetime_geq: $start }');
  expect(questions[0]?.variables).toEqual({
    accountTag: ACCOUNT_ID,
    newestStart: '2026-11-30T02:05:00Z',
    start: '2026-11-30T02:15:00Z',
  });
});

describe('however many people look', () => {
  it('asks once a minute, counted from the start of the last query', async () => {
    const { reader, questions, clock } = await startReader(() => ({ parts: PRESENT }));
    await Promise.all(Array.from({ length: 50 }, () => reader.read(ACCOUNT_ID)));
    clock.now += MINUTE_MS - 1;
    await reader.read(ACCOUNT_ID);
    expect(questions).toHaveLength(1);
    clock.now += 1;
    await Promise.all(Array.from({ length: 50 }, () => reader.read(ACCOUNT_ID)));
    expect(questions).toHaveLength(2);
  });

  it('asks for each account on its own', async () => {
    const { reader, questions } = await startReader(() => ({ parts: PRESENT }));
    await Promise.all([reader.read(ACCOUNT_ID), reader.read(OTHER_ACCOUNT_ID)]);
    expect(questions.map(({ variables }) => variables.accountTag).toSorted()).toEqual([ACCOUNT_ID, OTHER_ACCOUNT_ID]);
  });

  it('asks again after the clock was set back', async () => {
    const { reader, questions, clock } = await startReader(() => ({ parts: PRESENT }));
    await reader.read(ACCOUNT_ID);
    clock.now -= HOUR_MS;
    await reader.read(ACCOUNT_ID);
    expect(questions).toHaveLength(3);
  });

  it('leaves Cloudflare alone for as long as it asks', async () => {
    const { reader, questions, clock } = await startReader(() => ({
      status: 429,
      headers: { 'retry-after': '300' },
      body: { data: null, errors: [{ message: 'slow down' }] },
    }));
    expect(await reader.read(ACCOUNT_ID)).toMatchObject({ kind: 'failed', reason: 'rate-limited' });
    clock.now += 299_000;
    await reader.read(ACCOUNT_ID);
    expect(questions).toHaveLength(1);
    clock.now += 1_000;
    await reader.read(ACCOUNT_ID);
    expect(questions).toHaveLength(2);
  });
});

const TIMEOUT = { message: 'unable to execute query, please try again later' };

describe('when it cannot be read', () => {
  const PERMISSION = { kind: 'not-permitted', permission: 'Account Analytics Read' };

  it.each<[string, Reply]>([
    ['403', { status: 403, body: { data: null, errors: [{ message: 'forbidden' }] } }],
    [
      '403 in the envelope',
      { status: 403, body: { success: false, errors: [{ code: 10000, message: 'Authentication error' }] } },
    ],
    ['the code for it', { body: { data: null, errors: [{ message: 'no', extensions: { code: 'authz' } }] } }],
    ['its words', { body: { data: null, errors: [{ message: 'not authorized for that account' }] } }],
    ['its words for a token', { body: { data: null, errors: [{ message: 'authorization denied' }] } }],
  ])('names the permission that is missing: %s', async (_what, reply) => {
    const { reader } = await startReader(() => reply);
    expect(await reader.read(ACCOUNT_ID)).toMatchObject(PERMISSION);
  });

  it.each<[string, Reply, object]>([
    [
      'errors, and data: null',
      { body: { data: null, errors: [TIMEOUT] } },
      { reason: 'refused', message: TIMEOUT.message },
    ],
    ['data: null alone', { body: { data: null, errors: null } }, { reason: 'refused' }],
    [
      'a token that is refused',
      { status: 401, body: { data: null, errors: [{ message: 'Unauthorized' }] } },
      { reason: 'refused', message: 'Unauthorized' },
    ],
    [
      'too many queries',
      { body: { data: null, errors: [{ message: 'too many queries in progress' }] } },
      { reason: 'rate-limited' },
    ],
    [
      'errors where the tunnels should be',
      { parts: { ...PRESENT, tunnels: null }, errors: [TIMEOUT] },
      { reason: 'refused' },
    ],
    [
      'an account that it does not have',
      { body: { data: { viewer: { accounts: [] } } } },
      { reason: 'unintelligible' },
    ],
    ['HTML', { status: 404, body: '<!doctype html>' }, { reason: 'unintelligible' }],
  ])('says why: %s', async (_what, reply, failure) => {
    const { reader } = await startReader(() => reply);
    const health = await reader.read(ACCOUNT_ID);
    expect(health).toMatchObject({ kind: 'failed', ...failure });
    expect(health).not.toHaveProperty('lastKnown');
  });

  it('gives up after the time limit of every call', async () => {
    const { reader } = await startReader(() => undefined, { timeoutMs: 50 });
    expect(await reader.read(ACCOUNT_ID)).toMatchObject({ kind: 'failed', reason: 'timed-out' });
  });

  it('goes on with what was known, with its age', async () => {
    const { reader, clock } = await startReader((_question, index) =>
      index === 0 ? { parts: PRESENT } : { body: { data: null, errors: [TIMEOUT] } },
    );
    const { kind: _, ...before } = known(await reader.read(ACCOUNT_ID));
    clock.now += MINUTE_MS;
    expect(await reader.read(ACCOUNT_ID)).toEqual({
      kind: 'failed',
      checkedAt: '2026-11-30T02:21:00.000Z',
      reason: 'refused',
      message: TIMEOUT.message,
      lastKnown: before,
    });
  });

  it('takes the tunnels that came beside errors, and says what is missing', async () => {
    const { reader } = await startReader(() => ({
      parts: { ...PRESENT, idle: null, locations: null },
      errors: [TIMEOUT],
    }));
    expect(await reader.read(ACCOUNT_ID)).toMatchObject({
      kind: 'known',
      tunnels: [{ name: 'b' }, { name: 'c' }, { name: 'a' }],
      leftOut: ['tunnels', 'locations'],
    });
  });

  it('repeats no token, and no more than a few lines of what Cloudflare says', async () => {
    const errors = [{ message: `token ${API_TOKEN} ${'x'.repeat(10_000)}` }];
    const { reader, logged } = await startReader(() => ({ body: { data: null, errors } }));
    const text = JSON.stringify(await reader.read(ACCOUNT_ID));
    expect(text).not.toContain(API_TOKEN);
    expect(text.length).toBeLessThan(600);
    expect(logged.join('')).not.toContain('xxx');
  });

  it('is logged once, and once when it is over', async () => {
    const { reader, clock, logged } = await startReader((_question, index) =>
      index < 3 ? { body: { data: null, errors: [TIMEOUT] } } : { parts: PRESENT },
    );
    for (let minute = 0; minute < 5; minute++) {
      await reader.read(ACCOUNT_ID);
      clock.now += MINUTE_MS;
    }
    expect(logged).toEqual([
      expect.stringContaining('The health of the tunnels cannot be read: refused'),
      expect.stringContaining('can be read again'),
    ]);
  });
});

describe('since when', () => {
  /** Minute by minute, with the score of the one tunnel; the past is what Cloudflare has of it. */
  async function observe(scores: readonly number[], past: Parts = {}) {
    let index = 0;
    const started = await startReader(({ query }) => ({
      parts: { ...scored(scores[index++] ?? 1), ...(query.includes('minutes:') ? past : {}) },
    }));
    const read = async () => {
      const [tunnel] = known(await started.reader.read(ACCOUNT_ID)).tunnels;
      started.clock.now += MINUTE_MS;
      return tunnel?.since;
    };
    return { ...started, read };
  }

  const minutes = (scores: readonly number[], end = START) =>
    bucketRows(scores, { end, ms: MINUTE_MS, dimension: 'datetimeMinute' }, { tunnelName: 'a', active: 1 });
  const hours = (scores: readonly number[]) =>
    bucketRows(
      scores,
      { end: Date.parse('2026-11-30T03:00:00Z'), ms: HOUR_MS, dimension: 'datetimeHour' },
      { tunnelName: 'a', active: 1 },
    );

  it('is when the desk saw it first, then what the measurements of the last hours show', async () => {
    const { read, questions } = await observe([1, 0, 0, 0], {
      minutes: minutes([1, 1, 1, 0, 0, 0]),
      hours: hours([1, 0.7]),
    });
    expect(await read()).toBeUndefined();
    expect(await read()).toEqual({ at: '2026-11-30T02:21:00.000Z', precision: 'at-least' });
    expect(await read()).toEqual({ at: '2026-11-30T02:17:00.000Z', precision: 'minute' });
    expect(await read()).toEqual({ at: '2026-11-30T02:17:00.000Z', precision: 'minute' });
    expect(questions.map(({ variables }) => variables.names)).toEqual([undefined, undefined, ['a'], undefined]);
    expect(questions[2]?.query).toContain('$names: [string!]!');
    expect(questions[2]?.variables).toMatchObject({
      minutesStart: '2026-11-29T23:21:00Z',
      hoursStart: '2026-11-23T03:00:00Z',
      hoursEnd: '2026-11-30T03:00:00Z',
    });
  });

  it('is the hour where it is longer ago than the minutes reach', async () => {
    const { read } = await observe([0, 0], {
      minutes: minutes(Array(180).fill(0)),
      hours: hours([1, 1, 0, 0, 0, 0, 0]),
    });
    await read();
    expect(await read()).toEqual({ at: '2026-11-29T22:00:00.000Z', precision: 'hour' });
  });

  it('is at least as long as all the measurements that there are', async () => {
    const { read } = await observe([0, 0], { minutes: minutes([0, 0, 0]), hours: hours([0, 0]) });
    await read();
    expect(await read()).toEqual({ at: '2026-11-30T01:00:00.000Z', precision: 'at-least' });
  });

  it('stays when the desk saw it where the measurements say nothing', async () => {
    const { read, questions } = await observe([0, 0, 0], { minutes: [], hours: [] });
    await read();
    expect(await read()).toEqual({ at: '2026-11-30T02:20:00.000Z', precision: 'at-least' });
    await read();
    expect(questions.map(({ variables }) => variables.names)).toEqual([undefined, ['a'], undefined]);
  });

  it('is looked for again where the past did not come', async () => {
    const { read, questions } = await observe([0, 0, 0], { minutes: null, hours: null });
    for (let minute = 0; minute < 3; minute++) await read();
    expect(questions.map(({ variables }) => variables.names)).toEqual([undefined, ['a'], ['a']]);
  });

  it('begins anew with every change, for the better too', async () => {
    const { read } = await observe([0, 1, 0.5]);
    await read();
    expect(await read()).toEqual({ at: '2026-11-30T02:21:00.000Z', precision: 'at-least' });
    expect(await read()).toEqual({ at: '2026-11-30T02:22:00.000Z', precision: 'at-least' });
  });

  it('goes by data centres with traffic, for as long as there were any', async () => {
    const idle = (scores: readonly number[]) =>
      minutes(scores).map(({ avg, dimensions }) => ({ avg, dimensions: { ...dimensions, active: 0 } }));
    const past = { minutes: [...minutes([1, 1, 0, 0]), ...idle([0, 0, 0, 1])], hours: hours([1, 0.9]) };
    const { read } = await observe([0, 0], past);
    await read();
    expect(await read()).toEqual({ at: '2026-11-30T02:18:00.000Z', precision: 'minute' });
  });

  it('is asked for of 25 tunnels at a time, the worst first', async () => {
    const many = Array.from({ length: 40 }, (_, index) => row(index % 2 === 0 ? 0 : 0.5, { tunnelName: `t-${index}` }));
    const { reader, questions, clock } = await startReader(() => ({
      parts: { ...PRESENT, tunnels: many, minutes: [], hours: [] },
    }));
    for (let minute = 0; minute < 4; minute++) {
      await reader.read(ACCOUNT_ID);
      clock.now += MINUTE_MS;
    }
    const asked = questions.map(({ variables: { names } }) => (Array.isArray(names) ? names : []));
    expect(asked.map(({ length }) => length)).toEqual([0, 25, 15, 0]);
    const down = (asked[1] ?? []).filter((name) => Number(name.slice(2)) % 2 === 0);
    expect(down).toHaveLength(20);
  });
});

describe('with a clock that is wrong, or measurements that come late', () => {
  /** A Cloudflare whose newest measurement is so far from the desk's clock, and that has nothing from before its start. */
  async function startSkewed(offMs: number, { headers = {} } = {}) {
    const newest = START + offMs - MINUTE_MS;
    return startReader(({ variables }) => {
      const has = (start: unknown) => Date.parse(String(start)) <= newest;
      const parts = {
        newest: has(variables.newestStart) ? [row(1, { datetimeMinute: new Date(newest).toISOString() })] : [],
        tunnels: has(variables.start) ? [row(1, { tunnelName: 'a' })] : [],
        idle: [],
        locations: [],
      };
      return { headers, body: { data: dataOf(parts), errors: null } };
    });
  }

  it.each([
    ['a desk that is 12 minutes ahead', -12 * MINUTE_MS],
    ['a desk that is 12 minutes behind', 12 * MINUTE_MS],
  ])('counts from the newest measurement: %s', async (_what, offMs) => {
    const { reader, questions, clock } = await startSkewed(offMs);
    expect(known(await reader.read(ACCOUNT_ID)).tunnels).toHaveLength(1);
    expect(questions).toHaveLength(2);
    expect(Date.parse(String(questions[1]?.variables.start))).toBe(START + offMs - 5 * MINUTE_MS);
    clock.now += MINUTE_MS;
    await reader.read(ACCOUNT_ID);
    expect(questions).toHaveLength(3);
  });

  it('goes by the date of the response where it finds none', async () => {
    const date = new Date(START - 3 * HOUR_MS).toUTCString();
    const { reader, questions } = await startSkewed(-3 * HOUR_MS, { headers: { date } });
    expect(known(await reader.read(ACCOUNT_ID)).tunnels).toHaveLength(1);
    expect(questions).toHaveLength(2);
  });

  it.each(['-100000-01-01T00:00:00Z', '+200000-01-01T00:00:00Z'])(
    'is not led astray by a newest measurement at %s',
    async (datetimeMinute) => {
      const { reader, questions, clock } = await startReader(() => ({
        parts: { ...PRESENT, newest: [row(1, { datetimeMinute })] },
      }));
      for (let minute = 0; minute < 2; minute++) {
        expect(known(await reader.read(ACCOUNT_ID)).tunnels).toHaveLength(3);
        clock.now += MINUTE_MS;
      }
      expect(questions[1]?.variables.start).toBe('2026-11-30T02:16:00Z');
    },
  );

  it('says that nothing was measured, and asks no more often for it', async () => {
    const headers = { date: new Date(START).toUTCString() };
    const { reader, questions } = await startSkewed(-3 * HOUR_MS, { headers });
    const health = known(await reader.read(ACCOUNT_ID));
    expect(health.tunnels).toEqual([]);
    expect(health).not.toHaveProperty('measuredAt');
    expect(questions).toHaveLength(1);
  });
});
