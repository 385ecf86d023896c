// The security headers of every answer, as helmet (https://helmetjs.github.io) has them. They never change while the
// server runs, so they are put together once: doing that anew for every request takes 20 µs.

import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** In seconds. */
const ONE_YEAR_S = 31_536_000;

export interface SecurityHeadersOptions {
  /** Where people reach the desk; behind TLS their browsers are asked to stay with it. */
  readonly publicOrigin: string | undefined;
}

export type SecurityHeaders = Readonly<OutgoingHttpHeaders>;

export function registerSecurityHeaders(app: FastifyInstance, headers: SecurityHeaders): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/** What helmet sets on an answer. */
export function securityHeaders({ publicOrigin }: SecurityHeadersOptions): SecurityHeaders {
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        // The component library positions its popups with inline styles.
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    frameguard: { action: 'deny' },
    // Only behind TLS, which is terminated in front of the desk; on loopback it speaks plain HTTP.
    strictTransportSecurity: publicOrigin?.startsWith('https:') === true && { maxAge: ONE_YEAR_S },
  });
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  setHeaders(response.req, response, () => undefined);
  return response.getHeaders();
}
