// Requests that reach no route because their URL or their HTTP is malformed, or that do not arrive in time: responded to in
// the envelope, with a request ID and a log line like any other.

import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './errors.ts';
import { REQUEST_ID_HEADER } from './request-log.ts';
import type { SecurityHeaders } from './security-headers.ts';

/** Node.js would respond to an unknown `Expect` by itself, without envelope and request ID; RFC 9110 lets it be ignored. */
export function ignoreUnknownExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Fastify runs no hook for these, not even those that set the request ID and the security headers. */
export function refuseMalformedUrl(headers: SecurityHeaders) {
  return (_error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { code, status } = ERRORS.badRequest;
    reply.raw.once('close', () => request.log.info({ method: request.method, route: 'none', status, code }, 'request'));
    reply.headers({ ...headers, [REQUEST_ID_HEADER]: request.id, 'cache-control': 'no-store' });
    sendError(reply, 'badRequest', 'the URL is malformed');
  };
}

/** Written by hand, because no reply exists yet; what was sent is not logged, as it may hold a secret. */
export function respondToMalformedHttp(securityHeaders: SecurityHeaders) {
  return function respond(this: FastifyInstance, error: Error, socket: Socket): void {
    if (!socket.writable) return;
    const { code, status } = ERRORS.badRequest;
    const reqId = randomUUID();
    this.log.info({ reqId, route: 'none', status, code }, 'request');
    const body = JSON.stringify(failureEnvelope([{ code, message: messageFor(error) }]));
    const headers = {
      ...securityHeaders,
      [REQUEST_ID_HEADER]: reqId,
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      date: new Date().toUTCString(),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} Bad Request\r\n${lines.join('')}\r\n${body}`);
    // Whether or not the other side ends the connection too.
    socket.destroySoon();
  };
}

function messageFor(error: Error): string {
  return 'code' in error && error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    ? 'the request did not arrive in time'
    : 'the request is not valid HTTP';
}
