// What is not even HTTP, or does not arrive in time, gets the envelope too, written by hand because no reply exists yet.

import type { Socket } from 'node:net';
import { failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';

/** Answers, and ends the connection whether or not the other side ends it too. */
export function answerMalformedHttp(error: Error, socket: Socket): void {
  if (!socket.writable) return;
  const { code, status } = ERRORS.badRequest;
  const body = JSON.stringify(failureEnvelope([{ code, message: messageFor(error) }]));
  const head = `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.write(`${head}\r\nConnection: close\r\n\r\n${body}`);
  socket.destroySoon();
}

function messageFor(error: Error): string {
  return 'code' in error && error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    ? 'the request did not arrive in time'
    : 'the request is not valid HTTP';
}
