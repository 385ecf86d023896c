// A desk behind an identity-aware proxy: the browser's requests carry the token that the proxy would add to them.

import type { Page } from '@playwright/test';
import { type SignedInPerson, startAccessProxy } from './access-proxy.ts';
import { ACCOUNT, test as base } from './desk.ts';

export const OTHER_ACCOUNT = { id: 'fedcba9876543210fedcba9876543210', label: 'Acme lab' };

export interface BrowsersAccessProxy {
  readonly environment: Record<string, string>;
  /** From now on the proxy vouches for somebody in these groups, for Ann if nobody else is named; for nobody when `undefined`. */
  vouchFor(page: Page, groups: readonly string[] | undefined, person?: SignedInPerson): Promise<void>;
}

export const test = base.extend<{ accessProxy: BrowsersAccessProxy }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  accessProxy: async ({}, use) => {
    const { environment, sign, close } = await startAccessProxy();
    await use({
      environment: {
        ...environment,
        AUTH_VIEWERS: 'readers',
        AUTH_OPERATORS: `net-ops,lab-ops@${OTHER_ACCOUNT.id}`,
        CLOUDFLARE_ACCOUNTS: `${ACCOUNT.id}=${ACCOUNT.label},${OTHER_ACCOUNT.id}=${OTHER_ACCOUNT.label}`,
      },
      async vouchFor(page, groups, person) {
        const token = groups && (await sign(groups, person));
        await page.setExtraHTTPHeaders(token === undefined ? {} : { 'cf-access-jwt-assertion': token });
      },
    });
    close();
  },
  environment: async ({ accessProxy }, use) => use(accessProxy.environment),
});

export { expect } from '@playwright/test';
