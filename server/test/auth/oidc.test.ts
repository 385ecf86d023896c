import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { create, startDesk } from '../support/desk.ts';
import { CLIENT_SECRET, SESSION_SECRET } from '../support/identity-provider.ts';
import { openBrowser, PUBLIC_URL, startOpenIdProvider } from '../support/openid-provider.ts';
import { SMALLEST_REQUEST } from '../support/samples.ts';
import { startStub } from '../support/upstream.ts';

const SESSION_COOKIE = '__Host-tunnel-desk-session';
const SIGN_IN_COOKIE = '__Host-tunnel-desk-sign-in';

async function startWithSignIn(environment: NodeJS.ProcessEnv = {}) {
  const provider = await startOpenIdProvider();
  const desk = await startDesk({ ...provider.environment, ...environment });
  return { provider, desk, browser: openBrowser(desk.origin) };
}

type Browser = ReturnType<typeof openBrowser>;

async function sessionOf(browser: Browser) {
  const { status, text } = await browser.request(`${PUBLIC_URL}/api/session`);
  const { result, errors } = envelopeSchema.parse(JSON.parse(text));
  return { status, result, errors };
}

/** Goes as far as the provider's answer, and does not deliver it. */
async function answerFor(browser: Browser, login: string): Promise<URL> {
  const isAnswer = (next: string) => next.startsWith(`${PUBLIC_URL}/auth/callback`);
  return new URL((await browser.signIn(login, '/', isAnswer)).url);
}

/** What a browser sends for the form of the desk's own page. */
function signOut(browser: Browser, headers: Record<string, string> = {}) {
  return browser.request(`${PUBLIC_URL}/auth/sign-out`, {
    method: 'POST',
    headers: {
      host: 'desk.example.com',
      origin: 'null',
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  });
}

function endingOf(url: string | null): string | null {
  return new URL(url ?? '', PUBLIC_URL).searchParams.get('ending');
}

describe('signing in', () => {
  it('ends on the page one came from, with the role that the provider tells', async () => {
    const { browser, desk } = await startWithSignIn();
    expect((await sessionOf(browser)).status).toBe(401);
    const page = await browser.signIn('ann.net-ops', '/tunnels/new?x=1');
    expect(page.url).toBe(`${PUBLIC_URL}/tunnels/new?x=1`);
    expect(await sessionOf(browser)).toMatchObject({
      status: 200,
      result: { person: { name: 'ann', signOutPath: '/auth/sign-out' }, accounts: [{ mayChange: true }] },
    });
    const cookie = `${SESSION_COOKIE}=${browser.cookies().get(SESSION_COOKIE)}`;
    expect((await create(desk, SMALLEST_REQUEST, { headers: { cookie } })).status).toBe(200);
    const log = desk.logLines.join('');
    expect(log).toContain('"person":"ann.net-ops"');
    for (const secret of [CLIENT_SECRET, SESSION_SECRET, browser.cookies().get(SESSION_COOKIE)]) {
      expect(log).not.toContain(secret);
    }
  });

  it('lets a viewer validate only, and somebody without a role do nothing', async () => {
    const { browser, desk } = await startWithSignIn();
    await browser.signIn('vera.readers');
    expect((await sessionOf(browser)).result).toMatchObject({ accounts: [{ mayChange: false }] });
    const cookie = `${SESSION_COOKIE}=${browser.cookies().get(SESSION_COOKIE)}`;
    expect((await create(desk, SMALLEST_REQUEST, { headers: { cookie } })).status).toBe(403);
    const withoutRole = openBrowser(desk.origin);
    await withoutRole.signIn('sam.canteen');
    expect(await sessionOf(withoutRole)).toMatchObject({ status: 403, errors: [{ code: ERRORS.notPermitted.code }] });
  });

  it('asks the provider with PKCE, state and nonce', async () => {
    const { browser, provider } = await startWithSignIn();
    const { headers, status } = await browser.request(`${PUBLIC_URL}/auth/sign-in`);
    expect(status).toBe(303);
    const url = new URL(headers.get('location') ?? '');
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'desk',
      response_type: 'code',
      redirect_uri: `${PUBLIC_URL}/auth/callback`,
      scope: 'openid profile email',
      state: expect.stringMatching(/^.{43}$/),
      nonce: expect.stringMatching(/^.{43}$/),
      code_challenge: expect.stringMatching(/^.{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('never redirects to another site', async () => {
    const { browser } = await startWithSignIn();
    for (const path of ['https://evil.example/', '//evil.example', '/\\evil.example', '/.//evil.example']) {
      expect((await browser.signIn('ann.net-ops', path)).url, path).toBe(`${PUBLIC_URL}/`);
    }
  });

  it('believes no proxy where the desk is', async () => {
    const { browser } = await startWithSignIn({ TRUST_PROXY: 'loopback' });
    const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const asked = await browser.request(`${PUBLIC_URL}/auth/sign-in?return_to=/tunnels/new`, { headers: forwarded });
    const url = new URL(asked.headers.get('location') ?? '');
    expect(url.searchParams.get('redirect_uri')).toBe(`${PUBLIC_URL}/auth/callback`);
    const signedOut = await signOut(browser, forwarded);
    expect(signedOut.headers.get('refresh')).toContain('desk.example.com');
    expect(signedOut.headers.get('refresh')).not.toContain('evil.example');
  });

  it('works for any replica that has the same secret', async () => {
    const { browser, provider } = await startWithSignIn();
    await browser.signIn('ann.net-ops');
    const replica = await startDesk(provider.environment);
    const cookie = `${SESSION_COOKIE}=${browser.cookies().get(SESSION_COOKIE)}`;
    expect((await fetch(`${replica.origin}/api/session`, { headers: { cookie } })).status).toBe(200);
    const otherDesk = await startDesk({ ...provider.environment, SESSION_SECRET: SESSION_SECRET.toUpperCase() });
    expect((await fetch(`${otherDesk.origin}/api/session`, { headers: { cookie } })).status).toBe(401);
  });
});

describe('its cookies', () => {
  it('stay with this host, out of scripts, and in TLS', async () => {
    const { browser } = await startWithSignIn();
    const asked = await browser.request(`${PUBLIC_URL}/auth/sign-in`);
    const callback = await answerFor(browser, 'ann.net-ops');
    const answered = await browser.request(callback.href);
    const lines = [...asked.headers.getSetCookie(), ...answered.headers.getSetCookie()];
    const names = lines.map((line) => line.split('=', 1)[0]);
    expect(names.sort()).toEqual([SESSION_COOKIE, SIGN_IN_COOKIE, SIGN_IN_COOKIE]);
    for (const line of lines) {
      expect(line).toMatch(/; Path=\/(;|$)/);
      expect(line).toContain('; HttpOnly');
      expect(line).toContain('; Secure');
      expect(line).toContain('; SameSite=Lax');
      expect(line).not.toContain('Domain');
    }
  });

  it('die at expiry, wherever a copy went', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { browser } = await startWithSignIn({ SESSION_TTL_MINUTES: '30' });
    await browser.signIn('ann.net-ops');
    vi.setSystemTime(Date.now() + 29 * 60_000);
    expect((await sessionOf(browser)).status).toBe(200);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    // The test's browser drops no cookie by itself: what it sends is what a thief would.
    expect(browser.cookies().has(SESSION_COOKIE)).toBe(true);
    expect((await sessionOf(browser)).status).toBe(401);
  });

  it('cannot be changed, made up, or passed off as one another', async () => {
    const { browser } = await startWithSignIn();
    await browser.request(`${PUBLIC_URL}/auth/sign-in`);
    const signInCookie = browser.cookies().get(SIGN_IN_COOKIE) ?? '';
    await browser.signIn('ann.net-ops');
    const good = browser.cookies().get(SESSION_COOKIE) ?? '';
    const flipped = (good.startsWith('A') ? 'B' : 'A') + good.slice(1);
    const madeUp = encodeURIComponent(`${Buffer.from('{"person":{"id":"x"}}').toString('base64')};AAAA`);
    for (const cookie of [flipped, good.slice(4), signInCookie, madeUp, 'x', ';', '%']) {
      browser.cookies().set(SESSION_COOKIE, cookie);
      expect((await sessionOf(browser)).status, cookie).toBe(401);
    }
    browser.cookies().set(SESSION_COOKIE, good);
    expect((await sessionOf(browser)).status).toBe(200);
  });
});

describe('an answer of the provider', () => {
  it('counts only in the browser that asked for it', async () => {
    const { browser, desk } = await startWithSignIn();
    const callback = await answerFor(browser, 'mallory.net-ops');
    const victim = openBrowser(desk.origin);
    const { headers } = await victim.request(callback.href);
    expect(endingOf(headers.get('location'))).toBe('failed');
    expect((await sessionOf(victim)).status).toBe(401);
    // Nor in one that is signing in for itself just now.
    await victim.request(`${PUBLIC_URL}/auth/sign-in`);
    expect(endingOf((await victim.request(callback.href)).headers.get('location'))).toBe('failed');
    expect((await sessionOf(victim)).status).toBe(401);
  });

  it('does not end the session of a person who is signed in already', async () => {
    const { browser, desk } = await startWithSignIn();
    const callback = await answerFor(browser, 'mallory.net-ops');
    const victim = openBrowser(desk.origin);
    await victim.signIn('ann.net-ops');
    expect((await victim.request(callback.href)).headers.get('location')).toBe('/');
    expect((await sessionOf(victim)).result).toMatchObject({ person: { name: 'ann' } });
  });

  it('does not spoil a sign-in that is under way', async () => {
    const { browser, desk } = await startWithSignIn();
    const stray = await answerFor(openBrowser(desk.origin), 'mallory.net-ops');
    const answer = await answerFor(browser, 'ann.net-ops');
    expect(endingOf((await browser.request(stray.href)).headers.get('location'))).toBe('failed');
    expect((await browser.request(answer.href)).headers.get('location')).toBe('/');
    expect((await sessionOf(browser)).result).toMatchObject({ person: { name: 'ann' } });
  });

  it.each<[string, (answer: URL) => void]>([
    ['another state', ({ searchParams }) => searchParams.set('state', 'x'.repeat(43))],
    ['no state', ({ searchParams }) => searchParams.delete('state')],
    ['another code', ({ searchParams }) => searchParams.set('code', 'x'.repeat(43))],
    ['another issuer', ({ searchParams }) => searchParams.set('iss', 'https://evil.example')],
    ['a refusal', ({ searchParams }) => searchParams.set('error', 'access_denied')],
  ])('is refused with %s', async (_case, change) => {
    const { browser, desk } = await startWithSignIn();
    const answer = await answerFor(browser, 'ann.net-ops');
    change(answer);
    const { headers } = await browser.request(answer.href);
    expect(endingOf(headers.get('location'))).toBe('failed');
    expect((await sessionOf(browser)).status).toBe(401);
    await expect.poll(() => desk.logLines.join('')).toContain('a sign-in failed');
    const code = answer.searchParams.get('code');
    if (code !== null) expect(desk.logLines.join('')).not.toContain(code);
  });

  it('is good once', async () => {
    const { browser } = await startWithSignIn();
    const answer = await answerFor(browser, 'ann.net-ops');
    const pending = browser.cookies().get(SIGN_IN_COOKIE) ?? '';
    expect((await browser.request(answer.href)).headers.get('location')).toBe('/');
    browser.cookies().clear();
    browser.cookies().set(SIGN_IN_COOKIE, pending);
    expect(endingOf((await browser.request(answer.href)).headers.get('location'))).toBe('failed');
  });
});

describe('a provider that is down', () => {
  it('is said to be, keeps the way back, and is asked again', async () => {
    const { browser, provider } = await startWithSignIn();
    provider.become('down');
    const { headers } = await browser.request(`${PUBLIC_URL}/auth/sign-in?return_to=/tunnels/new`);
    expect(headers.get('location')).toBe('/signed-out?ending=unavailable&return_to=%2Ftunnels%2Fnew');
    provider.become('up');
    expect((await browser.signIn('ann.net-ops', '/tunnels/new')).url).toBe(`${PUBLIC_URL}/tunnels/new`);
  });

  it('does not end the sessions there are', async () => {
    const { browser, provider } = await startWithSignIn();
    await browser.signIn('ann.net-ops');
    provider.become('down');
    expect((await sessionOf(browser)).status).toBe(200);
  });
});

describe('signing out', () => {
  it('ends the session here, and asks the provider to end its own', async () => {
    const { browser, provider } = await startWithSignIn();
    await browser.signIn('ann.net-ops');
    const { status, headers } = await signOut(browser);
    expect(status).toBe(200);
    const url = new URL(/^0; url=(.*)$/.exec(headers.get('refresh') ?? '')?.[1] ?? '');
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${PUBLIC_URL}/signed-out`);
    expect((await sessionOf(browser)).status).toBe(401);
  });

  it('works while the provider is down', async () => {
    const { desk, browser, provider } = await startWithSignIn();
    await browser.signIn('ann.net-ops');
    const cookie = `${SESSION_COOKIE}=${browser.cookies().get(SESSION_COOKIE)}`;
    await desk.app.close();
    provider.become('down');
    const replica = await startDesk(provider.environment);
    const answer = await fetch(`${replica.origin}/auth/sign-out`, {
      method: 'POST',
      headers: { cookie },
      redirect: 'manual',
    });
    expect(answer.headers.get('location')).toBe('/signed-out');
    expect(answer.headers.getSetCookie().join('')).toContain(`${SESSION_COOKIE}=;`);
  });

  it.each<[string, RequestInit]>([
    ['a link, the address bar, or an image of another site', { method: 'GET' }],
    ['a form of another site', { method: 'POST', headers: { origin: 'https://evil.example' } }],
    ['the same in a sandboxed frame', { method: 'POST', headers: { origin: 'null', 'sec-fetch-site': 'cross-site' } }],
    ['a form of a sister site', { method: 'POST', headers: { 'sec-fetch-site': 'same-site' } }],
  ])('is nothing that can be done by %s', async (_what, init) => {
    const { browser } = await startWithSignIn();
    await browser.signIn('ann.net-ops');
    await browser.request(`${PUBLIC_URL}/auth/sign-out`, init);
    expect((await sessionOf(browser)).status).toBe(200);
  });
});

describe('an email address as the role', () => {
  const BY_EMAIL = { AUTH_ROLE_CLAIM: 'email', AUTH_OPERATORS: 'ann@example.com' };

  it.each([
    ['ann.verified', 200],
    ['ann.unverified', 403],
    ['ann', 403],
  ])('counts only where the provider says that it is verified: %s', async (login, status) => {
    const { browser } = await startWithSignIn(BY_EMAIL);
    await browser.signIn(login);
    expect((await sessionOf(browser)).status).toBe(status);
  });
});

it('reads no endless response of the provider to its end', async () => {
  const stub = await startStub((response) => {
    const pour = () => {
      while (response.writable && response.write(' '.repeat(64 * 1024)));
    };
    response.setHeader('content-type', 'application/json').on('drain', pour);
    pour();
  });
  const provider = await startOpenIdProvider();
  const desk = await startDesk({ ...provider.environment, OIDC_ISSUER: new URL(stub.baseUrl).origin });
  const { headers } = await openBrowser(desk.origin).request(`${PUBLIC_URL}/auth/sign-in`);
  expect(endingOf(headers.get('location'))).toBe('unavailable');
  expect(desk.logLines.join('')).toContain('larger than 256 KiB');
});
