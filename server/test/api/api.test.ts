// What holds for every route of the API, because the plugins they stand in see to it.

import { ERRORS } from '@tunnel-desk/shared/api/errors';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ask, askApi, startDesk } from '../support/desk.ts';
import { startProxy } from '../support/proxy.ts';
import { rawRequest, sendRaw } from '../support/raw-http.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID } from '../support/samples.ts';

/** Every route below /api, with each method, for this account. */
function routesOf(app: FastifyInstance, accountId: string): { method: string; path: string }[] {
  const paths = new Set<string>();
  const parents: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods] = /^([│ ]*)[├└]── ([^ ]+)(?: \((.*)\))?$/.exec(line) ?? [];
    if (part === '') continue;
    const depth = indent.length / 4;
    parents.splice(depth, Number.POSITIVE_INFINITY, part);
    for (const method of methods?.split(', ') ?? []) paths.add(`${method} ${parents.join('')}`);
  }
  return [...paths]
    .map((each) => each.replace(':account_id', accountId).replace(':key', ACCOUNT_ID).split(' '))
    .map(([method = '', path = '']) => ({ method, path }))
    .filter(({ path }) => path.startsWith('/api/'));
}

describe('every route of the API', () => {
  it('is for those who are signed in, and kept out of every cache', async () => {
    const proxy = await startProxy();
    const desk = await startDesk(proxy.environment);
    const routes = routesOf(desk.app, ACCOUNT_ID);
    expect(routes).toContainEqual({ method: 'GET', path: '/api/session' });
    expect(routes).toContainEqual({ method: 'POST', path: `/api/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels` });
    for (const { method, path } of routes) {
      const { status, headers } = await ask(desk.origin + path, { method });
      expect({ path, status }).toEqual({ path, status: ERRORS.notSignedIn.status });
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('of an account is refused for one that is not served', async () => {
    const desk = await startDesk();
    const routes = routesOf(desk.app, OTHER_ACCOUNT_ID).filter(({ path }) => path.includes(OTHER_ACCOUNT_ID));
    expect(routes.length).toBeGreaterThan(0);
    for (const { method, path } of routes) {
      const { status } = await ask(desk.origin + path, { method });
      expect({ path, status }).toEqual({ path, status: ERRORS.accountNotAllowed.status });
    }
  });
});

describe('an unknown path of the API', () => {
  it.each(['/api', '/api/', '/api?a=1', '/api/unknown', '/%61pi/unknown', '/api/accounts/x/unknown'])(
    'is 404 for everybody, signed in or not, and never the app: %s',
    async (path) => {
      const proxy = await startProxy();
      const { status, envelope, headers } = await askApi((await startDesk(proxy.environment)).origin + path);
      expect({ status, code: envelope.errors[0]?.code }).toEqual({ status: 404, code: ERRORS.notFound.code });
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('is refused under a foreign host name before anything is said of it', async () => {
    const { origin } = await startDesk();
    const request = rawRequest('GET /api/unknown').toString().replace('Host: 127.0.0.1', 'Host: evil.example');
    expect(await sendRaw(origin, request)).toMatch(/^HTTP\/1\.1 421 /);
  });
});

it('does not take a path for the API’s that only begins like it', async () => {
  const { headers } = await ask(`${(await startDesk()).origin}/apiary`);
  expect(headers.get('cache-control')).not.toBe('no-store');
});
