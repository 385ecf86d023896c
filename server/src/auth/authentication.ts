// Nothing of the API is answered to a stranger: every request to it is given its identity here, or is refused.

import { API_PREFIX } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendError } from '../http/errors.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import type { ReadinessChecks } from '../readiness.ts';
import type { AuthConfig } from './auth-config.ts';
import type { AuthenticationMode } from './authenticate.ts';
import { hasRole, type Identity, LOCAL_OPERATOR } from './identity.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; `null` outside the API. */
    identity: Identity | null;
  }
}

/**
 * Must be registered before the routes of the API. Somebody known is limited by who they are, and a stranger by their
 * address: strangers can lock out nobody who is known, even where they share one.
 * Returns the checks of what identifying people takes.
 */
export async function registerAuthentication(
  app: FastifyInstance,
  auth: AuthConfig,
  rateLimits: RateLimits,
): Promise<ReadinessChecks> {
  const { authenticate, checks } = await openMode(app, auth);
  app.decorateRequest('identity', null);
  app.addHook('onRequest', async (request, reply) => {
    if (!isOfApi(request)) return undefined;
    const outcome = await authenticate(request);
    switch (outcome.kind) {
      case 'identified':
        request.identity = outcome.identity;
        if (await rateLimits.refusesPerson(request, reply)) return reply;
        if (hasRole(outcome.identity)) return undefined;
        return sendError(reply, 'notPermitted', `${outcome.identity.name} is signed in, and has no role at this desk`);
      case 'unavailable':
        request.log.error({ reason: outcome.reason }, 'nobody can be identified');
        if (await rateLimits.refusesAddress(request, reply)) return reply;
        return sendError(reply, 'identityUnavailable', 'who you are cannot be checked just now; try again in a moment');
      case 'not-signed-in':
        if (await rateLimits.refusesAddress(request, reply)) return reply;
        return sendError(reply, 'notSignedIn', 'sign in');
    }
  });
  return checks;
}

/** Who sent a request to the API. */
export function identityIn({ identity }: FastifyRequest): Identity {
  if (identity === null) throw new Error('a route outside the API asks who sent the request');
  return identity;
}

/** By the route that will answer, not by the URL, which can be spelled in many ways. */
function isOfApi({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith(`${API_PREFIX}/`) ?? false;
}

/** Loads only the mode in use: a desk without sign-in starts without their libraries. */
async function openMode(app: FastifyInstance, auth: AuthConfig): Promise<AuthenticationMode> {
  switch (auth.kind) {
    case 'none':
      return { authenticate: () => ({ kind: 'identified', identity: LOCAL_OPERATOR }), checks: {} };
    case 'proxy-jwt': {
      const { createProxyJwtAuthentication, registerProxySignIn } = await import('./proxy-jwt.ts');
      registerProxySignIn(app);
      return createProxyJwtAuthentication(auth);
    }
    case 'oidc': {
      const { registerOidc } = await import('./oidc.ts');
      return registerOidc(app, auth);
    }
  }
}
