// Where the metrics are read: at a listener of their own, which is not the desk's and not for browsers.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { CannotListen } from '../startup-error.ts';
import type { Metrics } from './metrics.ts';

export interface ScrapingOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

const METRICS_PATH = '/metrics';
/** For a whole request to arrive, in milliseconds. */
const REQUEST_TIMEOUT_MS = 5000;

export interface MetricsServer {
  readonly metrics: Metrics;
  /** Rejects with a {@link CannotListen} where the place is taken. */
  listen(log: FastifyBaseLogger): Promise<void>;
  close(): void;
}

/** Measures from now on, and serves the metrics once it listens. Loads the library for it. */
export async function openMetrics(options: ScrapingOptions): Promise<MetricsServer> {
  const { createMetrics } = await import('./metrics.ts');
  const metrics = createMetrics();
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void respond(request, response, metrics);
  });
  return {
    metrics,
    async listen(log) {
      await listen(server, options);
      log.info(`Metrics are at ${addressOf(server)}${METRICS_PATH}`);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Measures every request to the app. */
export function registerRequestMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    metrics.observeRequest({
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
    });
    done();
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, metrics: Metrics): Promise<void> {
  response.setHeader('cache-control', 'no-store').setHeader('x-content-type-options', 'nosniff');
  const status = refusalOf(request);
  if (status !== undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = await metrics.print();
  response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
}

/** The status that refuses the request; `undefined` for one that gets the metrics. */
function refusalOf({ method, url, headers }: IncomingMessage): number | undefined {
  if (Object.keys(headers).some((name) => name === 'origin' || name.startsWith('sec-fetch-'))) return 403;
  if (!isOwnName(headers.host)) return 421;
  if (url !== METRICS_PATH) return 404;
  return method === 'GET' ? undefined : 405;
}

/**
 * An address or a name without dots, as within a container network. Any other name may be one that somebody rebound to this
 * address, and over plain HTTP a browser sends nothing else that shows it.
 */
function isOwnName(host: string | undefined): boolean {
  const called = host === undefined ? null : URL.parse(`http://${host}`);
  if (called === null) return false;
  const name = called.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || !name.includes('.');
}

function listen(server: Server, { host, port }: ScrapingOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new CannotListen(error, { host, port }, 'METRICS_HOST and METRICS_PORT')));
    server.listen(port, host, resolve);
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
