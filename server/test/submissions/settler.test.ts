// What is found out in the background about creates whose outcome is not known, whatever is away in the meantime.

import { randomUUID } from 'node:crypto';
import { auditPageSchema } from '@tunnel-desk/shared/api/audit';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { submissionOutcomeSchema } from '@tunnel-desk/shared/api/submissions';
import { describe, expect, it } from 'vitest';
import type { InjectedFailure } from '../../src/sandbox/injected-failures.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { letPass, stopAllClocks } from '../support/clock.ts';
import { askApi, create, type Desk, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, SMALLEST_REQUEST } from '../support/samples.ts';
import { createIn, startSandboxUpstream, startStub, tunnelsIn } from '../support/upstream.ts';

const LOST: InjectedFailure = { kind: 'reset', handled: false };
const LOST_LATER: InjectedFailure = { kind: 'reset', handled: true };
const LISTS_FAIL: InjectedFailure = { kind: 'response', status: 403, body: 'no', handled: false };
const SETTLE_MS = 120_000;

async function startFailingSandbox(failures: { post?: InjectedFailure; get?: InjectedFailure }) {
  const sandbox = await startSandboxUpstream(({ method, headers }) => {
    if (headers['user-agent'] === 'the test') return undefined;
    return method === 'POST' ? failures.post : failures.get;
  });
  return { ...sandbox, failures, lists: () => sandbox.methods.filter((method) => method === 'GET').length };
}

function underKey(key: string) {
  return { headers: { 'idempotency-key': key } };
}

async function outcomeUnder(desk: Desk, key: string) {
  return submissionOutcomeSchema.parse((await askApi(`${desk.origin}/api/submissions/${key}`)).envelope.result);
}

async function resultsOf(desk: Desk) {
  const { entries } = auditPageSchema.parse((await askApi(`${desk.origin}/api/audit`)).envelope.result);
  return entries.map(({ outcome }) => outcome?.result);
}

/** Lets time pass, a little further each time it is asked, and gives what is recorded by then. */
function passing(desk: Desk, ms: number) {
  return async () => {
    letPass(ms);
    return resultsOf(desk);
  };
}

describe('without anybody asking', () => {
  it('records what was created as soon as it is found', async () => {
    stopAllClocks();
    const { baseUrl, failures } = await startFailingSandbox({ post: LOST_LATER, get: LISTS_FAIL });
    const desk = await startDesk(upstreamAt(baseUrl));
    await create(desk, SMALLEST_REQUEST);
    expect(await resultsOf(desk)).toEqual(['unknown']);
    delete failures.get;
    await expect.poll(passing(desk, 5000)).toEqual(['created']);
  });

  it('records that nothing was created after the settle time, and no sooner', async () => {
    stopAllClocks();
    const { baseUrl, lists } = await startFailingSandbox({ post: LOST });
    const desk = await startDesk(upstreamAt(baseUrl));
    await create(desk, SMALLEST_REQUEST);
    const listsBefore = lists();
    letPass(SETTLE_MS - 2000);
    await expect.poll(lists).toBeGreaterThan(listsBefore);
    expect(await resultsOf(desk)).toEqual(['unknown']);
    await expect.poll(passing(desk, 3000)).toEqual(['not-created']);
    const listsThen = lists();
    letPass(SETTLE_MS * 10);
    expect(await resultsOf(desk)).toEqual(['not-created']);
    expect(lists(), 'nothing is open, so nothing is looked for').toBe(listsThen);
  });

  it('lists once for all that is open in an account, whatever form their targets have', async () => {
    stopAllClocks();
    const { baseUrl, lists } = await startFailingSandbox({ post: LOST });
    const desk = await startDesk(upstreamAt(baseUrl));
    for (const [index, target] of ['true', 'false', 'true'].entries()) {
      const request = { ...SMALLEST_REQUEST, name: `b-${index}`, interface_address: `10.0.0.${2 * index}/31` };
      await create(desk, request, { headers: { 'x-magic-new-hc-target': target } });
    }
    const before = lists();
    letPass(SETTLE_MS);
    await expect.poll(() => resultsOf(desk)).toEqual(['not-created', 'not-created', 'not-created']);
    expect(lists()).toBe(before + 1);
  });

  it('goes on after Cloudflare was away for longer than the settle time', async () => {
    stopAllClocks();
    const { baseUrl, failures } = await startFailingSandbox({ post: LOST, get: LISTS_FAIL });
    const desk = await startDesk(upstreamAt(baseUrl));
    const key = randomUUID();
    await create(desk, SMALLEST_REQUEST, underKey(key));
    letPass(SETTLE_MS * 3);
    expect((await outcomeUnder(desk, key)).kind).toBe('unknown');
    delete failures.get;
    await expect.poll(passing(desk, 100_000)).toEqual(['not-created']);
  });
});

describe('of an earlier run', () => {
  it('goes on where that was told to stop, for what is left of the settle time', async () => {
    stopAllClocks();
    const { baseUrl } = await startFailingSandbox({ post: LOST });
    const environment = { ...upstreamAt(baseUrl), DATA_DIR: temporaryFolder() };
    const before = await startDesk(environment);
    const key = randomUUID();
    await create(before, SMALLEST_REQUEST, underKey(key));
    await before.app.close();
    letPass(SETTLE_MS / 2);
    const desk = await startDesk(environment);
    expect((await outcomeUnder(desk, key)).kind).toBe('unknown');
    letPass(SETTLE_MS / 2 - 2000);
    expect((await outcomeUnder(desk, key)).kind).toBe('unknown');
    await expect.poll(passing(desk, 3000)).toEqual(['not-created']);
  });

  it('never calls an account that is not served any more', async () => {
    const { baseUrl } = await startFailingSandbox({ post: LOST, get: LISTS_FAIL });
    const environment = { ...upstreamAt(baseUrl), DATA_DIR: temporaryFolder() };
    const before = await startDesk(environment);
    await create(before, SMALLEST_REQUEST);
    await before.app.close();
    const stub = await startStub((response) => response.end('{}'));
    const CLOUDFLARE_ACCOUNTS = `${OTHER_ACCOUNT_ID}=Other`;
    const desk = await startDesk({ ...environment, ...upstreamAt(stub.baseUrl), CLOUDFLARE_ACCOUNTS });
    await expect.poll(() => desk.logLines.join('')).toContain('not served any more');
    expect(stub.requests.filter(({ url }) => url?.includes(ACCOUNT_ID))).toEqual([]);
  });

  it('is read as soon as the database can be', async () => {
    stopAllClocks();
    const { baseUrl } = await startFailingSandbox({ post: LOST });
    const DATA_DIR = temporaryFolder();
    const before = await startDesk({ ...upstreamAt(baseUrl), DATA_DIR });
    await create(before, SMALLEST_REQUEST);
    await before.app.close();
    const storage = openStorage(DATA_DIR);
    let isAway = true;
    const unsettled = () => (isAway ? Promise.reject(new Error('away')) : storage.journal.unsettled());
    const journal = { ...storage.journal, unsettled };
    const desk = await startDesk(upstreamAt(baseUrl), { storage: { ...storage, journal } });
    letPass(SETTLE_MS);
    await expect.poll(() => desk.logLines.join('')).toContain('cannot be read');
    isAway = false;
    await expect.poll(passing(desk, 5000)).toEqual(['not-created']);
  });
});

describe('an outcome that cannot be written down', () => {
  it.each<[InjectedFailure | undefined, string]>([
    [undefined, 'created'],
    [LOST_LATER, 'created'],
    [LOST, 'not-created'],
    [{ kind: 'response', status: 429, body: 'slow down', handled: false }, 'refused'],
  ])('is written down as soon as that is possible: after %j, %s', async (post, result) => {
    stopAllClocks();
    const { baseUrl } = await startFailingSandbox({ ...(post && { post }) });
    const storage = openStorage(temporaryFolder());
    let isFull = true;
    const full = () => Promise.reject(new Error('the disk is full'));
    const { journal } = storage;
    const desk = await startDesk(upstreamAt(baseUrl), {
      storage: {
        ...storage,
        journal: {
          ...journal,
          finish: (id, outcome) => (isFull ? full() : journal.finish(id, outcome)),
          claim: (id, outcome) => (isFull ? full() : journal.claim(id, outcome)),
        },
      },
    });
    await create(desk, SMALLEST_REQUEST, underKey(randomUUID()));
    letPass(SETTLE_MS);
    expect(await resultsOf(desk)).toEqual([undefined]);
    isFull = false;
    await expect.poll(passing(desk, 60_000)).toEqual([result]);
  });
});

describe('a create that is refused while an earlier one of the same tunnel is open', () => {
  it('says that the earlier one made it, and settles that one first', async () => {
    const { baseUrl, failures } = await startFailingSandbox({ post: LOST_LATER, get: LISTS_FAIL });
    const desk = await startDesk(upstreamAt(baseUrl));
    const [first, second] = [randomUUID(), randomUUID()];
    await create(desk, SMALLEST_REQUEST, underKey(first));
    delete failures.post;
    delete failures.get;
    const { status, envelope } = await create(desk, SMALLEST_REQUEST, underKey(second));
    const [tunnel] = await tunnelsIn({ baseUrl });
    expect(status).toBe(400);
    expect(envelope.errors.at(-1)).toMatchObject({
      code: ERRORS.earlierCreate.code,
      message: expect.stringContaining(`has made it: its ID is ${tunnel?.id}`),
    });
    expect(await resultsOf(desk)).toEqual(['refused', 'created']);
  });

  it('says that the earlier one may have made it, where that is still not known', async () => {
    const { baseUrl, failures } = await startFailingSandbox({ post: LOST_LATER, get: LISTS_FAIL });
    const desk = await startDesk(upstreamAt(baseUrl));
    await create(desk, SMALLEST_REQUEST);
    delete failures.post;
    const { envelope } = await create(desk, SMALLEST_REQUEST);
    expect(envelope.errors.at(-1)?.message).toContain('may have made it');
    const other = await create(desk, { ...SMALLEST_REQUEST, name: 'other' });
    expect(other.envelope.errors.map(({ code }) => code)).not.toContain(ERRORS.earlierCreate.code);
  });
});

it('one tunnel is that of one create only: an older one without a known outcome does not get it', async () => {
  stopAllClocks();
  const { baseUrl, failures } = await startFailingSandbox({ post: LOST });
  const desk = await startDesk(upstreamAt(baseUrl));
  const [older, newer] = [randomUUID(), randomUUID()];
  await create(desk, SMALLEST_REQUEST, underKey(older));
  delete failures.post;
  expect((await create(desk, SMALLEST_REQUEST, underKey(newer))).status).toBe(200);
  expect((await outcomeUnder(desk, older)).kind).toBe('unknown');
  letPass(SETTLE_MS);
  await expect.poll(() => resultsOf(desk)).toEqual(['created', 'not-created']);
});

describe('a desk that is told to stop', () => {
  it('tells whoever waits for Cloudflare that the outcome is not known yet, in time, and records that', async () => {
    stopAllClocks();
    const reached = Promise.withResolvers<void>();
    const { baseUrl } = await startSandboxUpstream(({ method }) => {
      if (method !== 'POST') return undefined;
      reached.resolve();
      return { kind: 'hold', until: new Promise(() => undefined) };
    });
    const environment = { ...upstreamAt(baseUrl), DATA_DIR: temporaryFolder(), SHUTDOWN_GRACE_MS: '5000' };
    const desk = await startDesk(environment);
    const answer = create(desk, SMALLEST_REQUEST);
    await reached.promise;
    const closed = desk.app.close();
    await expect
      .poll(async () => {
        letPass(1000);
        return Promise.race([answer, undefined]);
      })
      .toBeDefined();
    const { status, envelope } = await answer;
    expect(status).toBe(502);
    expect(envelope.errors.map(({ code }) => code)).toEqual([ERRORS.outcomeUnknown.code, ERRORS.interrupted.code]);
    await closed;
    const next = await startDesk(environment);
    expect(await resultsOf(next)).toEqual(['unknown']);
    letPass(SETTLE_MS);
    await expect.poll(passing(next, 5000)).toEqual(['not-created']);
  });

  it('does not wait for a second look', async () => {
    const looked = Promise.withResolvers<void>();
    const { baseUrl } = await startSandboxUpstream(({ method }) => {
      if (method === 'GET') looked.resolve();
      return method === 'POST' ? LOST : undefined;
    });
    stopAllClocks();
    const desk = await startDesk(upstreamAt(baseUrl));
    const answer = create(desk, SMALLEST_REQUEST);
    await looked.promise;
    await desk.app.close();
    expect((await answer).envelope.errors[0]?.code).toBe(ERRORS.outcomeUnknown.code);
  });
});

describe('a change of a tunnel that exists', () => {
  const DELETE = { method: 'DELETE' };

  async function startWithTunnel(failures: { change?: InjectedFailure; get?: InjectedFailure }) {
    stopAllClocks();
    const sandbox = await startSandboxUpstream(({ method, headers }) => {
      if (headers['user-agent'] === 'the test' || method === 'POST') return undefined;
      return method === 'GET' ? failures.get : failures.change;
    });
    const { id } = await createIn(sandbox, SMALLEST_REQUEST);
    const environment = { ...upstreamAt(sandbox.baseUrl), DATA_DIR: temporaryFolder() };
    return { id, environment, failures };
  }

  it('is found out as soon as it can be looked at', async () => {
    const { id, environment, failures } = await startWithTunnel({ change: LOST_LATER });
    const desk = await startDesk(environment);
    const reading = await askApi(`${desk.tunnels}/${id}`);
    expect(reading.status).toBe(200);
    const deleting = askApi(`${desk.tunnels}/${id}`, DELETE);
    await deleting;
    expect(await resultsOf(desk)).toEqual(['deleted']);
    expect(failures.get).toBeUndefined();
  });

  it('was not made once the settle time is over, and no sooner', async () => {
    const { id, environment } = await startWithTunnel({ change: LOST });
    const desk = await startDesk(environment);
    const { envelope } = await askApi(`${desk.tunnels}/${id}`, DELETE);
    expect(envelope.errors[0]?.message).toMatch(/the tunnel was still there as of .*keeps looking until /);
    letPass(SETTLE_MS - 2000);
    expect(await resultsOf(desk)).toEqual(['unknown']);
    await expect.poll(passing(desk, 3000)).toEqual(['not-deleted']);
  });

  it('is followed after a restart', async () => {
    const { id, environment, failures } = await startWithTunnel({ change: LOST });
    const before = await startDesk(environment);
    await askApi(`${before.tunnels}/${id}`, DELETE);
    await before.app.close();
    delete failures.change;
    const desk = await startDesk(environment);
    await expect.poll(passing(desk, 5000)).toEqual(['not-deleted']);
  });

  it('stays unknown where somebody has changed the tunnel since, and is looked at no longer', async () => {
    const { id, environment, failures } = await startWithTunnel({ change: LOST });
    const desk = await startDesk(environment);
    const put = (description: string, key: string) =>
      askApi(`${desk.tunnels}/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ ...SMALLEST_REQUEST, description }),
      });
    const key = randomUUID();
    await put('lost', key);
    delete failures.change;
    expect((await put('by somebody else', randomUUID())).status).toBe(200);
    letPass(SETTLE_MS * 2);
    await expect
      .poll(() => outcomeUnder(desk, key))
      .toMatchObject({ kind: 'unknown', found: expect.stringContaining('its description is not what was sent') });
    expect(await resultsOf(desk)).toEqual(['updated', 'unknown']);
  });
});
