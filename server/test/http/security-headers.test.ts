import { createServer } from 'node:http';
import helmet from 'helmet';
import { expect, it } from 'vitest';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { ask, startDesk } from '../support/desk.ts';
import { rawRequest, sendRaw } from '../support/raw-http.ts';
import { listen } from '../support/upstream.ts';

it.each(['/healthz', '/api/session', '/api/unknown', '/', '/api/%'])(
  'stand on every answer, as on that to %s',
  async (path) => {
    const { headers } = await ask((await startDesk()).origin + path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': expect.stringMatching(/default-src 'self'.*frame-ancestors 'none'/),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers.has('strict-transport-security')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  },
);

it('lets no script run but the app’s own', async () => {
  const { headers } = await ask(`${(await startDesk()).origin}/healthz`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).not.toContain('unsafe-eval');
  expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
});

it('answers no preflight, so that no other site can send JSON', async () => {
  const desk = await startDesk();
  const { status, headers } = await ask(desk.tunnels, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://elsewhere.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });
  expect(status).toBe(404);
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

it.each([
  ['without TLS', 'http://127.0.0.1:3000', false],
  ['behind TLS', 'https://desk.example.com', { maxAge: 31_536_000 }],
])('are those that helmet sets for the same policy, %s', async (_how, publicOrigin, strictTransportSecurity) => {
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity,
  });
  const server = createServer((request, response) => setHeaders(request, response, () => response.end()));
  const { headers } = await fetch(`http://127.0.0.1:${await listen(server)}`);
  const {
    connection,
    'content-length': _length,
    date,
    'keep-alive': _keepAlive,
    ...fromHelmet
  } = Object.fromEntries(headers);
  expect({ connection, date }).toEqual({ connection: expect.any(String), date: expect.any(String) });
  expect(securityHeaders({ publicOrigin })).toEqual(fromHelmet);
});

it.each([
  ['malformed HTTP', 'NO HTTP\r\n\r\n'],
  ['a head that is too long', rawRequest('GET /', [`X-Long: ${'x'.repeat(20_000)}`])],
  [
    'too many headers',
    rawRequest(
      'GET /healthz',
      Array.from({ length: 200 }, (_, index) => `x${index}:`),
    ),
  ],
  ['malformed percent-encoding', rawRequest('GET /api/%zz')],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['HTTP/2 that nobody agreed on', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['no host', 'GET /api/session HTTP/1.1\r\nConnection: close\r\n\r\n'],
])('are all on the response to %s', async (_what, bytes) => {
  const publicOrigin = 'https://desk.example.com';
  const { origin } = await startDesk({}, { config: { publicOrigin } });
  const response = await sendRaw(origin, bytes);
  expect(response).toMatch(/^HTTP\/1\.1 4\d\d /);
  for (const [name, value] of Object.entries(securityHeaders({ publicOrigin }))) {
    expect(response).toContain(`${name}: ${value}\r\n`);
  }
});
