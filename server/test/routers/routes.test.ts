// What is entered about the routers of tunnels, kept and read over real sockets.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, routerSettingsPath, tunnelRouterSettingsPath } from '@tunnel-desk/shared/api/paths';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStorage } from '../../src/storage/storage.ts';
import { ask, askApi, type Desk, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, ROUTER_SETTINGS, TUNNEL } from '../support/samples.ts';
import { startSandboxUpstream } from '../support/upstream.ts';

const BOTH_ACCOUNTS = { CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office,${OTHER_ACCOUNT_ID}=Branches` };
const SMALLEST_SETTINGS = {
  kind: 'pfsense',
  isBehindNat: false,
  lanPrefixes: [],
  routing: 'bgp',
  remotePrefixes: [],
  proposals: 'compatible',
} as const;

interface Place {
  readonly accountId?: string;
  readonly tunnelId?: string;
  /** With its question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body that is already text is sent as it is. */
function keep(
  { origin }: Desk,
  body: unknown,
  { accountId = ACCOUNT_ID, tunnelId = TUNNEL.id, query = '', headers = {} }: Place = {},
) {
  return askApi(origin + API_PREFIX + tunnelRouterSettingsPath(accountId, tunnelId) + query, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function read({ origin }: Desk, { accountId = ACCOUNT_ID, headers = {} }: Place = {}) {
  return askApi(origin + API_PREFIX + routerSettingsPath(accountId), { headers });
}

async function kept(desk: Desk, place?: Place): Promise<unknown> {
  return (await read(desk, place)).envelope.result;
}

describe('what is entered about a router', () => {
  it('is none at first', async () => {
    const { status, headers, text } = await read(await startDesk());
    expect({ status, cache: headers.get('cache-control') }).toEqual({ status: 200, cache: 'no-store' });
    expect(JSON.parse(text)).toEqual(successEnvelope([]));
  });

  it.each([ROUTER_SETTINGS, SMALLEST_SETTINGS])('is kept and read as it was entered: $kind', async (settings) => {
    const desk = await startDesk();
    const { status, text } = await keep(desk, settings);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual(successEnvelope({ tunnelId: TUNNEL.id, settings }));
    expect(JSON.parse((await read(desk)).text)).toEqual(successEnvelope([{ tunnelId: TUNNEL.id, settings }]));
  });

  it('replaces what was entered before for the same tunnel, and nothing else', async () => {
    const desk = await startDesk();
    const another = 'd'.repeat(32);
    await keep(desk, ROUTER_SETTINGS);
    await keep(desk, ROUTER_SETTINGS, { tunnelId: another });
    await keep(desk, SMALLEST_SETTINGS);
    expect(await kept(desk)).toEqual([
      { tunnelId: TUNNEL.id, settings: SMALLEST_SETTINGS },
      { tunnelId: another, settings: ROUTER_SETTINGS },
    ]);
  });

  it('is there after a restart', async () => {
    const DATA_DIR = temporaryFolder();
    const before = await startDesk({ DATA_DIR });
    await keep(before, ROUTER_SETTINGS);
    await before.app.close();
    expect(await kept(await startDesk({ DATA_DIR }))).toEqual([{ tunnelId: TUNNEL.id, settings: ROUTER_SETTINGS }]);
  });

  it('never reaches Cloudflare, the audit trail or the log', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl));
    await keep(desk, ROUTER_SETTINGS);
    await keep(desk, { ...ROUTER_SETTINGS, uplink: 'eth0 # 192.168.1.2' });
    await read(desk);
    expect(methods).toEqual([]);
    expect((await askApi(`${desk.origin}/api/audit`)).envelope.result).toMatchObject({ entries: [] });
    await expect.poll(() => desk.logLines.join('')).toContain(TUNNEL.id);
    expect(desk.logLines.join('')).not.toContain(ROUTER_SETTINGS.localAddress);
  });

  it('is read whole where there is more of it than is read at a time', async () => {
    const storage = openStorage(temporaryFolder());
    onTestFinished(() => storage.close());
    const ids = Array.from({ length: 1_234 }, (_, index) => index.toString(16).padStart(32, '0'));
    await Promise.all(
      ids.map((tunnelId) => storage.routerSettings.keep(ACCOUNT_ID, { tunnelId, settings: ROUTER_SETTINGS }, 'u-ann')),
    );
    expect(await kept(await startDesk({}, { storage }))).toEqual(
      ids.map((tunnelId) => ({ tunnelId, settings: ROUTER_SETTINGS })),
    );
  });
});

describe('a body that is not what a person may enter', () => {
  it.each<[why: string, body: unknown, pointers: readonly string[]]>([
    ['a key has no place in it', { ...ROUTER_SETTINGS, psk: 'hunter2' }, ['/psk']],
    ['a kind that the desk does not know', { ...ROUTER_SETTINGS, kind: 'toaster' }, ['/kind']],
    ['an uplink that would begin a comment', { ...ROUTER_SETTINGS, uplink: 'eth0 #' }, ['/uplink']],
    ['an address of IPv6', { ...ROUTER_SETTINGS, localAddress: 'fe80::1' }, ['/localAddress']],
    ['a prefix with host bits', { ...ROUTER_SETTINGS, lanPrefixes: ['10.0.0.0/8', '10.0.0.1/8'] }, ['/lanPrefixes/1']],
    [
      'more prefixes than a person enters',
      { ...ROUTER_SETTINGS, lanPrefixes: new Array<string>(101).fill('10.0.0.0/8') },
      ['/lanPrefixes'],
    ],
    ['the tunnel itself as the other one', { ...ROUTER_SETTINGS, pairedWith: TUNNEL.id }, ['/pairedWith']],
    ['another tunnel that has no ID', { ...ROUTER_SETTINGS, pairedWith: '../x' }, ['/pairedWith']],
    [
      'two values are missing',
      { ...SMALLEST_SETTINGS, routing: undefined, isBehindNat: undefined },
      ['/isBehindNat', '/routing'],
    ],
    ['no object', [], ['']],
    ['nothing', null, ['']],
  ])('is refused with the place of each issue: %s', async (_why, body, pointers) => {
    const desk = await startDesk();
    const { status, envelope } = await keep(desk, body);
    expect(status).toBe(ERRORS.invalidBody.status);
    expect(envelope.errors.map(({ code, source }) => [code, source?.pointer])).toEqual(
      pointers.map((pointer) => [ERRORS.invalidBody.code, pointer]),
    );
    expect(await kept(desk)).toEqual([]);
  });

  it.each([
    ['it is no JSON', '{"kind":', ERRORS.malformedJson],
    ['it is empty', '', ERRORS.malformedJson],
    ['it is longer than 64 KiB', `{"kind":"${'x'.repeat(70_000)}"}`, ERRORS.bodyTooLarge],
    ['it sets a prototype', '{"__proto__":{"kind":"linux"}}', ERRORS.malformedJson],
  ])('is refused: %s', async (_why, body, { status, code }) => {
    const desk = await startDesk();
    const answer = await keep(desk, body);
    expect(answer.status).toBe(status);
    expect(answer.envelope.errors).toMatchObject([{ code }]);
    expect(await kept(desk)).toEqual([]);
  });
});

describe('a call', () => {
  it.each<[what: string, place: Place, error: { readonly status: number; readonly code: number }]>([
    ['about an ID that no tunnel has', { tunnelId: 'none' }, ERRORS.invalidTunnelId],
    ['about an ID in capitals', { tunnelId: TUNNEL.id.toUpperCase() }, ERRORS.invalidTunnelId],
    ['in an account that the desk does not serve', { accountId: OTHER_ACCOUNT_ID }, ERRORS.accountNotAllowed],
    ['in no account', { accountId: 'none' }, ERRORS.invalidAccountId],
    ['with validate_only, which would keep it all the same', { query: '?validate_only=true' }, ERRORS.invalidQuery],
    ['with any other query parameter', { query: '?x' }, ERRORS.invalidQuery],
    ['from another site', { headers: { origin: 'https://evil.example' } }, ERRORS.foreignOrigin],
  ])('is refused %s', async (_what, place, { status, code }) => {
    const desk = await startDesk();
    const answer = await keep(desk, ROUTER_SETTINGS, place);
    expect(answer.status).toBe(status);
    expect(answer.envelope.errors).toMatchObject([{ code }]);
    expect(await kept(desk)).toEqual([]);
  });

  it.each([
    ['of all', routerSettingsPath(ACCOUNT_ID), ['POST', 'PUT', 'PATCH', 'DELETE'], 'GET, HEAD'],
    ['of one tunnel', tunnelRouterSettingsPath(ACCOUNT_ID, TUNNEL.id), ['GET', 'POST', 'PATCH', 'DELETE'], 'PUT'],
  ])('by another method says which there are: %s', async (_what, path, methods, allow) => {
    const { origin } = await startDesk();
    for (const method of methods) {
      const { status, headers, envelope } = await askApi(origin + API_PREFIX + path, { method, headers: { origin } });
      expect({ status, allow: headers.get('allow') }, method).toEqual({ status: 405, allow });
      expect(envelope.errors).toMatchObject([{ code: ERRORS.methodNotAllowed.code }]);
    }
  });

  it('by HEAD has the head of the list', async () => {
    const { origin } = await startDesk();
    const { status, text } = await ask(origin + API_PREFIX + routerSettingsPath(ACCOUNT_ID), { method: 'HEAD' });
    expect({ status, text }).toEqual({ status: 200, text: '' });
  });
});

describe('by role', () => {
  async function startWithRoles() {
    const proxy = await startProxy();
    const desk = await startDesk({ ...BOTH_ACCOUNTS, ...proxy.environment });
    const as = async (...groups: string[]) => ({ headers: { [HEADER]: await proxy.sign({ groups }) } });
    return { desk, as };
  }

  it('a viewer reads it and enters nothing, by validate_only neither', async () => {
    const { desk, as } = await startWithRoles();
    const viewer = await as('readers');
    await keep(desk, ROUTER_SETTINGS, await as('net-ops'));
    const refused = await keep(desk, SMALLEST_SETTINGS, viewer);
    expect(refused.status).toBe(403);
    expect(refused.envelope.errors).toMatchObject([{ code: ERRORS.notPermitted.code }]);
    expect((await keep(desk, SMALLEST_SETTINGS, { ...viewer, query: '?validate_only=true' })).status).toBe(400);
    expect(await kept(desk, viewer)).toEqual([{ tunnelId: TUNNEL.id, settings: ROUTER_SETTINGS }]);
  });

  it('nobody without one sees it, signed in or not', async () => {
    const { desk, as } = await startWithRoles();
    expect((await read(desk, await as('canteen'))).status).toBe(403);
    expect((await read(desk)).status).toBe(401);
    expect((await keep(desk, ROUTER_SETTINGS)).status).toBe(401);
  });

  it('what is entered in one account is not seen or changed from another', async () => {
    const { desk, as } = await startWithRoles();
    const everywhere = await as('net-ops');
    const elsewhere = { accountId: OTHER_ACCOUNT_ID };
    await keep(desk, SMALLEST_SETTINGS, { ...everywhere, ...elsewhere });
    await keep(desk, ROUTER_SETTINGS, everywhere);
    expect(await kept(desk, everywhere)).toEqual([{ tunnelId: TUNNEL.id, settings: ROUTER_SETTINGS }]);
    expect(await kept(desk, { ...everywhere, ...elsewhere })).toEqual([
      { tunnelId: TUNNEL.id, settings: SMALLEST_SETTINGS },
    ]);
    const headOffice = await as('head-office-ops');
    expect((await read(desk, { ...headOffice, ...elsewhere })).status).toBe(403);
    expect((await keep(desk, ROUTER_SETTINGS, { ...headOffice, ...elsewhere })).status).toBe(403);
    expect((await keep(desk, ROUTER_SETTINGS, headOffice)).status).toBe(200);
  });
});

it('says so where the database is not there', async () => {
  const storage = openStorage(temporaryFolder());
  await storage.opened;
  const desk = await startDesk({}, { storage });
  await storage.close();
  for (const { status, envelope } of [await read(desk), await keep(desk, ROUTER_SETTINGS)]) {
    expect(status).toBe(ERRORS.auditUnavailable.status);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.auditUnavailable.code }]);
  }
});
