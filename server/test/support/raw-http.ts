// HTTP as bytes on a socket, for what no client would send.

import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { expectNoSecretIn } from './desk.ts';

/** Sends the bytes and returns all that comes back until the server ends the connection, searched for secrets. */
export async function sendRaw(origin: string, bytes: string | Buffer, { hangUp = false } = {}): Promise<string> {
  const socket = openSocket(origin);
  if (hangUp) socket.end(bytes);
  else socket.write(bytes);
  const answer = await text(socket);
  expectNoSecretIn(answer);
  return answer;
}

/**
 * A connection that stays open until the test ends, from any address of 127.0.0.0/8; with `allowHalfOpen` even when the
 * server ends its side.
 */
export function openSocket(origin: string, { allowHalfOpen = false, from = '127.0.0.1' } = {}) {
  const port = Number(new URL(origin).port);
  const socket = connect({ host: '127.0.0.1', port, localAddress: from, allowHalfOpen });
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** A request that asks the server to end the connection after it. */
export function rawRequest(requestLine: string, headers: readonly string[] = [], body: string | Buffer = ''): Buffer {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const head = [`${requestLine} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', length, ...headers].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(body)]);
}
