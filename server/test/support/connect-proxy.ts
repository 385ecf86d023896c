// A network's outbound proxy: an HTTP proxy that opens tunnels (CONNECT), and keeps all that it sees.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Certificate } from './tls.ts';
import { listen } from './upstream.ts';

export interface ConnectProxyOptions {
  /** Where every tunnel goes, whatever host it was asked for. */
  readonly upstreamPort?: number;
  /** What it does instead of opening a tunnel. */
  readonly instead?: (socket: Duplex) => void;
  /** With it, the connection to the proxy is encrypted too. */
  readonly certificate?: Certificate;
}

export interface TunnelRequest {
  /** With its port. */
  readonly host: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

export async function startConnectProxy({ upstreamPort = 0, instead, certificate }: ConnectProxyOptions) {
  const tunnels: TunnelRequest[] = [];
  const seen: Buffer[] = [];
  const sockets = new Set<Duplex>();
  const server = certificate === undefined ? createServer() : createHttpsServer(certificate);
  server.on('request', (request, response) => {
    seen.push(Buffer.from(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`));
    response.writeHead(405).end();
  });
  server.on('connect', ({ url, headers }, socket, head) => {
    tunnels.push({ host: url, headers });
    keep(socket);
    if (instead !== undefined) return instead(socket);
    const upstream: Socket = connect(upstreamPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.on('data', (bytes) => seen.push(bytes));
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    return keep(upstream);
  });
  const keep = (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  };
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
  });
  return {
    port: await listen(server),
    tunnels,
    /** All bytes that went through it, and requests that were no tunnel. */
    seen: () => Buffer.concat(seen).toString('latin1'),
  };
}
