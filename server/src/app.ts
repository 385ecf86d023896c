// The server as a whole, in the order a request meets its parts.

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { API_PREFIX, HEALTH_PATH } from '@tunnel-desk/shared/api/paths';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import { registerAuthentication } from './auth/authentication.ts';
import { createCloudflareClient } from './cloudflare/client.ts';
import { isTokenActive } from './cloudflare/token-check.ts';
import type { Config } from './config.ts';
import { registerBrowserSurface } from './http/browser-surface.ts';
import { registerConnectionClosing } from './http/connections.ts';
import { registerJsonBody } from './http/json-body.ts';
import { answerMalformedHttp, refuseMalformedUrl, registerUnknownExpectations } from './http/malformed-http.ts';
import { registerErrorHandler } from './http/refusals.ts';
import { registerRequestLog } from './http/request-log.ts';
import { registerSecurityHeaders } from './http/security-headers.ts';
import { registerWebApp } from './http/web-app.ts';
import { registerIpsecTunnelRoutes } from './ipsec-tunnels/routes.ts';
import { openMetrics } from './metrics/scraping.ts';
import { atMostOnceIn, registerReadiness } from './readiness.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { registerSessionRoute } from './session.ts';

export interface AppOptions {
  /** Where log lines go; standard output when absent. */
  readonly logStream?: { write(line: string): void };
}

const MAX_BODY_BYTES = 64 * 1024;
/** For one whole request to arrive, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long a verdict about the token stands, in milliseconds: strangers must not make us ask Cloudflare more often. */
const TOKEN_CHECK_MS = 60_000;
const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** The server, ready to listen; in sandbox mode its stand-in for Cloudflare is already up, and closes with it. */
export async function buildApp(config: Config, { logStream }: AppOptions = {}): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: config.logLevel, ...(logStream && { stream: logStream }) },
    // http/request-log.ts writes the one line per request.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors: refuseMalformedUrl,
    clientErrorHandler: answerMalformedHttp,
    // Left to the check of the host name and to http/connections.ts, whose answers are as whole as any other.
    http: { requireHostHeader: false },
    return503OnClosing: false,
  });
  const metrics = await openMetrics(app, config.metrics);
  const cloudflare = createCloudflareClient({
    ...(await openUpstream(app, config)),
    timeoutMs: config.upstreamTimeoutMs,
    observe: metrics?.observeUpstreamCall,
  });
  app.addHook('onClose', () => cloudflare.close());

  registerRequestLog(app);
  registerConnectionClosing(app);
  registerUnknownExpectations(app);
  registerErrorHandler(app);
  registerSecurityHeaders(app, config);
  registerBrowserSurface(app, config);

  registerJsonBody(app);
  app.get(HEALTH_PATH, async () => successEnvelope({ status: 'alive' }));
  const signInChecks = await registerAuthentication(app, config.auth);
  registerReadiness(app, {
    token: atMostOnceIn(TOKEN_CHECK_MS, (log) => isTokenActive(cloudflare, config.accounts[0]?.id, log)),
    ...signInChecks,
  });
  registerSessionRoute(app, config);
  await app.register(
    async (api) => registerIpsecTunnelRoutes(api, { accounts: config.accounts, rules: config.rules, cloudflare }),
    { prefix: API_PREFIX },
  );
  await registerWebApp(app, WEB_ROOT);
  return app;
}

/** Where calls go and with which token: the configured Cloudflare, or a sandbox started for this app alone. */
async function openUpstream(app: FastifyInstance, { upstream, accounts, rules }: Config) {
  if (upstream.kind === 'cloudflare') return upstream;
  const sandbox = await startSandbox({ accountIds: accounts.map(({ id }) => id), rules });
  app.addHook('onClose', () => sandbox.close());
  app.log.warn('SANDBOX MODE: nothing here reaches Cloudflare, and its tunnels are gone when this server stops');
  return sandbox;
}
