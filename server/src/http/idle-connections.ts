// The connections on which no request is under way.

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A set that is kept up to date from now on, in the order in which they became idle: the oldest first. */
export function trackIdleConnections(server: Server): ReadonlySet<Socket> {
  const idle = new Set<Socket>();
  /** Clients may send several without waiting for the first response. */
  const requestsUnderWay = new WeakMap<Socket, number>();
  const count = (socket: Socket, change: 1 | -1) => {
    const requests = (requestsUnderWay.get(socket) ?? 0) + change;
    requestsUnderWay.set(socket, requests);
    return requests;
  };

  server.on('connection', (socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    count(socket, 1);
    idle.delete(socket);
    response.once('close', () => {
      if (count(socket, -1) === 0 && !socket.destroyed) idle.add(socket);
    });
  });
  return idle;
}
