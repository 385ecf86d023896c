// A client that opens many connections at once and says nothing on them, in a process of its own: its work must not delay
// the requests that are measured. Asked and answers over the process channel.

import { connect, type Socket } from 'node:net';

export interface SilentConnections {
  readonly port: number;
  /** An address of 127.0.0.0/8. */
  readonly from: string;
  readonly count: number;
}

const sockets: Socket[] = [];
process.on('message', (request: SilentConnections | 'close') => (request === 'close' ? close() : open(request)));
process.once('disconnect', () => process.exit());

/** Answers with how many connections are kept, once the server has taken or refused each. */
function open({ port, from, count }: SilentConnections): void {
  let pending = count;
  const isSettled = new WeakSet<Socket>();
  const settle = (socket: Socket) => {
    if (isSettled.has(socket)) return;
    isSettled.add(socket);
    pending -= 1;
    // What the server refuses it has accepted first: so the end comes a little later.
    if (pending === 0) setTimeout(() => process.send?.(sockets.filter(({ closed }) => !closed).length), 200);
  };
  for (let opened = 0; opened < count; opened += 1) {
    const socket = connect({ host: '127.0.0.1', port, localAddress: from });
    socket
      .on('error', () => undefined)
      .once('connect', () => settle(socket))
      .once('close', () => settle(socket))
      .resume();
    sockets.push(socket);
  }
}

function close(): void {
  for (const socket of sockets.splice(0)) socket.destroy();
  process.send?.(0);
}
