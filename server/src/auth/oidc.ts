// AUTH=oidc: the desk signs people in at an OpenID provider, by authorization code with PKCE, state and nonce:
// https://github.com/panva/openid-client

import {
  SIGN_IN_CALLBACK_PATH,
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  SIGNED_OUT_PATH,
  type SignInEnding,
} from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as client from 'openid-client';
import { cacheFor } from '../cache-for.ts';
import type { OidcConfig } from './auth-config.ts';
import { fetchBounded, ResponseTooLarge, TOO_LARGE } from './bounded-fetch.ts';
import { identityOf, type Person, personFrom } from './identity.ts';
import type { AuthMode } from './mode.ts';
import { returnPath } from './return-path.ts';
import { type PendingSignIn, pendingSignIn, registerSessionCookies, signedInPerson } from './session-cookies.ts';

/** For one call to the provider, in seconds. */
const PROVIDER_TIMEOUT_S = 5;
/** How long a check of the provider is good for, in milliseconds: nobody can make us ask it over and over. */
const PROVIDER_CHECK_MS = 60_000;

/** Sets up the session cookies for all plugins of this app. */
export async function openOidc(app: FastifyInstance, config: OidcConfig): Promise<AuthMode> {
  await registerSessionCookies(app, config);
  const provider = providerOf(config);
  return {
    authenticate: (request) => {
      const person = signedInPerson(request);
      return person === undefined
        ? { kind: 'not-signed-in' }
        : { kind: 'identified', identity: identityOf(person, config.roles) };
    },
    registerSignIn: (pages) => {
      registerSignIn(pages, config, provider);
      registerCallback(pages, config, provider);
      registerSignOut(pages, config, provider);
    },
    checks: { signInProvider: cacheFor(PROVIDER_CHECK_MS, async () => (await provider()) !== undefined) },
  };
}

/** Gives the provider's description, asked for when first needed and again after a failure. */
type Provider = () => Promise<client.Configuration>;

function providerOf({ issuer, clientId, clientSecret }: OidcConfig): Provider {
  let known: Promise<client.Configuration> | undefined;
  const discover = () =>
    client.discovery(issuer, clientId, {}, authenticateClient(clientSecret.reveal()), {
      timeout: PROVIDER_TIMEOUT_S,
      [client.customFetch]: (url, { body, ...init }) => fetchBounded(url, { ...init, body: textOf(body) }),
      execute: [
        // The signature of the ID token counts too, not only that it came over TLS.
        client.enableNonRepudiationChecks,
        // The configuration takes plain http from a loopback address alone.
        ...(issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []),
      ],
    });
  return async () => {
    known ??= discover();
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
}

/** The library sends forms and nothing else. */
function textOf(body: client.FetchBody): string | null {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a request to the provider has a body of another kind');
}

/** In the way the provider knows; in the header, which every provider must know, where it does not say. */
function authenticateClient(secret: string): client.ClientAuth {
  const inHeader = client.ClientSecretBasic(secret);
  const inBody = client.ClientSecretPost(secret);
  return (server, metadata, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? inHeader : inBody)(server, metadata, body, headers);
  };
}

function registerSignIn(app: FastifyInstance, { publicOrigin, scopes }: OidcConfig, provider: Provider): void {
  app.get(SIGN_IN_PATH, async (request, reply) => {
    const returnTo = returnPath(request.query);
    try {
      const configuration = await provider();
      const pending = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
        returnTo,
      };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: new URL(SIGN_IN_CALLBACK_PATH, publicOrigin).href,
        scope: scopes,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
      });
      request.signIn.set('pending', pending);
      return redirect(reply, url.href);
    } catch (error) {
      return endSignIn(request, reply, error, returnTo);
    }
  });
}

function registerCallback(app: FastifyInstance, config: OidcConfig, provider: Provider): void {
  app.get(SIGN_IN_CALLBACK_PATH, async (request, reply) => {
    const pending = pendingSignIn(request);
    // A callback this browser did not ask for, perhaps sent by somebody who wants it signed in as themselves. A sign-in under
    // way, as in another tab, goes on.
    if (pending === undefined || pending.state !== stateIn(request)) {
      request.log.warn('a sign-in failed: this browser did not begin it, or too long ago');
      return redirect(reply, signedInPerson(request) === undefined ? signedOutPath('failed', '/') : '/');
    }
    request.signIn.delete();
    try {
      const person = await redeem(config, await provider(), request, pending);
      if (person === undefined) throw new Error('the ID token names nobody');
      request.session.set('person', person);
      return redirect(reply, pending.returnTo);
    } catch (error) {
      return endSignIn(request, reply, error, pending.returnTo);
    }
  });
}

function stateIn({ url }: FastifyRequest): string | null {
  return new URLSearchParams(url.split('?')[1]).get('state');
}

/** Redeems the provider's callback for the person who signed in; every check that fails rejects. */
async function redeem(
  { publicOrigin, roles }: OidcConfig,
  configuration: client.Configuration,
  { url }: FastifyRequest,
  { state, nonce, codeVerifier }: PendingSignIn,
): Promise<Person | undefined> {
  const callback = new URL(SIGN_IN_CALLBACK_PATH, publicOrigin);
  callback.search = new URL(url, publicOrigin).search;
  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) return undefined;
  const person = personFrom(claims, roles, 'only-if-verified');
  // Many providers put groups and names where only the access token reads them.
  if (person?.roles.length !== 0 || configuration.serverMetadata().userinfo_endpoint === undefined) return person;
  const userInfo = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
  // An address and whether it is verified count only together.
  const { email, email_verified } = userInfo.email === undefined ? claims : userInfo;
  return personFrom({ ...claims, ...userInfo, email, email_verified }, roles, 'only-if-verified');
}

/** For a form of the desk's own page; whether it is one is checked for every change. */
function registerSignOut(app: FastifyInstance, { publicOrigin }: OidcConfig, provider: Provider): void {
  app.register(async (routes) => {
    // What the form sends, of which nothing is needed.
    routes.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) =>
      done(null),
    );
    routes.post(SIGN_OUT_PATH, async (request, reply) => {
      request.session.delete();
      const signedOut = new URL(SIGNED_OUT_PATH, publicOrigin).href;
      const configuration = await provider().catch(() => undefined);
      if (configuration?.serverMetadata().end_session_endpoint === undefined) return redirect(reply, SIGNED_OUT_PATH);
      const { href } = client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: signedOut });
      // A redirect would be stopped by our policy, which lets forms lead to this desk alone, redirects included.
      return reply.headers({ 'cache-control': 'no-store', refresh: `0; url=${href}` }).send('You are signed out here.');
    });
  });
}

/** Tells the page that the sign-in failed, and the log why: by code alone, because the details may include tokens. */
function endSignIn(request: FastifyRequest, reply: FastifyReply, error: unknown, returnTo: string): FastifyReply {
  const { name, code } = describe(error);
  const reason = isTooLarge(error) ? TOO_LARGE : undefined;
  request.log.warn({ err: { type: name, code }, reason }, 'a sign-in failed');
  return redirect(reply, signedOutPath(isAboutProvider(error) ? 'unavailable' : 'failed', returnTo));
}

function describe(error: unknown): { name: string; code: string | undefined } {
  if (!(error instanceof Error)) return { name: 'unknown', code: undefined };
  if (error instanceof client.AuthorizationResponseError) return { name: error.name, code: error.error };
  return { name: error.name, code: 'code' in error ? String(error.code) : undefined };
}

/** Whether the provider could not be reached, or failed, which says nothing about the person. */
function isAboutProvider(error: unknown): boolean {
  const { code } = describe(error);
  const isUnreachable = error instanceof TypeError && code === undefined;
  return isUnreachable || isTooLarge(error) || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM';
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ResponseTooLarge || (error instanceof Error && error.cause instanceof ResponseTooLarge);
}

function signedOutPath(ending: SignInEnding, returnTo: string): string {
  return `${SIGNED_OUT_PATH}?${new URLSearchParams({ ending, return_to: returnTo })}`;
}

function redirect(reply: FastifyReply, url: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(url, 303);
}
