// A real OpenID provider (oidc-provider) on a loopback port, for server and browser tests alike.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

export const CLIENT_SECRET = 'client-secret-9Wq2Lx7Vb4Tn6Zk1';
export const SESSION_SECRET = 'session-secret-4Mf8Rp3Yc5Jd9Gs2Hx';

/**
 * Runs a provider for a desk that browsers see at `publicUrl`. Its people are in the groups they are named after:
 * `ann.net-ops` is in `net-ops`. It says that an email address is verified, or not, of who is in the group of that name.
 */
export async function runIdentityProvider(publicUrl: string) {
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
        redirect_uris: [`${publicUrl}/auth/callback`],
        post_logout_redirect_uris: [`${publicUrl}/signed-out`],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => {
        const [name, ...groups] = id.split('.');
        return { sub: id, name, groups, email: `${name}@example.com`, ...emailVerification(groups) };
      },
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
  return {
    issuer,
    become: (state: 'up' | 'down') => {
      isDown = state === 'down';
    },
    /** The environment of a desk whose people sign in here. */
    environment: {
      AUTH: 'oidc',
      PUBLIC_URL: publicUrl,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'desk',
      OIDC_CLIENT_SECRET: CLIENT_SECRET,
      SESSION_SECRET,
      AUTH_VIEWERS: 'readers',
      AUTH_OPERATORS: 'net-ops',
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function emailVerification(groups: readonly string[]): { readonly email_verified?: boolean } {
  if (groups.includes('verified')) return { email_verified: true };
  return groups.includes('unverified') ? { email_verified: false } : {};
}
