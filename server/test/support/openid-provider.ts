// The OpenID provider of a server test, and a browser as far as a sign-in needs one: cookies, redirects and the
// provider's forms.

import { onTestFinished, vi } from 'vitest';
import { runIdentityProvider } from './identity-provider.ts';

/** Where browsers see the desk; it need not listen there, because the test's browser knows where it does. */
export const PUBLIC_URL = 'https://desk.example.com';

/** Runs until the test ends. */
export async function startOpenIdProvider() {
  // It warns of what a test does on purpose: development forms and keys in memory.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const provider = await runIdentityProvider(PUBLIC_URL);
  onTestFinished(() => provider.close());
  return provider;
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
