// A desk that signs people in itself, at a real OpenID provider, under an address that is known before it starts.

import { type AddressInfo, connect, createServer } from 'node:net';
import type { Page } from '@playwright/test';
import { runIdentityProvider } from '@tunnel-desk/server/test/identity-provider';
import { test as base } from './desk.ts';

type IdentityProvider = Awaited<ReturnType<typeof runIdentityProvider>>;

/** Where browsers see the desk. It leads every connection on, as a load balancer does. */
interface FrontDoor {
  /** On localhost, from where browsers take `Secure` cookies without TLS too. */
  readonly origin: string;
  leadTo(url: string): void;
}

async function openFrontDoor() {
  let port = 0;
  const server = createServer((outside) => {
    const inside = connect(port, '127.0.0.1');
    outside.pipe(inside).pipe(outside);
    outside.on('error', () => inside.destroy());
    inside.on('error', () => outside.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the front door has no port');
  const frontDoor: FrontDoor = {
    origin: `http://localhost:${address.port}`,
    leadTo: (url) => {
      port = Number(new URL(url).port);
    },
  };
  return { frontDoor, close: () => server.close() };
}

export const test = base.extend<{ frontDoor: FrontDoor; identityProvider: IdentityProvider }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  frontDoor: async ({}, use) => {
    const { frontDoor, close } = await openFrontDoor();
    await use(frontDoor);
    close();
  },
  identityProvider: async ({ frontDoor }, use) => {
    const { info, warn } = console;
    // It says of itself, at length, that it is only for tests.
    Object.assign(console, { info: () => undefined, warn: () => undefined });
    const provider = await runIdentityProvider(frontDoor.origin);
    await use(provider);
    provider.close();
    Object.assign(console, { info, warn });
  },
  page: async ({ page }, use) => {
    // The provider's pages ask for a font of Google's, which a closed network never reaches.
    await page.route('https://fonts.googleapis.com/**', (route) => route.abort());
    await use(page);
  },
  environment: async ({ identityProvider }, use) => use(identityProvider.environment),
  baseURL: async ({ desk, frontDoor }, use) => {
    frontDoor.leadTo(desk.url);
    await use(frontDoor.origin);
  },
});

/** Fills in the provider's forms, until it leads back to the desk. Its people are in the groups of their names. */
export async function signInAs(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

export { expect } from '@playwright/test';
