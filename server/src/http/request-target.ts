// Whom a request is for: one host, said once. Where its parts disagree, a proxy in front may have read it another way.

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { FOREIGN_HOST_MESSAGE } from './browser-surface.ts';
import { sendError } from './errors.ts';

/**
 * Refuses a request with two `Host` headers (RFC 9112 section 3.2), and one whose URL names another host than the header
 * does (RFC 9112 section 3.2.2). Whether the host is ours is checked later.
 */
export function registerRequestTarget(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, reply, done) => {
    if (countHosts(raw) > 1) sendError(reply, 'badRequest', 'the request has more than one Host header');
    else if (!namesHeaderHost(raw)) sendError(reply, 'foreignHost', FOREIGN_HOST_MESSAGE);
    else done();
  });
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  let hosts = 0;
  // Names and values take turns.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}

/** A path names no host; nor does the asterisk of OPTIONS. */
function namesHeaderHost({ url = '/', headers }: IncomingMessage): boolean {
  if (url.startsWith('/') || url === '*') return true;
  const target = URL.parse(url);
  if (target === null || target.username !== '' || target.password !== '') return false;
  return target.host !== '' && target.host === URL.parse(`${target.protocol}//${headers.host}`)?.host;
}
