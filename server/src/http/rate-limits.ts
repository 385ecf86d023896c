// How much one person, or one address of strangers, may ask of the desk: https://github.com/fastify/fastify-rate-limit

import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit';
import { SIGN_IN_PATH } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './errors.ts';

/** In milliseconds. */
const WINDOW = 60_000;
/** Of all that an address may ask for, so much may be sign-ins, which have the desk call the provider. */
const SIGN_IN_SHARE = 0.2;
/** How many people, and how many addresses, are kept count of; beyond, those not seen for longest are forgotten. */
const MAX_COUNTED = 5_000;
const SIGN_IN_FOLDER = SIGN_IN_PATH.slice(0, SIGN_IN_PATH.lastIndexOf('/') + 1);

/** Counts a request; where it is one too many, refuses it and says so. */
type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

export interface RateLimits {
  /** By the identity of the request, which must be known. */
  readonly refusesPerson: Limit;
  /** By the address it comes from, an IPv6 one with its whole /64. */
  readonly refusesAddress: Limit;
}

/**
 * Limits sign-ins and unknown paths by address from here on, and lets the caller limit the rest; `perMinute` 0 limits
 * nothing. What is served to everybody alike, the built app and the health check, is cheap and has no limit: an address
 * may be a whole office, or a proxy with everybody behind it.
 */
export async function registerRateLimits(app: FastifyInstance, perMinute: number): Promise<RateLimits> {
  if (perMinute === 0) return { refusesPerson: async () => false, refusesAddress: async () => false };
  await app.register(rateLimit, { global: false });
  const limit = (options: RateLimitOptions): Limit => {
    const count = app.createRateLimit({ timeWindow: WINDOW, ...options });
    return async (request, reply) => {
      const counted = await count(request);
      if (counted.isAllowed || !counted.isExceeded) return false;
      request.logDetails = { rateLimited: counted.key };
      reply.header('retry-after', counted.ttlInSeconds);
      sendError(reply, 'rateLimited', `this desk takes ${counted.max} such requests in a minute; nothing was done`);
      return true;
    };
  };
  const refusesPerson = limit({ max: perMinute, cache: MAX_COUNTED, keyGenerator: personOf });
  const refusesAddress = limit({ max: perMinute, cache: MAX_COUNTED });
  const refusesSignIn = limit({ max: Math.ceil(perMinute * SIGN_IN_SHARE), cache: MAX_COUNTED });

  app.addHook('onRequest', async (request, reply) => {
    const refuses = isSignIn(request) ? refusesSignIn : request.is404 && refusesAddress;
    return refuses && (await refuses(request, reply)) ? reply : undefined;
  });
  return { refusesPerson, refusesAddress };
}

function personOf({ identity }: FastifyRequest): string {
  if (identity === null) throw new Error('a stranger is limited as a person');
  return identity.id;
}

function isSignIn({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith(SIGN_IN_FOLDER) ?? false;
}
