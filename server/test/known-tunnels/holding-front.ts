// A way to a sandbox that passes every request on at once, and holds back some responses.

import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { listen } from '../support/upstream.ts';

/** Its base URL. `until` is told of each request that was responded to, and says what its response waits for. */
export async function startHoldingFront(
  baseUrl: string,
  until: (request: IncomingMessage) => Promise<void> | undefined,
): Promise<string> {
  const { origin, pathname } = new URL(baseUrl);
  const server = createServer(async (request, response) => {
    const { authorization = '', 'x-magic-new-hc-target': target = 'false' } = request.headers;
    const body = await text(request);
    const passedOn = await fetch(origin + request.url, {
      method: request.method ?? 'GET',
      headers: { authorization, 'x-magic-new-hc-target': String(target), 'content-type': 'application/json' },
      ...(body !== '' && { body }),
    });
    const answer = await passedOn.text();
    await until(request);
    response.writeHead(passedOn.status, { 'content-type': 'application/json' }).end(answer);
  });
  onTestFinished(() => server.closeAllConnections());
  return `http://127.0.0.1:${await listen(server)}${pathname}`;
}
