// An identity-aware proxy as the desk sees it: a server with its public keys, and the tokens it signs.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import { ACCOUNT_ID } from './samples.ts';

export const AUDIENCE = 'aud-of-the-desk';
export const HEADER = 'cf-access-jwt-assertion';
const LIFETIME_S = 300;
const POURED = ' '.repeat(16 * 1024);

export type SigningKey = Awaited<ReturnType<typeof makeKey>>;

export async function makeKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  return { kid, privateKey, publicKey, jwk };
}

/** Serves the keys until the test ends, and can change them, answer nonsense, or stop answering. */
export async function startProxy() {
  let keys = [await makeKey('first')];
  let state: 'up' | 'failing' | 'hanging' | 'endless' = 'up';
  let fetches = 0;
  let sentBytes = 0;
  const server = createServer((_request, response) => {
    fetches += 1;
    if (state === 'hanging') return;
    response.statusCode = state === 'failing' ? 500 : 200;
    if (state === 'endless') {
      pour(response);
      return;
    }
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const issuer = `http://127.0.0.1:${address.port}`;

  const pour = (response: ServerResponse) => {
    if (response.destroyed) return;
    sentBytes += POURED.length;
    if (response.write(POURED)) setImmediate(pour, response);
    else response.once('drain', () => pour(response));
  };
  const currentKey = () => {
    const [key] = keys;
    if (key === undefined) throw new Error('the proxy has no key');
    return key;
  };
  return {
    issuer,
    fetches: () => fetches,
    /** Of endless responses. */
    sentBytes: () => sentBytes,
    become: (next: typeof state) => {
      state = next;
    },
    /** Signs with another key from now on, and serves no other. */
    async rotate(kid: string) {
      keys = [await makeKey(kid)];
    },
    /** Serves this as its only key from now on. */
    publish(jwk: JWK) {
      keys = [{ ...currentKey(), jwk }];
    },
    currentKey,
    /** A good token unless it is told otherwise. */
    sign: (claims: JWTPayload = {}, key: SigningKey = currentKey()) =>
      new SignJWT({ sub: 'u-ann', name: 'Ann', iss: issuer, aud: AUDIENCE, exp: nowS() + LIFETIME_S, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid })
        .sign(key.privateKey),
    /** The environment of a desk behind this proxy. */
    environment: {
      AUTH: 'proxy-jwt',
      AUTH_JWKS_URL: `${issuer}/certs`,
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: AUDIENCE,
      AUTH_VIEWERS: 'readers',
      AUTH_OPERATORS: `net-ops,head-office-ops@${ACCOUNT_ID}`,
    },
  };
}

export function nowS(): number {
  return Math.floor(Date.now() / 1000);
}
