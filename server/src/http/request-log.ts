// One log line per request: its route, never its URL, headers or body, which may have a secret typed in the wrong place.

import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the log line of this request says beyond the request itself. */
    logDetails: Record<string, unknown> | undefined;
  }
}

/** On every response, the ID under which the log has its request. */
export const REQUEST_ID_HEADER = 'x-request-id';

export function registerRequestLog(app: FastifyInstance): void {
  app.decorateRequest('logDetails', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    // Of one that breaks off too, which no hook is told of.
    reply.raw.once('close', () => {
      request.log.info(
        {
          method: request.method,
          person: request.identity?.id,
          route: request.routeOptions.url ?? 'none',
          status: reply.statusCode,
          isCutShort: reply.raw.writableFinished ? undefined : true,
          durationMs: Math.round(reply.elapsedTime * 10) / 10,
          ...request.logDetails,
        },
        'request',
      );
    });
    done();
  });
}
