// The one kind of body this server reads: JSON in UTF-8.

import { isUtf8 } from 'node:buffer';
import { errorCodes, type FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a request to the route may come without a body; clients name its type all the same. */
    mayBeEmpty?: true;
  }
}

export function registerJsonBody(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  // A text/plain body would pass a browser's cross-origin rules unasked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0 && request.routeOptions.config.mayBeEmpty) return done(null, undefined);
    // Decoding would silently replace what is not UTF-8, and the tunnel would get another pre-shared key than its router.
    if (isUtf8(body)) return parseJson(request, body.toString('utf8'), done);
    return done(new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY());
  });
}
