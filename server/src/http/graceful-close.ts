// On closing, refuses new requests and ends every connection without one. Browsers open some ahead of need, and Node.js
// would wait for those as it waits for a request.

import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { sendError } from './errors.ts';

export function registerGracefulClose(app: FastifyInstance): void {
  const idle = new Set<Socket>();
  let isClosing = false;

  app.server.on('connection', (socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  app.server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (isClosing) socket.destroySoon();
      else if (!socket.destroyed) idle.add(socket);
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
