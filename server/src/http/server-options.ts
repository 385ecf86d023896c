// How Fastify and the HTTP server below it are set up.

import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type FastifyHttpOptions, LogController } from 'fastify';
import { destination } from 'pino';
import type { Config } from '../config.ts';
import { type ConnectionLimits, connectionOptions } from './connection-limits.ts';
import { refuseMalformedUrl, respondToMalformedHttp } from './malformed-http.ts';
import type { SecurityHeaders } from './security-headers.ts';

const MAX_BODY_BYTES = 64 * 1024;
/**
 * Log lines are written several at a time, because a write for each takes a fourteenth of a create: as soon as there are
 * 8 KiB, at the latest after 100 ms, and when the process exits. https://github.com/pinojs/sonic-boom
 */
const LOG_WRITES = { sync: false, minLength: 8192, periodicFlush: 100 };

export interface ServerOptions {
  readonly limits: ConnectionLimits;
  /** For the responses that no hook sees. */
  readonly headers: SecurityHeaders;
  /** Where log lines go; standard output when absent. */
  readonly logStream?: { write(line: string): void } | undefined;
}

export function serverOptions(
  { logLevel, trustedProxies }: Pick<Config, 'logLevel' | 'trustedProxies'>,
  { limits, headers, logStream }: ServerOptions,
) {
  const connection = connectionOptions(limits);
  return {
    logger: { level: logLevel, stream: logStream ?? destination(LOG_WRITES) },
    // http/request-log.ts writes the one line per request.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    // Of what proxies add, only the client's address is read: request.ip.
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    frameworkErrors: refuseMalformedUrl(headers),
    clientErrorHandler: respondToMalformedHttp(headers),
    ...connection,
    // Left to the check of the host name and to http/graceful-close.ts, whose responses are as complete as any other.
    http: { ...connection.http, requireHostHeader: false },
    return503OnClosing: false,
  } satisfies FastifyHttpOptions<Server>;
}
