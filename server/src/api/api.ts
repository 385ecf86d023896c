// The plugin for /api, in the order a request to it meets its parts.

import type { FastifyInstance } from 'fastify';
import { registerAuditRoutes } from '../audit/routes.ts';
import type { Authenticate } from '../auth/mode.ts';
import type { Config } from '../config.ts';
import { registerBrowserSurface } from '../http/browser-surface.ts';
import { forbidCaching } from '../http/caching.ts';
import { sendError } from '../http/errors.ts';
import { limitUnknownPaths, type RateLimits } from '../http/rate-limits.ts';
import { registerSubmissionOutcomeRoute } from '../ipsec-tunnels/submission-outcome.ts';
import type { Services } from '../services.ts';
import { account } from './account.ts';
import { requireSignIn } from './authentication.ts';
import { ACCOUNT_PREFIX } from './prefix.ts';
import { registerSessionRoute } from './session.ts';

export interface ApiOptions {
  readonly config: Config;
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly rateLimits: RateLimits;
}

export async function api(app: FastifyInstance, options: ApiOptions): Promise<void> {
  const { config, rateLimits } = options;
  forbidCaching(app);
  registerBrowserSurface(app, { publicOrigin: config.publicOrigin, isNavigable: false });
  limitUnknownPaths(app, rateLimits);
  app.setNotFoundHandler((_request, reply) => sendError(reply, 'notFound', 'there is nothing here'));
  await app.register((routes) => registerRoutes(routes, options));
}

/** A plugin within that for /api, because an unknown path is 404 for everybody, signed in or not. */
async function registerRoutes(
  app: FastifyInstance,
  { config, services, authenticate, rateLimits }: ApiOptions,
): Promise<void> {
  const { cloudflare, submissions, changes, storage, healthReader, driftReader } = services;
  const { routerSettings, batches, knownTunnels } = storage;
  requireSignIn(app, authenticate, rateLimits);
  registerSessionRoute(app, config);
  registerSubmissionOutcomeRoute(app, submissions);
  registerAuditRoutes(app, storage.auditLog);
  const readers = { healthReader, driftReader };
  const options = { config, cloudflare, submissions, changes, ...readers, routerSettings, batches, knownTunnels };
  await app.register(account, { prefix: ACCOUNT_PREFIX, ...options });
}
