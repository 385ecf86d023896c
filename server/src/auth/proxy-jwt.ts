// AUTH=proxy-jwt: the JWT that an identity-aware proxy sends with every request: https://github.com/panva/jose

import { SIGN_IN_PATH } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { cacheFor } from '../cache-for.ts';
import type { ProxyJwtConfig } from './auth-config.ts';
import { fetchBounded, ResponseTooLarge } from './bounded-fetch.ts';
import { identityOf, personFrom } from './identity.ts';
import type { Authentication, AuthMode } from './mode.ts';
import { returnPath } from './return-path.ts';

/** Asymmetric ones only: with an HMAC the public key would be the secret. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Between the proxy's clock and ours, in seconds. */
const CLOCK_TOLERANCE_S = 15;
/** For one attempt to get the keys, in milliseconds. */
const KEYS_TIMEOUT_MS = 3000;
/** How soon after getting the keys an unknown one makes us look again, in milliseconds: a rotation is noticed by then. */
const KEYS_COOLDOWN_MS = 5000;

/** The keys could not be fetched, which says nothing about the token. */
class KeysUnavailable extends Error {}

/** How long a check of the keys is good for, in milliseconds: nobody can make us fetch them over and over. */
const KEYS_CHECK_MS = 60_000;

export function openProxyJwt(config: ProxyJwtConfig): AuthMode {
  const { header, jwksUrl, issuer, audience, roles } = config;
  const keys = createRemoteJWKSet(jwksUrl, {
    timeoutDuration: KEYS_TIMEOUT_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    [customFetch]: fetchKeys,
  });
  const keyFor = keyFrom(keys, jwksUrl);
  const options = {
    issuer,
    audience,
    algorithms: ALGORITHMS,
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_TOLERANCE_S,
  };

  const authenticate = async (request: FastifyRequest): Promise<Authentication> => {
    const token = tokenIn(request, header);
    if (token === undefined) return { kind: 'not-signed-in' };
    let claims: JWTPayload;
    try {
      ({ payload: claims } = await jwtVerify(token, keyFor, options));
    } catch (error) {
      if (error instanceof KeysUnavailable) return { kind: 'unavailable', reason: error.message };
      if (error instanceof errors.JOSEError) request.log.info({ code: error.code }, 'a token was refused');
      // jose and Node.js throw errors of many kinds for a key that cannot be used: too short, or of another curve.
      else request.log.warn('a token was refused: its key among those of the proxy is too weak or cannot be used');
      return { kind: 'not-signed-in' };
    }
    const person = personFrom(claims, roles, 'unless-unverified');
    return person === undefined
      ? { kind: 'not-signed-in' }
      : { kind: 'identified', identity: identityOf(person, roles) };
  };
  const areKeysLoaded = cacheFor(KEYS_CHECK_MS, async () => {
    if (!keys.fresh) await keys.reload();
    return true;
  });
  return { authenticate, registerSignIn: registerProxySignIn, checks: { signInKeys: areKeysLoaded } };
}

/** The proxy signs people in by itself as soon as they open a page: this one redirects straight back. */
function registerProxySignIn(app: FastifyInstance): void {
  app.get(SIGN_IN_PATH, async (request, reply) =>
    reply.header('cache-control', 'no-store').redirect(returnPath(request.query), 303),
  );
}

/** `Authorization` has it behind the word Bearer; other headers, as it is. */
function tokenIn({ headers }: FastifyRequest, header: string): string | undefined {
  const value = headers[header];
  return typeof value === 'string' ? value.replace(/^Bearer +/i, '') : undefined;
}

async function fetchKeys(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetchBounded(url, init);
  } catch (error) {
    throw keysUnavailable(url, reasonOf(error));
  }
}

/** The proxy's keys, fetched when needed and again when a token names one that is not among them. */
function keyFrom(keys: JWTVerifyGetKey, { href }: URL): JWTVerifyGetKey {
  return async (protectedHeader, token) => {
    try {
      return await keys(protectedHeader, token);
    } catch (error) {
      if (!(error instanceof errors.JOSEError) || isAboutToken(error)) throw error;
      throw keysUnavailable(href, error.message);
    }
  };
}

function keysUnavailable(url: string, reason: string): KeysUnavailable {
  return new KeysUnavailable(`the keys at ${new URL(url).origin} could not be fetched (${reason})`);
}

/** Whether the keys were there, and none is the token's. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof ResponseTooLarge) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return `no whole response within ${KEYS_TIMEOUT_MS} ms`;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection';
}
