import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { json } from 'node:stream/consumers';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { describe, expect, it } from 'vitest';
import { ask, type Desk, listTunnels, startDesk } from '../support/desk.ts';
import { SMALLEST_REQUEST } from '../support/samples.ts';

const PUBLIC_URL = 'https://desk.example.com';

/** What the desk says to a request with these headers, `host` among them, which fetch would not let one set. */
async function send(desk: Desk, headers: OutgoingHttpHeaders, method: 'GET' | 'POST' = 'POST') {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(desk.tunnels, { method, headers: { 'content-type': 'application/json', ...headers } });
    request.on('response', resolve).on('error', reject);
    request.end(method === 'POST' ? JSON.stringify(SMALLEST_REQUEST) : undefined);
  });
  const envelope = envelopeSchema.parse(await json(response));
  return { status: response.statusCode, code: envelope.errors[0]?.code };
}

describe('the host name', () => {
  it.each([
    ['127.0.0.1', 'the address itself'],
    ['127.0.0.1:3000', 'with a port, as through a tunnel or a proxy'],
    ['127.8.9.10', 'any loopback address'],
    ['localhost:3000', 'the machine itself'],
    ['LOCALHOST', 'names have no case'],
    ['[::1]:3000', 'IPv6 loopback'],
    ['desk.example.com', 'the public name'],
  ])('%s is ours: %s', async (host) => {
    expect(await send(await startDesk({ PUBLIC_URL }), { host }, 'GET')).toEqual({ status: 200, code: undefined });
  });

  it.each([
    ['evil.example', 'a name rebound to this address'],
    ['desk.example.com.evil.example', 'ours is only its beginning'],
    ['evil.example:80@127.0.0.1', 'a user name that looks like a host'],
    ['127.0.0.1.evil.example', 'an address is only its beginning'],
    ['localhost.', 'a name that resolves elsewhere'],
    ['desk.example.com:8443', 'another port is another origin'],
  ])('%j is refused, and nothing is created: %s', async (host) => {
    const desk = await startDesk({ PUBLIC_URL });
    expect(await send(desk, { host })).toEqual({ status: 421, code: 90014 });
    expect(await listTunnels(desk)).toEqual({ ipsec_tunnels: [] });
  });

  it.each(['/healthz', '/readyz'])('does not matter to a probe of %s', async (path) => {
    const desk = await startDesk();
    const status = await new Promise((resolve, reject) => {
      httpRequest(desk.origin + path, { headers: { host: '10.0.0.7:3000' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});

describe('a change asked for by a browser', () => {
  it.each<[OutgoingHttpHeaders, string]>([
    [{ host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }, 'our own page'],
    [{ host: 'desk.example.com', origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' }, 'our own page behind TLS'],
    [{ host: 'localhost:3000', origin: 'http://localhost:3000' }, 'a browser without Sec-Fetch-Site'],
    [{ host: '127.0.0.1' }, 'no browser: the SDK, curl'],
  ])('%j is carried out: %s', async (headers) => {
    const desk = await startDesk({ PUBLIC_URL });
    expect((await send(desk, headers)).status).toBe(200);
  });

  it.each<[OutgoingHttpHeaders, string]>([
    [{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'another site'],
    [{ origin: 'https://evil.example' }, 'another site in an older browser'],
    [{ origin: 'null' }, 'a sandboxed frame'],
    [{ 'sec-fetch-site': 'same-site' }, 'a sister site'],
    [{ 'sec-fetch-site': 'none' }, 'typed into the address bar, which no POST is'],
    [{ host: 'localhost:3000', origin: 'http://localhost:4000' }, 'another port of this machine'],
    [{ host: 'localhost:3000', origin: 'https://localhost:3000' }, 'another scheme'],
    [{ host: 'desk.example.com', origin: 'http://desk.example.com' }, 'our name without TLS'],
  ])('%j is refused: %s', async (headers) => {
    const desk = await startDesk({ PUBLIC_URL });
    expect(await send(desk, { host: '127.0.0.1', ...headers })).toEqual({ status: 403, code: 90015 });
    expect(await listTunnels(desk)).toEqual({ ipsec_tunnels: [] });
  });
});

it('keeps answers of the API and to probes out of every cache', async () => {
  const desk = await startDesk();
  for (const path of ['/api/session', '/api/unknown', '/healthz', '/readyz']) {
    expect((await ask(desk.origin + path)).headers.get('cache-control')).toBe('no-store');
  }
});

it('asks browsers to stay with TLS where it is served with TLS', async () => {
  const withTls = await ask(`${(await startDesk({ PUBLIC_URL })).origin}/healthz`);
  expect(withTls.headers.get('strict-transport-security')).toContain('max-age=31536000');
});
