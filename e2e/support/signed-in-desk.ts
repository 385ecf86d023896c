// A desk behind an identity-aware proxy: the browser's requests carry the token that the proxy would add to them.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ACCOUNT, test as base } from './desk.ts';

export const OTHER_ACCOUNT = { id: 'fedcba9876543210fedcba9876543210', label: 'Acme lab' };
const AUDIENCE = 'desk';

export interface AccessProxy {
  readonly environment: Record<string, string>;
  /** From now on the proxy vouches for somebody in these groups; for nobody when `undefined`. */
  vouchFor(page: Page, groups: readonly string[] | undefined): Promise<void>;
}

async function startAccessProxy() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }];
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const sign = (groups: readonly string[]) =>
    new SignJWT({ sub: 'ann', name: 'Ann Operator', groups })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime('10m')
      .sign(privateKey);
  const accessProxy: AccessProxy = {
    environment: {
      AUTH: 'proxy-jwt',
      AUTH_JWKS_URL: issuer,
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: AUDIENCE,
      AUTH_VIEWERS: 'readers',
      AUTH_OPERATORS: `net-ops,lab-ops@${OTHER_ACCOUNT.id}`,
      CLOUDFLARE_ACCOUNTS: `${ACCOUNT.id}=${ACCOUNT.label},${OTHER_ACCOUNT.id}=${OTHER_ACCOUNT.label}`,
    },
    async vouchFor(page, groups) {
      await page.setExtraHTTPHeaders(groups === undefined ? {} : { 'cf-access-jwt-assertion': await sign(groups) });
    },
  };
  return { accessProxy, server };
}

export const test = base.extend<{ accessProxy: AccessProxy }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  accessProxy: async ({}, use) => {
    const { accessProxy, server } = await startAccessProxy();
    await use(accessProxy);
    server.close();
    server.closeAllConnections();
  },
  environment: async ({ accessProxy }, use) => use(accessProxy.environment),
});

export { expect } from '@playwright/test';
