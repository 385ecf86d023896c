import type { FastifyInstance } from 'fastify';

/** Keeps the responses of this plugin out of every cache. */
export function forbidCaching(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
}
