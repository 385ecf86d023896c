// What one connection, and one client with many, may take of the server, so that slow or endless clients cannot hold it.

import type { ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { clientOf, proxyMatcher } from './client-address.ts';
import { sendError } from './errors.ts';

/** Times are in milliseconds. */
export interface ConnectionLimits {
  /** For the head of a request to arrive, from when the connection was opened or the request began. */
  readonly headMs: number;
  /** For a whole request to arrive, its body included. */
  readonly requestMs: number;
  /** For a client that reads nothing of the response that is being sent to it. */
  readonly unreadResponseMs: number;
  /** For a connection kept open between two requests. */
  readonly keepAliveMs: number;
  /** Between two checks for requests that are late. */
  readonly checkEveryMs: number;
  /** How many connections there may be at once; more are closed. */
  readonly connections: number;
  /** The same for one client that is no trusted proxy. */
  readonly connectionsPerClient: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headMs: 15_000,
  requestMs: 30_000,
  unreadResponseMs: 30_000,
  // Longer than proxies in front keep theirs (cloudflared: 90 s), or one would send a create into a closing connection.
  keepAliveMs: 95_000,
  checkEveryMs: 2_000,
  // A team needs some hundreds; the rest is for those that are slow or stuck.
  connections: 4_000,
  // A whole office behind one address, at six connections for each browser.
  connectionsPerClient: 256,
};

/**
 * For connections that the desk has not accepted yet; Linux lowers it to its own limit, usually 4,096. With fewer, others
 * would wait a second or more behind a client that opens thousands at once.
 */
export const BACKLOG = 8_192;

/** Of all connections there may be, so many may be open before idle ones are closed for new ones. */
const FULL_SHARE = 0.9;
/** Between two log lines about refused connections, in milliseconds: a client must not fill the log. */
const WARN_EVERY_MS = 60_000;

/** Room for a large token and cookies. */
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_HEADERS = 100;

/** The part of Fastify's options that sets the limits. */
export function connectionOptions({ headMs, requestMs, keepAliveMs, checkEveryMs }: ConnectionLimits) {
  const http: ServerOptions = {
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: headMs,
    connectionsCheckingInterval: checkEveryMs,
  };
  return { http, requestTimeout: requestMs, keepAliveTimeout: keepAliveMs };
}

export interface ConnectionLimitsOptions {
  readonly limits: ConnectionLimits;
  readonly idle: ReadonlySet<Socket>;
  readonly trustedProxies: readonly string[];
}

export function registerConnectionLimits(app: FastifyInstance, options: ConnectionLimitsOptions): void {
  limitConnections(app, options);
  limitRequest(app, options.limits);
}

/** Closes a new connection where there are too many, or an idle one for it where there are nearly too many. */
function limitConnections(app: FastifyInstance, { limits, idle, trustedProxies }: ConnectionLimitsOptions): void {
  const { server } = app;
  const { connections, connectionsPerClient } = limits;
  const isProxy = proxyMatcher(trustedProxies);
  const perClient = new Map<string, number>();
  const warn = warner(app);
  let open = 0;

  /** Whether the client may have one more; if so, it counts. */
  const admits = (socket: Socket) => {
    const client = clientOf(socket.remoteAddress);
    const count = perClient.get(client) ?? 0;
    if (count >= connectionsPerClient && !isProxy(socket.remoteAddress)) {
      warn({ client, connections: count }, 'new connections of a client are refused: it has too many');
      return false;
    }
    open += 1;
    perClient.set(client, count + 1);
    socket.once('close', () => {
      open -= 1;
      const left = (perClient.get(client) ?? 0) - 1;
      if (left > 0) perClient.set(client, left);
      else perClient.delete(client);
    });
    return true;
  };
  /** Not a proxy's: it may be about to send somebody's request over it. */
  const closeOldestIdle = (newest: Socket) => {
    for (const socket of idle) {
      if (socket === newest || isProxy(socket.remoteAddress)) continue;
      socket.destroy();
      return;
    }
  };
  server.maxConnections = connections;
  server.on('drop', () => warn({ connections }, 'new connections are refused: there are too many'));
  // HTTP is set up on a connection only once it is admitted: thousands that are refused must cost others little time.
  const setUps = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket) => {
    if (!admits(socket)) {
      socket.destroy();
      return;
    }
    for (const setUp of setUps) Reflect.apply(setUp, server, [socket]);
    if (open > Math.ceil(connections * FULL_SHARE)) closeOldestIdle(socket);
  });
}

/** Writes a warning unless it wrote one just before. */
function warner({ log }: FastifyInstance): (details: object, message: string) => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  return (details, message) => {
    const now = performance.now();
    if (now - lastAt < WARN_EVERY_MS) return;
    lastAt = now;
    log.warn(details, message);
  };
}

function limitRequest(app: FastifyInstance, { unreadResponseMs }: ConnectionLimits): void {
  app.server.prependListener('request', ({ socket }) => socket.setTimeout(0));
  app.addHook('onRequest', ({ raw }, reply, done) => {
    // Before the count at which Node.js silently drops headers, an Origin among them.
    if (raw.rawHeaders.length <= 2 * MAX_HEADERS) done();
    else sendError(reply, 'badRequest', `the request has more than ${MAX_HEADERS} headers`);
  });
  // Only now is it the client's turn: until here the request may have been waiting for Cloudflare. Node.js closes a
  // connection that times out, where nobody listens for it.
  app.addHook('onSend', ({ raw }, _reply, payload, done) => {
    raw.socket.setTimeout(unreadResponseMs);
    done(null, payload);
  });
}
