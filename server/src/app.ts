// The server as a whole, in the order a request meets its parts.

import { fileURLToPath } from 'node:url';
import { API_PREFIX } from '@tunnel-desk/shared/api/paths';
import { type FastifyInstance, fastify } from 'fastify';
import { api } from './api/api.ts';
import { openAuth } from './auth/open-auth.ts';
import type { Config } from './config.ts';
import { registerBrowserSurface } from './http/browser-surface.ts';
import { CONNECTION_LIMITS, type ConnectionLimits, registerConnectionLimits } from './http/connection-limits.ts';
import { registerErrorHandler } from './http/errors.ts';
import { registerGracefulClose } from './http/graceful-close.ts';
import { trackIdleConnections } from './http/idle-connections.ts';
import { registerJsonBody } from './http/json-body.ts';
import { ignoreUnknownExpectations } from './http/malformed-http.ts';
import { limitRequests, limitUnknownPaths, openRateLimits } from './http/rate-limits.ts';
import { registerRequestLog } from './http/request-log.ts';
import { registerRequestTarget } from './http/request-target.ts';
import { registerSecurityHeaders, securityHeaders } from './http/security-headers.ts';
import { type ServerOptions, serverOptions } from './http/server-options.ts';
import { registerWebApp } from './http/web-app.ts';
import { registerRequestMetrics } from './metrics/scraping.ts';
import { createProbes, probeRoutes } from './probes.ts';
import { openServices, type Services } from './services.ts';
import type { Storage } from './storage/storage.ts';

export interface AppOptions extends Pick<ServerOptions, 'logStream'> {
  /** Journal and audit log; when absent, those of the embedded database in the configured folder. */
  readonly storage?: Storage;
  /** Other limits than a desk normally has, for tests that cannot wait for them. */
  readonly connectionLimits?: Partial<ConnectionLimits>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The end of the audit trail's hash chain as it was noted last, on closing too. */
    auditHead: Storage['head'];
  }
}

const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

/**
 * The server, ready to listen; in sandbox mode its stand-in for Cloudflare is already up, and closes with it.
 * Throws a `StartupError` where one of its services cannot be opened.
 */
export async function buildApp(config: Config, options: AppOptions = {}): Promise<FastifyInstance> {
  const { publicOrigin, trustedProxies } = config;
  const limits = { ...CONNECTION_LIMITS, ...options.connectionLimits };
  const headers = securityHeaders(config);
  const app = fastify(serverOptions(config, { limits, headers, logStream: options.logStream }));
  const services = await openServices(config, app.log, options.storage);
  registerLifecycle(app, services, config);
  app.decorate('auditHead', services.storage.head);

  const idle = trackIdleConnections(app.server);
  registerRequestLog(app);
  registerSecurityHeaders(app, headers);
  if (services.metricsServer) registerRequestMetrics(app, services.metricsServer.metrics);
  registerGracefulClose(app, idle);
  ignoreUnknownExpectations(app);
  registerErrorHandler(app);
  registerConnectionLimits(app, { limits, idle, trustedProxies });
  registerRequestTarget(app);
  registerJsonBody(app);
  const rateLimits = await openRateLimits(app, config.rateLimitPerMinute);
  const auth = await openAuth(app, config);

  const probes = createProbes({ config, services, checks: auth.checks });
  app.addHook('onReady', async () => services.metricsServer?.listen(app.log, probes));

  await app.register(probeRoutes, { probes });
  await app.register(api, { prefix: API_PREFIX, config, services, authenticate: auth.authenticate, rateLimits });
  await app.register(async (pages) => {
    registerBrowserSurface(pages, { publicOrigin, isNavigable: true });
    await pages.register(async (signIn) => {
      limitRequests(signIn, rateLimits.refusesSignIn);
      auth.registerSignIn(signIn);
    });
    limitUnknownPaths(pages, rateLimits);
    await registerWebApp(pages, WEB_ROOT);
  });
  await services.opened;
  return app;
}

function registerLifecycle(app: FastifyInstance, services: Services, { shutdownGraceMs }: Config): void {
  const { submissions, driftChecks, healthAlerts, close } = services;
  app.addHook('onListen', () => {
    // What earlier runs left open is looked for while the desk already works.
    submissions.start();
    driftChecks.start();
    healthAlerts.start();
  });
  app.addHook('preClose', async () => submissions.hurry(shutdownGraceMs));
  app.addHook('onClose', close);
}
