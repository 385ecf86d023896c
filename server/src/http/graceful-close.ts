// On closing, refuses new requests and ends every connection without one. Browsers open some ahead of need, and Node.js
// would wait for those as it waits for a request.

import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { sendError } from './errors.ts';

export function registerGracefulClose(app: FastifyInstance, idle: ReadonlySet<Socket>): void {
  let isClosing = false;

  app.server.on('request', ({ socket }, response) => {
    response.once('close', () => {
      if (isClosing) socket.destroySoon();
    });
  });
  // One that was pipelined, on a connection whose earlier request still waits for its response.
  app.addHook('onRequest', (_request, reply, done) => {
    if (isClosing) sendError(reply, 'stopping', 'this server is stopping; nothing was sent, try again in a moment');
    else done();
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of idle) socket.destroy();
  });
}
