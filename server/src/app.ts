// The server as a whole, in the order a request meets its parts.

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { failureEnvelope, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, HEALTH_PATH } from '@tunnel-desk/shared/api/paths';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import { registerAuditRoutes } from './audit/routes.ts';
import { openSqliteTrail } from './audit/sqlite-trail.ts';
import type { AuditTrail } from './audit/trail.ts';
import { registerAuthentication } from './auth/authentication.ts';
import { createCloudflareClient } from './cloudflare/client.ts';
import type { Config } from './config.ts';
import { StartProblem } from './environment.ts';
import { registerBrowserSurface } from './http/browser-surface.ts';
import { registerConnectionClosing } from './http/connections.ts';
import { registerJsonBody } from './http/json-body.ts';
import { refuse, registerErrorHandler } from './http/refusals.ts';
import { registerRequestLog } from './http/request-log.ts';
import { registerSecurityHeaders } from './http/security-headers.ts';
import { registerWebApp } from './http/web-app.ts';
import { registerCreateOutcomeRoute } from './ipsec-tunnels/create-outcome.ts';
import { registerIpsecTunnelRoutes } from './ipsec-tunnels/routes.ts';
import { createSubmissions } from './ipsec-tunnels/submissions.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { registerSessionRoute } from './session.ts';

export interface AppOptions {
  /** Where log lines go; standard output when absent. */
  readonly logStream?: { write(line: string): void };
  /** The audit trail; when absent, the embedded one in the configured folder. */
  readonly trail?: AuditTrail;
}

const MAX_BODY_BYTES = 64 * 1024;
/** For one whole request to arrive, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

/**
 * The server, ready to listen; in sandbox mode its stand-in for Cloudflare is already up, and closes with it.
 * Throws a {@link StartProblem} where the audit trail cannot be opened.
 */
export async function buildApp(config: Config, options: AppOptions = {}): Promise<FastifyInstance> {
  const { logStream, trail = openTrail(config) } = options;
  const app = fastify({
    logger: { level: config.logLevel, ...(logStream && { stream: logStream }) },
    // http/request-log.ts writes the one line per request.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors: (_error, _request, reply) => refuse(reply, 'badRequest', 'the URL is malformed'),
    clientErrorHandler: answerMalformedHttp,
  });
  const upstream = await openUpstream(app, config);
  const cloudflare = createCloudflareClient({
    ...upstream,
    timeoutMs: config.upstreamTimeoutMs,
    proxy: config.outgoingProxy,
  });
  const submissions = createSubmissions({ cloudflare, trail, log: app.log, secret: upstream.token });
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

  registerConnectionClosing(app);
  registerRequestLog(app);
  registerErrorHandler(app);
  registerSecurityHeaders(app, config);
  registerBrowserSurface(app, config);

  registerJsonBody(app);
  app.get(HEALTH_PATH, async () => successEnvelope({ status: 'alive' }));
  await registerAuthentication(app, config.auth);
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
    throw new StartProblem(`DATA_DIR: the audit trail in ${dataDir} cannot be opened: ${reason}`);
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

/** What is not even HTTP gets the envelope too, written by hand because no reply exists yet. */
function answerMalformedHttp(_error: Error, socket: Socket): void {
  if (!socket.writable) return;
  const { code, status } = ERRORS.badRequest;
  const body = JSON.stringify(failureEnvelope([{ code, message: 'the request is not valid HTTP' }]));
  const head = `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}
