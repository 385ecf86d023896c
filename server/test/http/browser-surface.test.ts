import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { json } from 'node:stream/consumers';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { describe, expect, it } from 'vitest';
import { ask, type Desk, listTunnels, startDesk } from '../support/desk.ts';
import { SMALLEST_REQUEST } from '../support/samples.ts';

const PUBLIC_URL = 'https://desk.example.com';
const PUBLIC = { config: { publicOrigin: PUBLIC_URL } };
const BEHIND_PROXY = { config: { publicOrigin: PUBLIC_URL, trustedProxies: ['loopback'] } };

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
    expect(await send(await startDesk({}, PUBLIC), { host }, 'GET')).toEqual({ status: 200, code: undefined });
  });

  it.each([
    ['evil.example', 'a name rebound to this address'],
    ['desk.example.com.evil.example', 'ours is only its beginning'],
    ['evil.example:80@127.0.0.1', 'a user name that looks like a host'],
    ['127.0.0.1.evil.example', 'an address is only its beginning'],
    ['localhost.', 'a name that resolves elsewhere'],
    ['desk.example.com:8443', 'another port is another origin'],
  ])('%j is refused, and nothing is created: %s', async (host) => {
    const desk = await startDesk({}, PUBLIC);
    expect(await send(desk, { host })).toEqual({ status: 421, code: 90014 });
    expect(await listTunnels(desk)).toEqual({ ipsec_tunnels: [] });
  });

  it.each<[OutgoingHttpHeaders, string]>([
    [{ host: 'evil.example', 'x-forwarded-host': 'desk.example.com' }, 'a proxy that is asked for another name'],
    [{ host: 'evil.example', 'x-forwarded-host': '127.0.0.1', 'x-forwarded-proto': 'https' }, 'the same for loopback'],
    [{ host: 'evil.example', forwarded: 'host=desk.example.com;proto=https' }, 'the standard header for it'],
  ])('is the one that was called, even from a trusted proxy: %j is refused (%s)', async (headers) => {
    const desk = await startDesk({}, BEHIND_PROXY);
    expect(await send(desk, headers)).toEqual({ status: 421, code: 90014 });
  });

  it('is the one that was called, though a trusted proxy says another', async () => {
    const desk = await startDesk({}, BEHIND_PROXY);
    const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const own = { host: 'desk.example.com', origin: PUBLIC_URL, ...forwarded };
    expect((await send(desk, own)).status).toBe(200);
    expect(await send(desk, { ...own, origin: 'http://evil.example' })).toEqual({ status: 403, code: 90015 });
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
    [{ host: '127.0.0.1', origin: 'null', 'sec-fetch-site': 'same-origin' }, 'a form of our own page'],
    [{ host: '127.0.0.1' }, 'no browser: the SDK, curl'],
  ])('%j is carried out: %s', async (headers) => {
    const desk = await startDesk({}, PUBLIC);
    expect((await send(desk, headers)).status).toBe(200);
  });

  it.each<[OutgoingHttpHeaders, string]>([
    [{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'another site'],
    [{ origin: 'https://evil.example' }, 'another site in an older browser'],
    [{ origin: 'null' }, 'a sandboxed frame'],
    [{ origin: 'null', 'sec-fetch-site': 'cross-site' }, 'a sandboxed frame, or a form of another site'],
    [{ 'sec-fetch-site': 'same-site' }, 'a sister site'],
    [{ 'sec-fetch-site': 'none' }, 'typed into the address bar, which no POST is'],
    [{ host: 'localhost:3000', origin: 'http://localhost:4000' }, 'another port of this machine'],
    [{ host: 'localhost:3000', origin: 'https://localhost:3000' }, 'another scheme'],
    [{ host: 'desk.example.com', origin: 'http://desk.example.com' }, 'our name without TLS'],
  ])('%j is refused: %s', async (headers) => {
    const desk = await startDesk({}, PUBLIC);
    expect(await send(desk, { host: '127.0.0.1', ...headers })).toEqual({ status: 403, code: 90015 });
    expect(await listTunnels(desk)).toEqual({ ipsec_tunnels: [] });
  });
});

describe('what a browser loads', () => {
  /** The status; not by fetch, which has a Sec-Fetch-Mode of its own. */
  const load = (desk: Desk, path: string, headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const request = httpRequest(desk.origin + path, { headers }, (response) => resolve(response.resume().statusCode));
      request.on('error', reject).end();
    });
  const tab = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  it.each<[string, Record<string, string>, string]>([
    ['/api/session', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 'our own page'],
    ['/api/session', { 'sec-fetch-site': 'none', ...tab }, 'typed into the address bar'],
    ['/healthz', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 'it tells nothing'],
  ])('%s is sent for %j: %s', async (path, headers) => {
    expect(await load(await startDesk(), path, headers)).toBe(200);
  });

  it('is led to a page of the desk by a link of another site', async () => {
    const status = await load(await startDesk(), '/tunnels/new', { 'sec-fetch-site': 'cross-site', ...tab });
    // 404 where the app is not built.
    expect([200, 404]).toContain(status);
  });

  it.each<[string, Record<string, string>, string]>([
    ['/api/session', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 'a fetch of another site'],
    ['/api/session', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }, 'a picture on a sister site'],
    ['/api/session', { 'sec-fetch-site': 'cross-site', ...tab }, 'a link to what is no page'],
    ['/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 'a frame'],
    ['/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, 'a picture'],
    ['/favicon.svg', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 'whether there is a desk'],
  ])('%s is refused for %j: %s', async (path, headers) => {
    expect(await load(await startDesk(), path, headers)).toBe(403);
  });

  it('on account of another site counts for nobody’s limit', async () => {
    const desk = await startDesk({ RATE_LIMIT_PER_MINUTE: '1' });
    const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    for (const path of ['/api/session', '/api/session', '/unknown', '/unknown']) {
      expect(await load(desk, path, foreign)).toBe(403);
    }
    expect(await load(desk, '/api/session', {})).toBe(200);
  });
});

it('keeps answers of the API and to probes out of every cache', async () => {
  const desk = await startDesk();
  for (const path of ['/api/session', '/api/unknown', '/healthz', '/readyz']) {
    expect((await ask(desk.origin + path)).headers.get('cache-control')).toBe('no-store');
  }
});

it('asks browsers to stay with TLS where it is served with TLS', async () => {
  const withTls = await ask(`${(await startDesk({}, PUBLIC)).origin}/healthz`);
  expect(withTls.headers.get('strict-transport-security')).toContain('max-age=31536000');
});
