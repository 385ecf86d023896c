// Outbound calls of a real process: certificates that must be trusted, a proxy that sees host names alone.

import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { SIGN_IN_PATH } from '@tunnel-desk/shared/api/paths';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { startConnectProxy } from './support/connect-proxy.ts';
import { ask, askApi } from './support/desk.ts';
import { runMain, startListening } from './support/process.ts';
import { AUDIENCE, HEADER, makeKey, nowS } from './support/proxy.ts';
import { ACCOUNT_ID, API_TOKEN, FULL_REQUEST, PSK, TUNNEL } from './support/samples.ts';
import { CAN_MAKE_CERTIFICATES, type Certificate, makeCertificate, startHttps } from './support/tls.ts';

const HOST = 'cloudflare.example';
const CLOUDFLARE = { CLOUDFLARE_API_TOKEN: API_TOKEN, CLOUDFLARE_ACCOUNTS: ACCOUNT_ID };
const TUNNELS = `/api/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels`;

/** A Cloudflare behind TLS that accepts the token, creates whatever it is asked for, and records the creates. */
async function startCloudflare(certificate: Certificate) {
  const requests: { authorization: string | undefined; body: unknown }[] = [];
  const port = await startHttps(certificate, async (request, response) => {
    const isCreate = request.method === 'POST';
    const result = isCreate ? TUNNEL : { status: 'active' };
    if (isCreate)
      requests.push({ authorization: request.headers.authorization, body: JSON.parse(await text(request)) });
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: true, result }));
  });
  return { port, requests };
}

function createAt(address: string) {
  return askApi(address + TUNNELS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(FULL_REQUEST),
  });
}

describe.skipIf(!CAN_MAKE_CERTIFICATES)('a certificate', () => {
  it.each([
    ['that NODE_EXTRA_CA_CERTS names is good', 'localhost', true, undefined],
    ['that nobody names is not, and nothing is sent', 'localhost', false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['for another host is not, and nothing is sent', 'other.example', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s', async (_what, certifiedHost, isNamed, reason) => {
    const certificate = makeCertificate(certifiedHost);
    const cloudflare = await startCloudflare(certificate);
    const { address } = await startListening({
      ...CLOUDFLARE,
      CLOUDFLARE_API_BASE_URL: `https://localhost:${cloudflare.port}/client/v4`,
      ...(isNamed && { NODE_EXTRA_CA_CERTS: certificate.certPath }),
    });
    const { status, envelope } = await createAt(address);
    expect(cloudflare.requests).toHaveLength(reason === undefined ? 1 : 0);
    if (reason === undefined) return expect(status).toBe(200);
    const message = expect.stringContaining(reason);
    return expect(envelope.errors).toMatchObject([{ code: ERRORS.upstreamUnreachable.code, message }]);
  });
});

it('refuses to start where certificate checks are switched off', async () => {
  const { exitCode, output, errorLines } = await runMain({ ...CLOUDFLARE, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  expect(exitCode).toBe(1);
  expect(output).toBe('');
  // Node.js itself warns as well, where it connected to something by then.
  expect(errorLines.filter((line) => !line.includes('Warning'))).toEqual([
    expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: .*NODE_EXTRA_CA_CERTS/),
  ]);
});

describe.skipIf(!CAN_MAKE_CERTIFICATES)('through a proxy', () => {
  /** A process whose outbound calls all go through a proxy that connects to this server. */
  async function startBehindProxy(upstreamPort: number, certificate: Certificate, environment: NodeJS.ProcessEnv) {
    const proxy = await startConnectProxy({ upstreamPort });
    const desk = await startListening({
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: certificate.certPath,
      ...environment,
    });
    return { proxy, ...desk };
  }

  it('a create reaches Cloudflare once, and the proxy sees the host’s name alone', async () => {
    const certificate = makeCertificate(HOST);
    const cloudflare = await startCloudflare(certificate);
    const { proxy, address, child, readUntil } = await startBehindProxy(cloudflare.port, certificate, {
      ...CLOUDFLARE,
      CLOUDFLARE_API_BASE_URL: `https://${HOST}/client/v4`,
    });
    await readUntil(/^Cloudflare accepts the API token$/);
    expect(proxy.tunnels.splice(0), 'for the check of the token').toMatchObject([{ host: `${HOST}:443` }]);
    expect((await createAt(address)).status).toBe(200);
    expect(cloudflare.requests).toEqual([{ authorization: `Bearer ${API_TOKEN}`, body: FULL_REQUEST }]);

    expect(proxy.tunnels).toMatchObject([{ host: `${HOST}:443` }]);
    expect(proxy.tunnels[0]?.headers).not.toHaveProperty('authorization');
    for (const secret of [API_TOKEN, PSK, ACCOUNT_ID]) expect(proxy.seen()).not.toContain(secret);

    expect((await createAt(address)).status).toBe(200);
    expect(proxy.tunnels, 'the tunnel is used again').toHaveLength(1);

    child.kill('SIGTERM');
    expect(await once(child, 'exit'), 'the tunnel does not delay the end').toEqual([0, null]);
  });

  it('a create reaches Cloudflare where the way to the proxy is encrypted too', async () => {
    const certificate = makeCertificate(HOST, 'localhost');
    const cloudflare = await startCloudflare(certificate);
    const proxy = await startConnectProxy({ upstreamPort: cloudflare.port, certificate });
    const { address } = await startListening({
      ...CLOUDFLARE,
      CLOUDFLARE_API_BASE_URL: `https://${HOST}/client/v4`,
      HTTPS_PROXY: `https://localhost:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: certificate.certPath,
    });
    expect((await createAt(address)).status).toBe(200);
    expect(cloudflare.requests).toHaveLength(1);
    expect(proxy.seen()).not.toContain(API_TOKEN);
  });

  it('the keys of an identity-aware proxy are fetched', async () => {
    const certificate = makeCertificate('access.example');
    const key = await makeKey('first');
    const answer: RequestListener = (_request, response) => void response.end(JSON.stringify({ keys: [key.jwk] }));
    const { proxy, address } = await startBehindProxy(await startHttps(certificate, answer), certificate, {
      UPSTREAM: 'sandbox',
      CLOUDFLARE_ACCOUNTS: ACCOUNT_ID,
      AUTH: 'proxy-jwt',
      AUTH_JWKS_URL: 'https://access.example/certs',
      AUTH_ISSUER: 'https://access.example',
      AUTH_AUDIENCE: AUDIENCE,
      AUTH_OPERATORS: 'net-ops',
    });
    const claims = {
      sub: 'u-ann',
      iss: 'https://access.example',
      aud: AUDIENCE,
      exp: nowS() + 60,
      groups: ['net-ops'],
    };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(key.privateKey);
    expect((await askApi(address + TUNNELS, { headers: { [HEADER]: token } })).status).toBe(200);
    expect(proxy.tunnels).toMatchObject([{ host: 'access.example:443' }]);
  });

  it('the OpenID provider is asked', async () => {
    const certificate = makeCertificate('id.example');
    const description = {
      issuer: 'https://id.example',
      authorization_endpoint: 'https://id.example/authorize',
      token_endpoint: 'https://id.example/token',
      jwks_uri: 'https://id.example/jwks',
    };
    const answer: RequestListener = (_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(description));
    };
    const { proxy, address } = await startBehindProxy(await startHttps(certificate, answer), certificate, {
      AUTH: 'oidc',
      PUBLIC_URL: 'https://desk.example.com',
      OIDC_ISSUER: description.issuer,
      OIDC_CLIENT_ID: 'tunnel-desk',
      OIDC_CLIENT_SECRET: 'client-secret-Hw2Kd7Rb5Yq9',
      SESSION_SECRET: 'session-secret-Lm4Tc8Vz1Xn6Jg3Pf0',
      AUTH_OPERATORS: 'net-ops',
    });
    const { headers } = await ask(address + SIGN_IN_PATH);
    expect(headers.get('location')).toMatch(/^https:\/\/id\.example\/authorize\?/);
    expect(proxy.tunnels).toMatchObject([{ host: 'id.example:443' }]);
  });
});

it('names the variable of a proxy it cannot use, and repeats nothing of it', async () => {
  const { exitCode, errorLines } = await runMain({
    ...CLOUDFLARE,
    https_proxy: 'socks5://desk:Hidden-9Xw@proxy.example',
  });
  expect(exitCode).toBe(1);
  expect(errorLines).toEqual(['https_proxy: is not an http(s) URL, such as http://proxy.example.com:3128']);
});
