// Calls to Cloudflare through an HTTP proxy: what it does to the outcome of a create, and what it gets to see.

import type { Duplex } from 'node:stream';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { describe, expect, it } from 'vitest';
import { type ConnectProxyOptions, startConnectProxy } from '../support/connect-proxy.ts';
import { create, startDesk, upstreamAt } from '../support/desk.ts';
import { API_TOKEN, FULL_REQUEST, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { CAN_MAKE_CERTIFICATES, makeCertificate, startHttps } from '../support/tls.ts';
import { closedPort, startStubResponding, startTcp } from '../support/upstream.ts';

const HOST = 'cloudflare.example';
const PROXY_PASSWORD = 'proxy-p@ss-Tb4Wn8Kc2Xv6';
const SUCCESS = { success: true, errors: [], messages: [], result: TUNNEL };

/** A desk whose only outbound connection is the proxy on this port. */
function startDeskBehind(port: number, environment: NodeJS.ProcessEnv = {}) {
  return startDesk({
    ...upstreamAt(`https://${HOST}/client/v4`),
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    ...environment,
  });
}

function expectNothingSent({ status, envelope }: Awaited<ReturnType<typeof create>>, reason: string) {
  const { code } = ERRORS.upstreamUnreachable;
  expect({ status, envelope }).toMatchObject({
    status: ERRORS.upstreamUnreachable.status,
    envelope: { errors: [{ code, message: expect.stringContaining(`(${reason})`) }] },
  });
}

describe('a create of which nothing was sent', () => {
  const answering = (text: string) => (socket: Duplex) => void socket.end(text);
  const REFUSALS: [what: string, options: ConnectProxyOptions, reason: string][] = [
    ['forbids the host', { instead: answering('HTTP/1.1 403 Forbidden\r\n\r\n') }, 'the proxy responded with 403'],
    [
      'asks for a password',
      { instead: answering('HTTP/1.1 407 Authenticate\r\n\r\n') },
      'the proxy responded with 407',
    ],
    [
      'cannot reach the host',
      { instead: answering('HTTP/1.1 502 Bad Gateway\r\n\r\n') },
      'the proxy responded with 502',
    ],
    ['redirects', { instead: answering('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n') }, 'the proxy responded with 302'],
    ['closes the connection', { instead: (socket) => void socket.destroy() }, 'UND_ERR_PRX_CONN'],
    ['does not speak HTTP', { instead: answering('SSH-2.0-OpenSSH_9.9\r\n') }, 'HTTPParserError'],
    ['opens a tunnel and cuts it', { instead: answering('HTTP/1.1 200 OK\r\n\r\n') }, 'ECONNRESET'],
  ];

  it.each(REFUSALS)('because the proxy %s', async (_what, options, reason) => {
    const proxy = await startConnectProxy(options);
    expectNothingSent(await create(await startDeskBehind(proxy.port), FULL_REQUEST), reason);
    expect(proxy.tunnels).toMatchObject([{ host: `${HOST}:443` }]);
    expect(proxy.seen()).toBe('');
  });

  it('because nothing listens where the proxy should be', async () => {
    expectNothingSent(await create(await startDeskBehind(await closedPort()), FULL_REQUEST), 'ECONNREFUSED');
  });

  it('because no connection comes about, which is known long before the call’s time is up', async () => {
    const patient = { UPSTREAM_TIMEOUT_MS: '600000' };
    const silentProxy = await startConnectProxy({ instead: () => undefined });
    const silentUpstream = await startTcp(() => undefined);
    const [behindProxy, direct] = await Promise.all([
      create(await startDeskBehind(silentProxy.port, patient), FULL_REQUEST),
      create(await startDesk({ ...upstreamAt(`https://127.0.0.1:${silentUpstream}`), ...patient }), FULL_REQUEST),
    ]);
    expectNothingSent(behindProxy, 'UND_ERR_HEADERS_TIMEOUT');
    expectNothingSent(direct, 'UND_ERR_CONNECT_TIMEOUT');
  });

  it('because what is at the end of the tunnel speaks no TLS', async () => {
    const upstreamPort = await startTcp((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')));
    const proxy = await startConnectProxy({ upstreamPort });
    expectNothingSent(await create(await startDeskBehind(proxy.port), FULL_REQUEST), 'ERR_SSL_WRONG_VERSION_NUMBER');
    expect(proxy.seen()).not.toContain(API_TOKEN);
  });

  it.skipIf(!CAN_MAKE_CERTIFICATES)('because nobody vouches for what is at the end of the tunnel', async () => {
    let requests = 0;
    const upstreamPort = await startHttps(makeCertificate(HOST), () => {
      requests += 1;
    });
    const proxy = await startConnectProxy({ upstreamPort });
    expectNothingSent(await create(await startDeskBehind(proxy.port), FULL_REQUEST), 'DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(requests).toBe(0);
    expect(proxy.seen()).not.toContain(API_TOKEN);
  });
});

describe('the proxy', () => {
  const refusing: ConnectProxyOptions = { instead: (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n') };

  it('is given the user and password of its URL, which nobody else gets to see', async () => {
    const proxy = await startConnectProxy(refusing);
    const HTTPS_PROXY = `http://desk:${encodeURIComponent(PROXY_PASSWORD)}@127.0.0.1:${proxy.port}`;
    const desk = await startDeskBehind(proxy.port, { HTTPS_PROXY });
    const { everything } = await create(desk, FULL_REQUEST);

    const given = Buffer.from(`desk:${PROXY_PASSWORD}`).toString('base64');
    expect(proxy.tunnels[0]?.headers['proxy-authorization']).toBe(`Basic ${given}`);
    for (const secret of [PROXY_PASSWORD, encodeURIComponent(PROXY_PASSWORD), given]) {
      expect(everything).not.toContain(secret);
      expect(desk.logLines.join('')).not.toContain(secret);
    }
  });

  it.each(['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'])('may be named by %s', async (name) => {
    const proxy = await startConnectProxy(refusing);
    const desk = await startDeskBehind(0, { HTTPS_PROXY: '', [name]: `http://127.0.0.1:${proxy.port}` });
    expectNothingSent(await create(desk, SMALLEST_REQUEST), 'the proxy responded with 403');
  });

  it('is the one named in lower case, and the one for https, where several are named', async () => {
    const proxy = await startConnectProxy(refusing);
    const elsewhere = `http://127.0.0.1:${await closedPort()}`;
    const here = `http://127.0.0.1:${proxy.port}`;
    const desk = await startDeskBehind(0, { http_proxy: elsewhere, HTTPS_PROXY: elsewhere, https_proxy: here });
    await create(desk, SMALLEST_REQUEST);
    expect(proxy.tunnels).toHaveLength(1);
  });

  it.each([
    ['no_proxy', HOST],
    ['NO_PROXY', HOST.toUpperCase()],
    ['NO_PROXY', `other.example, ${HOST}:443`],
    ['NO_PROXY', '.example'],
    ['NO_PROXY', '*'],
  ])('is passed by for the hosts in %s: %s', async (name, value) => {
    const proxy = await startConnectProxy(refusing);
    const desk = await startDeskBehind(proxy.port, { [name]: value, UPSTREAM_TIMEOUT_MS: '400' });
    const { envelope } = await create(desk, SMALLEST_REQUEST);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.upstreamUnreachable.code }]);
    expect(proxy.tunnels).toEqual([]);
  });

  it.each(['127.0.0.1', 'localhost'])('is passed by for what is on this machine: %s', async (host) => {
    const proxy = await startConnectProxy(refusing);
    const stub = await startStubResponding({ body: SUCCESS });
    const { port } = new URL(stub.baseUrl);
    const upstream = upstreamAt(`http://${host}:${port}`);
    const desk = await startDeskBehind(proxy.port, { ...upstream, NO_PROXY: 'other.example' });
    expect((await create(desk, SMALLEST_REQUEST)).status).toBe(200);
    expect(proxy.tunnels).toEqual([]);
    expect(proxy.seen()).toBe('');
  });
});
