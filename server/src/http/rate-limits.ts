// How much one person, or one address of unauthenticated clients, may ask of the desk:
// https://github.com/fastify/fastify-rate-limit

import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './errors.ts';

/** In milliseconds. */
const WINDOW = 60_000;
/** Of all that an address may ask for, so much may be sign-ins, which have the desk call the provider. */
const SIGN_IN_SHARE = 0.2;
/** How many people, and how many addresses, are kept count of; beyond, those not seen for longest are forgotten. */
const MAX_COUNTED = 5_000;

/** Counts a request; where it is one too many, refuses it and says so. */
type Limit = (request: FastifyRequest, reply: FastifyReply) => boolean | Promise<boolean>;

/** What is the same for everybody, the built app and the health check, is cheap and has no limit. */
export interface RateLimits {
  /** By the identity of the request, which must be known. */
  readonly refusesPerson: Limit;
  /** By the address it comes from, an IPv6 one with its whole /64: it may be a whole office, or a proxy in front. */
  readonly refusesAddress: Limit;
  /** The same for what has the desk call the sign-in's provider. */
  readonly refusesSignIn: Limit;
}

const NO_LIMITS: RateLimits = {
  refusesPerson: () => false,
  refusesAddress: () => false,
  refusesSignIn: () => false,
};

/** Limits for the plugins of this app to apply; `perMinute` 0 limits nothing. */
export async function openRateLimits(app: FastifyInstance, perMinute: number): Promise<RateLimits> {
  if (perMinute === 0) return NO_LIMITS;
  await app.register(rateLimit, { global: false });
  const limit = (options: RateLimitOptions): Limit => {
    const count = app.createRateLimit({ timeWindow: WINDOW, cache: MAX_COUNTED, ...options });
    return async (request, reply) => {
      const counted = await count(request);
      if (counted.isAllowed || !counted.isExceeded) return false;
      request.logDetails = { rateLimited: counted.key };
      reply.header('retry-after', counted.ttlInSeconds);
      sendError(reply, 'rateLimited', `this desk takes ${counted.max} such requests in a minute; nothing was done`);
      return true;
    };
  };
  return {
    refusesPerson: limit({ max: perMinute, keyGenerator: personOf }),
    refusesAddress: limit({ max: perMinute }),
    refusesSignIn: limit({ max: Math.ceil(perMinute * SIGN_IN_SHARE) }),
  };
}

/** Limits by address what asks for paths that this plugin does not have. */
export function limitUnknownPaths(app: FastifyInstance, { refusesAddress }: RateLimits): void {
  limitRequests(app, (request, reply) => request.is404 && refusesAddress(request, reply));
}

/** Limits every request to the routes of this plugin. */
export function limitRequests(app: FastifyInstance, refuses: Limit): void {
  app.addHook('onRequest', async (request, reply) => ((await refuses(request, reply)) ? reply : undefined));
}

function personOf({ identity }: FastifyRequest): string {
  if (identity === null) throw new Error('an unauthenticated client is limited as a person');
  return identity.id;
}
