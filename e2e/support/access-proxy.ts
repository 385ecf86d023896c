// The part of an identity-aware proxy that a desk depends on: tokens it signs, and the keys they are checked with.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const AUDIENCE = 'desk';

export interface AccessProxy {
  /** The environment of a desk behind it, but for who has which role. */
  readonly environment: Readonly<Record<string, string>>;
  /** A token for somebody in these groups, for Ann if nobody else is named, good for ten minutes. */
  sign(groups: readonly string[], person?: SignedInPerson): Promise<string>;
  close(): void;
}

export interface SignedInPerson {
  readonly sub: string;
  readonly name: string;
}

const ANN: SignedInPerson = { sub: 'ann', name: 'Ann Operator' };

/** Serves its keys on a loopback port. */
export async function startAccessProxy(): Promise<AccessProxy> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }];
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  return {
    environment: { AUTH: 'proxy-jwt', AUTH_JWKS_URL: issuer, AUTH_ISSUER: issuer, AUTH_AUDIENCE: AUDIENCE },
    sign: (groups, person = ANN) =>
      new SignJWT({ ...person, groups })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setExpirationTime('10m')
        .sign(privateKey),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
