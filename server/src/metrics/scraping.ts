// Where the metrics are read: at a listener of their own, which is not the desk's and not for browsers. The probes respond
// there too, whatever happens at the desk's.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Probes } from '../probes.ts';
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
  listen(log: FastifyBaseLogger, probes: Probes): Promise<void>;
  close(): void;
}

/** Measures from now on, and serves the metrics once it listens. Loads the library for it. */
export async function openMetrics(options: ScrapingOptions): Promise<MetricsServer> {
  const { createMetrics } = await import('./metrics.ts');
  const metrics = createMetrics();
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS });
  return {
    metrics,
    async listen(log, probes) {
      const pages = new Map([[METRICS_PATH, metricsPage(metrics)], ...probePages(probes, log)]);
      server.on('request', (request, response) => void respond(request, response, pages));
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

interface Page {
  readonly refuse: (request: IncomingMessage) => number | undefined;
  readonly print: () => Promise<{ readonly status: number; readonly contentType: string; readonly text: string }>;
}

function metricsPage(metrics: Metrics): Page {
  return {
    refuse: ({ headers }) => (isOwnName(headers.host) ? undefined : 421),
    print: async () => ({ status: 200, contentType: metrics.contentType, text: await metrics.print() }),
  };
}

/** Under any host name, as at the desk's own listener. */
function probePages(probes: Probes, log: FastifyBaseLogger): [path: string, Page][] {
  return [...probes].map(([path, probe]) => [
    path,
    {
      refuse: () => undefined,
      print: async () => {
        const { status, envelope } = await probe(log);
        return { status, contentType: 'application/json; charset=utf-8', text: JSON.stringify(envelope) };
      },
    },
  ]);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  pages: ReadonlyMap<string, Page>,
): Promise<void> {
  response.setHeader('cache-control', 'no-store').setHeader('x-content-type-options', 'nosniff');
  const page = pages.get(request.url ?? '');
  const refused = refusalOf(request, page);
  if (page === undefined || refused !== undefined) {
    response.writeHead(refused ?? 404).end();
    return;
  }
  const { status, contentType, text } = await page.print();
  response.writeHead(status, { 'content-type': contentType }).end(text);
}

/** The status that refuses the request; `undefined` for one that gets the page. */
function refusalOf(request: IncomingMessage, page: Page | undefined): number | undefined {
  const { method, headers } = request;
  if (Object.keys(headers).some((name) => name === 'origin' || name.startsWith('sec-fetch-'))) return 403;
  if (page === undefined) return 404;
  return page.refuse(request) ?? (method === 'GET' || method === 'HEAD' ? undefined : 405);
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
