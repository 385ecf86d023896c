// The API responds to nobody who is not signed in: every request to it is given its identity here, or is refused.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasRole, type Identity } from '../auth/identity.ts';
import type { Authenticate } from '../auth/mode.ts';
import { sendError } from '../http/errors.ts';
import type { RateLimits } from '../http/rate-limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; `null` outside the API. */
    identity: Identity | null;
  }
}

/**
 * Authenticates every request to the routes of this plugin. Somebody signed in is limited by who they are, and an
 * unauthenticated client by its address: it can lock out nobody who is signed in, even where they share that address.
 */
export function requireSignIn(app: FastifyInstance, authenticate: Authenticate, rateLimits: RateLimits): void {
  app.decorateRequest('identity', null);
  app.addHook('onRequest', async (request, reply) => {
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
}

/** Who sent a request to the API. */
export function identityIn({ identity }: FastifyRequest): Identity {
  if (identity === null) throw new Error('a route outside the API asks who sent the request');
  return identity;
}
