// Whom a request says it is for, as bytes on a socket: what clients send whose requests a proxy may read in another way.

import { describe, expect, it } from 'vitest';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { type Desk, startDesk } from '../support/desk.ts';
import { sendRaw } from '../support/raw-http.ts';

const PUBLIC = { config: { publicOrigin: 'https://desk.example.com' } };

async function get(desk: Desk, target: string, hosts: readonly string[]) {
  const head = [`GET ${target} HTTP/1.1`, ...hosts.map((host) => `Host: ${host}`), 'Connection: close'];
  const response = await sendRaw(desk.origin, `${head.join('\r\n')}\r\n\r\n`);
  return { status: Number(response.split(' ', 2)[1]), response };
}

describe.each(['/healthz', '/api/session', '/'])('for %s,', (path) => {
  it.each<[string, string, string[], number]>([
    ['two hosts', '', ['127.0.0.1', 'evil.example'], 400],
    ['the same host twice', '', ['127.0.0.1', '127.0.0.1'], 400],
    ['a URL of another host', 'http://evil.example', ['127.0.0.1'], 421],
    ['a URL of another port', 'http://127.0.0.1:81', ['127.0.0.1'], 421],
    ['a URL with a user name', 'http://127.0.0.1@127.0.0.1', ['127.0.0.1'], 421],
    ['a URL of ours under another host', 'http://127.0.0.1', ['evil.example'], 421],
    ['a URL without a host header', 'http://127.0.0.1', [], 421],
  ])('%s is refused in the envelope, with all headers', async (_what, origin, hosts, expected) => {
    const { status, response } = await get(await startDesk({}, PUBLIC), origin + path, hosts);
    expect(status).toBe(expected);
    expect(response).toContain('"success":false');
    expect(response).toMatch(/^x-request-id: \S+\r$/m);
    for (const [name, value] of Object.entries(securityHeaders(PUBLIC.config))) {
      expect(response).toContain(`${name}: ${value}\r\n`);
    }
  });
});

it.each([
  ['http://127.0.0.1/healthz', '127.0.0.1'],
  ['http://127.0.0.1:80/healthz', '127.0.0.1'],
  ['http://DESK.example.com/api/session', 'desk.example.com'],
  ['https://desk.example.com:443/api/session', 'desk.example.com'],
])('a URL of the same host is taken, as RFC 9112 has it: %s', async (url, host) => {
  expect((await get(await startDesk({}, PUBLIC), url, [host])).status).toBe(200);
});
