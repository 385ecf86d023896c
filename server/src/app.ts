// The server as a whole, in the order a request meets its parts.

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { failureEnvelope, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, HEALTH_PATH } from '@tunnel-desk/shared/api/paths';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import { registerAuthentication } from './auth/authentication.ts';
import { createCloudflareClient } from './cloudflare/client.ts';
import type { Config } from './config.ts';
import { registerBrowserSurface } from './http/browser-surface.ts';
import { registerConnectionClosing } from './http/connections.ts';
import { registerJsonBody } from './http/json-body.ts';
import { refuse, registerErrorHandler } from './http/refusals.ts';
import { registerRequestLog } from './http/request-log.ts';
import { registerSecurityHeaders } from './http/security-headers.ts';
import { registerWebApp } from './http/web-app.ts';
import { registerIpsecTunnelRoutes } from './ipsec-tunnels/routes.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { registerSessionRoute } from './session.ts';

export interface AppOptions {
  /** Where log lines go; standard output when absent. */
  readonly logStream?: { write(line: string): void };
}

const MAX_BODY_BYTES = 64 * 1024;
/** For one whole request to arrive, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
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
    frameworkErrors: (_error, _request, reply) => refuse(reply, 'badRequest', 'the URL is malformed'),
    clientErrorHandler: answerMalformedHttp,
  });
  const cloudflare = createCloudflareClient({
    ...(await openUpstream(app, config)),
    timeoutMs: config.upstreamTimeoutMs,
    proxy: config.outgoingProxy,
  });
  app.addHook('onClose', () => cloudflare.close());

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

/** What is not even HTTP gets the envelope too, written by hand because no reply exists yet. */
function answerMalformedHttp(_error: Error, socket: Socket): void {
  if (!socket.writable) return;
  const { code, status } = ERRORS.badRequest;
  const body = JSON.stringify(failureEnvelope([{ code, message: 'the request is not valid HTTP' }]));
  const head = `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}
