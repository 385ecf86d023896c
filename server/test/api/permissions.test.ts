import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { expect, it } from 'vitest';
import { ask, askApi, type Desk, startDesk, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, SMALLEST_REQUEST } from '../support/samples.ts';
import { startSandboxUpstream } from '../support/upstream.ts';

async function startWithRoles(environment: NodeJS.ProcessEnv = {}) {
  const proxy = await startProxy();
  const desk = await startDesk({
    CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office,${OTHER_ACCOUNT_ID}=Branches`,
    ...proxy.environment,
    ...environment,
  });
  const as = async (...groups: string[]) => ({ [HEADER]: await proxy.sign({ groups }) });
  return { proxy, desk, as };
}

function post(desk: Desk, headers: Record<string, string>, query = '', accountId = ACCOUNT_ID) {
  return askApi(desk.tunnels.replace(ACCOUNT_ID, accountId) + query, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(SMALLEST_REQUEST),
  });
}

it('lets a viewer list and validate, and nothing else reaches Cloudflare', async () => {
  const { baseUrl, methods } = await startSandboxUpstream();
  const { desk, as } = await startWithRoles({ ...upstreamAt(baseUrl) });
  const viewer = await as('readers');
  expect((await askApi(desk.tunnels, { headers: viewer })).status).toBe(200);
  expect((await post(desk, viewer, '?validate_only=true')).status).toBe(200);
  methods.length = 0;
  for (const query of ['', '?validate_only=false', '?validate_only=TRUE', '?validate_only=true&validate_only=true']) {
    const { status, envelope } = await post(desk, viewer, query);
    expect(status, query).toBe(403);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.notPermitted.code }]);
  }
  expect(methods).toEqual([]);
});

it('lets an operator create', async () => {
  const { desk, as } = await startWithRoles();
  expect((await post(desk, await as('net-ops'))).status).toBe(200);
});

it('keeps a role for one account to that account', async () => {
  const { desk, as } = await startWithRoles();
  const headers = await as('head-office-ops');
  expect((await post(desk, headers)).status).toBe(200);
  expect((await post(desk, headers, '?validate_only=true', OTHER_ACCOUNT_ID)).status).toBe(403);
  expect((await askApi(desk.tunnels.replace(ACCOUNT_ID, OTHER_ACCOUNT_ID), { headers })).status).toBe(403);
});

it('has nothing for somebody without a role', async () => {
  const { desk, as } = await startWithRoles();
  const headers = await as('canteen');
  for (const answer of [
    await askApi(`${desk.origin}/api/session`, { headers }),
    await askApi(desk.tunnels, { headers }),
    await post(desk, headers, '?validate_only=true'),
  ]) {
    expect(answer.status).toBe(403);
    expect(answer.envelope.errors).toMatchObject([{ code: ERRORS.notPermitted.code }]);
  }
});

it('tells the page who is there, and in which accounts they may create', async () => {
  const { desk, as } = await startWithRoles();
  const sessionOf = async (...groups: string[]) =>
    (await askApi(`${desk.origin}/api/session`, { headers: await as(...groups) })).envelope.result;
  expect(await sessionOf('readers', 'head-office-ops')).toMatchObject({
    person: { name: 'Ann' },
    accounts: [
      { id: ACCOUNT_ID, mayChange: true },
      { id: OTHER_ACCOUNT_ID, mayChange: false },
    ],
  });
  expect(await sessionOf('head-office-ops')).toMatchObject({ accounts: [{ id: ACCOUNT_ID }] });
});

it('asks for a sign-in however the path is spelled', async () => {
  const { desk } = await startWithRoles();
  for (const path of ['/api/session', '/%61pi/session', '/api/session?x=1', '/api/%73ession']) {
    expect((await ask(desk.origin + path)).status, path).toBe(401);
    expect((await ask(desk.origin + path, { method: 'HEAD' })).status, path).toBe(401);
  }
});

it('lets no cache keep what it answers a person', async () => {
  const { desk, as } = await startWithRoles();
  for (const headers of [{}, await as('net-ops')]) {
    expect((await askApi(`${desk.origin}/api/session`, { headers })).headers.get('cache-control')).toBe('no-store');
  }
});

it('leaves the page and the health check to everybody', async () => {
  const { desk } = await startWithRoles();
  expect((await askApi(`${desk.origin}/healthz`)).status).toBe(200);
});

it('logs who asked, and never the token', async () => {
  const { desk, as } = await startWithRoles();
  const headers = await as('net-ops');
  await post(desk, headers);
  await expect.poll(() => desk.logLines.join('')).toContain('"person":"u-ann"');
  expect(desk.logLines.join('')).not.toContain(headers[HEADER]);
});
