// A real OpenID provider, and a browser as far as a sign-in needs one: cookies, redirects and the provider's forms.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { onTestFinished, vi } from 'vitest';

export const CLIENT_SECRET = 'client-secret-9Wq2Lx7Vb4Tn6Zk1';
export const SESSION_SECRET = 'session-secret-4Mf8Rp3Yc5Jd9Gs2Hx';
/** Where browsers see the desk; it need not listen there, because the test's browser knows where it does. */
export const PUBLIC_URL = 'https://desk.example.com';

/** Runs a provider whose people are in the groups they are named after: `ann.net-ops` is in `net-ops`. */
export async function startOpenIdProvider() {
  // It warns of what a test does on purpose: development forms and keys in memory.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'desk',
        client_secret: CLIENT_SECRET,
        redirect_uris: [`${PUBLIC_URL}/auth/callback`],
        post_logout_redirect_uris: [`${PUBLIC_URL}/signed-out`],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: id.split('.')[0], groups: id.split('.').slice(1) }),
    }),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['only for tests'] },
  });
  const handle = provider.callback();
  let isDown = false;
  server.on('request', (request, response) => {
    if (isDown) response.writeHead(500).end();
    else void handle(request, response);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    issuer,
    become: (state: 'up' | 'down') => {
      isDown = state === 'down';
    },
    environment: {
      AUTH: 'oidc',
      PUBLIC_URL,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'desk',
      OIDC_CLIENT_SECRET: CLIENT_SECRET,
      SESSION_SECRET,
      AUTH_VIEWERS: 'readers',
      AUTH_OPERATORS: 'net-ops',
    },
  };
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser with a cookie jar per origin, for a desk that is public at {@link PUBLIC_URL} and listens at `deskOrigin`. */
export function openBrowser(deskOrigin: string) {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string) => {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };

  /** One request, no redirect followed. */
  async function request(url: string, init: RequestInit = {}): Promise<Page> {
    const jar = jarOf(url);
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(url.replace(PUBLIC_URL, deskOrigin), { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1).join('').split(/=(.*)/s);
      if (value === '' || /Max-Age=0\b/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return { url, status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Follows redirects until there is a page, or `until` holds of where one leads. */
  async function open(url: string, init: RequestInit = {}, until = (_next: string) => false): Promise<Page> {
    const page = await request(url, init);
    const location = page.headers.get('location');
    if (location === null) return page;
    const next = new URL(location, url).href;
    return until(next) ? { ...page, url: next } : open(next, {}, until);
  }

  /** Fills in the provider's forms until it leads back to the desk; `until` may stop on the way. */
  async function signIn(login: string, returnTo = '/', until = (_next: string) => false): Promise<Page> {
    let page = await open(`${PUBLIC_URL}/auth/sign-in?return_to=${encodeURIComponent(returnTo)}`, {}, until);
    for (let prompt = promptOf(page); prompt !== undefined; prompt = promptOf(page)) {
      const body = new URLSearchParams({ prompt, login, password: 'any' });
      page = await open(page.url, { method: 'POST', body }, until);
    }
    return page;
  }

  return { request, open, signIn, cookies: () => jarOf(PUBLIC_URL) };
}

/** What a form of the provider's asks for: `login` or `consent`. */
function promptOf({ text }: Page): string | undefined {
  return /name="prompt" value="(\w+)"/.exec(text)?.[1];
}
