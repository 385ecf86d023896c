// One log line per request: its route, never its URL, headers or body, which may hold a secret typed in the wrong place.

import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** What a route wants its log line to say beyond the request itself. */
    logDetails: Record<string, unknown> | undefined;
  }
}

/** On every answer, the name under which the log knows its request. */
export const REQUEST_ID_HEADER = 'x-request-id';

export function registerRequestLog(app: FastifyInstance): void {
  app.decorateRequest('logDetails', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        person: request.identity?.id,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        ...request.logDetails,
      },
      'request',
    );
    done();
  });
}
