// The server as a whole, in the order a request meets its parts.

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { API_PREFIX, HEALTH_PATH } from '@tunnel-desk/shared/api/paths';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import { registerAuditRoutes } from './audit/routes.ts';
import { openSqliteTrail } from './audit/sqlite-trail.ts';
import type { AuditTrail } from './audit/trail.ts';
import { registerAuthentication } from './auth/authentication.ts';
import { createCloudflareClient } from './cloudflare/client.ts';
import { isTokenActive } from './cloudflare/token-check.ts';
import type { Config } from './config.ts';
import { registerBrowserSurface } from './http/browser-surface.ts';
import {
  CONNECTION_LIMITS,
  type ConnectionLimits,
  connectionOptions,
  registerConnectionLimits,
} from './http/connection-limits.ts';
import { registerConnectionClosing } from './http/connections.ts';
import { registerErrorHandler } from './http/errors.ts';
import { registerJsonBody } from './http/json-body.ts';
import { answerMalformedHttp, refuseMalformedUrl, registerUnknownExpectations } from './http/malformed-http.ts';
import { registerRateLimits } from './http/rate-limits.ts';
import { registerRequestLog } from './http/request-log.ts';
import { registerSecurityHeaders, securityHeaders } from './http/security-headers.ts';
import { registerWebApp } from './http/web-app.ts';
import { registerCreateOutcomeRoute } from './ipsec-tunnels/create-outcome.ts';
import { registerIpsecTunnelRoutes } from './ipsec-tunnels/routes.ts';
import { createSubmissions } from './ipsec-tunnels/submissions.ts';
import { openMetrics } from './metrics/scraping.ts';
import { cacheFor, registerReadiness } from './readiness.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { Secret } from './secret.ts';
import { registerSessionRoute } from './session.ts';
import { StartupError } from './startup-error.ts';

export interface AppOptions {
  /** Where log lines go; standard output when absent. */
  readonly logStream?: { write(line: string): void };
  /** The audit trail; when absent, the embedded one in the configured folder. */
  readonly trail?: AuditTrail;
  /** Other limits than those a desk has, for who cannot wait for them. */
  readonly connectionLimits?: Partial<ConnectionLimits>;
}

const MAX_BODY_BYTES = 64 * 1024;
/** How long a verdict about the token stands, in milliseconds: strangers must not make us ask Cloudflare more often. */
const TOKEN_CHECK_MS = 60_000;
/** The same for the audit trail, where a check is a write. */
const TRAIL_CHECK_MS = 1_000;
/** The same at every start, unlike the sandbox's token; nothing that is rehearsed there is worth guessing at. */
const SANDBOX_SECRET = new Secret('sandbox');
const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

/**
 * The server, ready to listen; in sandbox mode its stand-in for Cloudflare is already up, and closes with it.
 * Throws a {@link StartupError} where the audit trail cannot be opened.
 */
export async function buildApp(config: Config, options: AppOptions = {}): Promise<FastifyInstance> {
  const { logStream, trail = openTrail(config) } = options;
  const connectionLimits = { ...CONNECTION_LIMITS, ...options.connectionLimits };
  const headers = securityHeaders(config);
  const connection = connectionOptions(connectionLimits);
  const app = fastify({
    logger: { level: config.logLevel, ...(logStream && { stream: logStream }) },
    // http/request-log.ts writes the one line per request.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    // Of what proxies add, only the address of who asks is read: request.ip.
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    frameworkErrors: refuseMalformedUrl(headers),
    clientErrorHandler: answerMalformedHttp,
    ...connection,
    // Left to the check of the host name and to http/connections.ts, whose answers are as whole as any other.
    http: { ...connection.http, requireHostHeader: false },
    return503OnClosing: false,
  });
  const metrics = await openMetrics(app, config.metrics);
  const upstream = await openUpstream(app, config);
  const cloudflare = createCloudflareClient({
    ...upstream,
    timeoutMs: config.upstreamTimeoutMs,
    proxy: config.outgoingProxy,
    observe: metrics?.observeUpstreamCall,
  });
  const submissions = createSubmissions({
    cloudflare,
    trail,
    log: app.log,
    secret: config.upstream.kind === 'sandbox' ? SANDBOX_SECRET : upstream.token,
    onOutcome: metrics?.countSubmission,
  });
  app.addHook('onClose', async () => {
    await cloudflare.close();
    await trail.close();
  });
  // What a crash left open is looked for while the desk already works.
  app.addHook('onListen', () => {
    submissions
      .settle()
      .catch((err: unknown) => app.log.error({ err }, 'creates that were left open were not looked for'));
  });

  registerRequestLog(app);
  registerConnectionClosing(app);
  registerUnknownExpectations(app);
  registerErrorHandler(app);
  registerConnectionLimits(app, connectionLimits);
  registerSecurityHeaders(app, headers);
  registerBrowserSurface(app, config);

  registerJsonBody(app);
  app.get(HEALTH_PATH, async () => successEnvelope({ status: 'alive' }));
  const rateLimits = await registerRateLimits(app, config.rateLimitPerMinute);
  const signInChecks = await registerAuthentication(app, config.auth, rateLimits);
  registerReadiness(app, {
    auditTrail: cacheFor(TRAIL_CHECK_MS, () => trail.probe().then(() => true)),
    token: cacheFor(TOKEN_CHECK_MS, (log) => isTokenActive(cloudflare, config.accounts[0]?.id, log)),
    ...signInChecks,
  });
  if (config.auth.kind === 'proxy-jwt' && config.publicOrigin === undefined) {
    app.log.warn('PUBLIC_URL is not set: under any name but a loopback one the desk answers 421');
  }
  registerSessionRoute(app, config);
  await app.register(
    async (api) => {
      registerIpsecTunnelRoutes(api, { accounts: config.accounts, rules: config.rules, cloudflare, submissions });
    },
    { prefix: API_PREFIX },
  );
  registerCreateOutcomeRoute(app, submissions);
  registerAuditRoutes(app, trail);
  await registerWebApp(app, WEB_ROOT);
  return app;
}

/** What is only rehearsed in the sandbox never stands among what was really done. */
function openTrail({ dataDir, upstream }: Config): AuditTrail {
  try {
    return openSqliteTrail(dataDir, upstream.kind === 'sandbox' ? 'sandbox-audit.sqlite' : 'audit.sqlite');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(`DATA_DIR: the audit trail in ${dataDir} cannot be opened: ${reason}`);
  }
}

/** Where calls go and with which token: the configured Cloudflare, or a sandbox started for this app alone. */
async function openUpstream(app: FastifyInstance, { upstream, accounts, rules }: Config) {
  if (upstream.kind === 'cloudflare') return upstream;
  const sandbox = await startSandbox({ accountIds: accounts.map(({ id }) => id), rules });
  app.addHook('onClose', () => sandbox.close());
  app.log.warn('SANDBOX MODE: nothing here reaches Cloudflare, and its tunnels are gone when this server stops');
  return sandbox;
}
