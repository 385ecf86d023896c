// What one connection may take of the server, so that slow or endless clients cannot hold it.

import type { ServerOptions } from 'node:http';
import type { FastifyInstance } from 'fastify';
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
};

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

export function registerConnectionLimits(
  app: FastifyInstance,
  { connections, unreadResponseMs }: ConnectionLimits,
): void {
  app.server.maxConnections = connections;
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
