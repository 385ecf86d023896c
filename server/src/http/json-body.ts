// The one kind of body this server reads: JSON in UTF-8.

import { isUtf8 } from 'node:buffer';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';

/** Thrown, the desk responds to it as to any body that is not JSON. */
export const MalformedJson = errorCodes.FST_ERR_CTP_INVALID_JSON_BODY;

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
    return done(new MalformedJson());
  });
}

/** For the routes of this plugin alone: the bytes of the body as they came, to be read a piece at a time. */
export function leaveBodyUnread(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** Reads the JSON of a piece of a body as strictly as that of a whole one; throws what the desk responds to as to that. */
export function jsonReader(app: FastifyInstance): (request: FastifyRequest, json: Buffer) => unknown {
  const parse = app.getDefaultJsonParser('error', 'error');
  return (request, json) => {
    if (!isUtf8(json)) throw new MalformedJson();
    let failure: Error | null = null;
    let value: unknown;
    parse(request, json.toString('utf8'), (error, parsed) => {
      failure = error;
      value = parsed;
    });
    if (failure !== null) throw failure;
    return value;
  };
}
