// Sends the list of tunnels on while it arrives from Cloudflare, no faster than the client takes it.

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { ArrivingList } from '../cloudflare/tunnel-list.ts';

/**
 * `onEnd` is told how the list ended, unless the client has gone before. Where that is no success the connection is closed in
 * the middle of the response, so that no client takes what it has for the list.
 */
export function sendList(
  reply: FastifyReply,
  { status, cfRay, json, abandon }: ArrivingList,
  onEnd: (end: UpstreamResponse) => void,
): FastifyReply {
  const body = new Readable({
    read() {
      json.next().then(
        ({ done, value }) => {
          if (body.destroyed) return;
          if (!done) return void body.push(value);
          onEnd(value);
          if (value.kind === 'response' && value.success) body.push(null);
          else body.destroy(new Error('the list broke off'));
        },
        (error: Error) => body.destroy(error),
      );
    },
    destroy(error, done) {
      abandon();
      done(error);
    },
  });
  if (cfRay !== undefined) reply.header('cf-ray', cfRay);
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(body);
}
