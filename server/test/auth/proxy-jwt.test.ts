import { generateKeyPairSync, sign } from 'node:crypto';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { exportSPKI, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ask, askApi, startDesk } from '../support/desk.ts';
import { AUDIENCE, HEADER, makeKey, nowS, startProxy } from '../support/proxy.ts';

async function startBehindProxy(environment: NodeJS.ProcessEnv = {}) {
  const proxy = await startProxy();
  const desk = await startDesk({ ...proxy.environment, ...environment });
  const askAs = (token?: string, header = HEADER) =>
    askApi(`${desk.origin}/api/session`, token === undefined ? {} : { headers: { [header]: token } });
  return { proxy, desk, askAs };
}

type Proxy = Awaited<ReturnType<typeof startProxy>>;
const OPERATOR: JWTPayload = { groups: ['net-ops'] };

it('accepts a valid token', async () => {
  const { proxy, askAs } = await startBehindProxy();
  const { status, envelope } = await askAs(await proxy.sign(OPERATOR));
  expect(status).toBe(200);
  expect(envelope.result).toMatchObject({ person: { name: 'Ann' } });
});

it('takes it from another header, behind the word Bearer too', async () => {
  const { proxy, askAs } = await startBehindProxy({ AUTH_JWT_HEADER: 'Authorization' });
  expect((await askAs(`Bearer ${await proxy.sign(OPERATOR)}`, 'authorization')).status).toBe(200);
  expect((await askAs(await proxy.sign(OPERATOR))).status).toBe(401);
});

describe('refuses, without saying why,', () => {
  it.each<[string, (proxy: Proxy) => string | undefined | Promise<string>]>([
    ['no token', () => undefined],
    ['an empty token', () => ''],
    ['what is no token', () => 'Bearer me in'],
    ['an expired token', (proxy) => proxy.sign({ ...OPERATOR, exp: nowS() - 60 })],
    ['a token that never expires', (proxy) => proxy.sign({ ...OPERATOR, exp: undefined })],
    ['a token of tomorrow', (proxy) => proxy.sign({ ...OPERATOR, nbf: nowS() + 3600 })],
    ['a token for another audience', (proxy) => proxy.sign({ ...OPERATOR, aud: 'another-app' })],
    ['a token for no audience', (proxy) => proxy.sign({ ...OPERATOR, aud: undefined })],
    ['a token of another issuer', (proxy) => proxy.sign({ ...OPERATOR, iss: 'https://evil.example.com' })],
    ['a token that names nobody', (proxy) => proxy.sign({ ...OPERATOR, sub: '' })],
    ['a token of a key we do not know', async (proxy) => proxy.sign(OPERATOR, await makeKey('stranger'))],
    [
      'a token forged under the name of a known key',
      async (proxy) => proxy.sign(OPERATOR, { ...(await makeKey('x')), kid: proxy.currentKey().kid }),
    ],
    [
      'a token changed after it was signed',
      async (proxy) => {
        const [header, payload, signature] = (await proxy.sign({ groups: ['readers'] })).split('.');
        const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
        const changed = Buffer.from(JSON.stringify({ ...Object(claims), ...OPERATOR })).toString('base64url');
        return [header, changed, signature].join('.');
      },
    ],
    [
      'a token with alg none',
      ({ issuer }) =>
        new UnsecuredJWT({ sub: 'u', ...OPERATOR })
          .setIssuer(issuer)
          .setAudience(AUDIENCE)
          .setExpirationTime('5m')
          .encode(),
    ],
    [
      'an HMAC made with the public key',
      async ({ issuer, currentKey }) =>
        new SignJWT({ sub: 'u', ...OPERATOR })
          .setProtectedHeader({ alg: 'HS256', kid: currentKey().kid })
          .setIssuer(issuer)
          .setAudience(AUDIENCE)
          .setExpirationTime('5m')
          .sign(new TextEncoder().encode(await exportSPKI(currentKey().publicKey))),
    ],
  ])('%s', async (_case, tokenFrom) => {
    const { proxy, desk, askAs } = await startBehindProxy();
    const token = await tokenFrom(proxy);
    const { status, envelope } = await askAs(token);
    expect(status).toBe(401);
    expect(envelope.errors).toEqual([{ code: ERRORS.notSignedIn.code, message: 'sign in' }]);
    if (token) expect(desk.logLines.join('')).not.toContain(token);
  });
});

it('allows for clocks that differ by some seconds', async () => {
  const { proxy, askAs } = await startBehindProxy();
  expect((await askAs(await proxy.sign({ ...OPERATOR, exp: nowS() - 5 }))).status).toBe(200);
});

it('redirects a sign-in straight back, because the proxy has signed the person in on the way', async () => {
  const { desk } = await startBehindProxy();
  const { status, headers } = await ask(`${desk.origin}/auth/sign-in?return_to=%2Ftunnels%2Fnew`);
  expect(status).toBe(303);
  expect(headers.get('location')).toBe('/tunnels/new');
  const elsewhere = await ask(`${desk.origin}/auth/sign-in?return_to=%2F%2Fevil.example`);
  expect(elsewhere.headers.get('location')).toBe('/');
});

describe('the keys of the proxy', () => {
  it('are fetched once for many requests', async () => {
    const { proxy, askAs } = await startBehindProxy();
    const token = await proxy.sign(OPERATOR);
    await Promise.all([askAs(token), askAs(token), askAs(token)]);
    expect(proxy.fetches()).toBe(1);
  });

  it('may change without a restart, and the old ones count no more', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { proxy, askAs } = await startBehindProxy();
    const old = await proxy.sign(OPERATOR);
    expect((await askAs(old)).status).toBe(200);
    await proxy.rotate('second');
    vi.setSystemTime(Date.now() + 10_000);
    expect((await askAs(await proxy.sign(OPERATOR))).status).toBe(200);
    expect((await askAs(old)).status).toBe(401);
  });

  it('are no reason to fail where one is too short for its algorithm: its tokens are refused, and the log says why', async () => {
    const { proxy, desk, askAs } = await startBehindProxy();
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    proxy.publish({ ...publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256', use: 'sig' });
    const payload = { sub: 'u', iss: proxy.issuer, aud: AUDIENCE, exp: nowS() + 300, ...OPERATOR };
    const text = [{ alg: 'RS256', kid: 'weak' }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const token = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    const { status, envelope } = await askAs(token);
    expect(status).toBe(401);
    expect(envelope.errors).toEqual([{ code: ERRORS.notSignedIn.code, message: 'sign in' }]);
    const log = desk.logLines.join('');
    expect(log).toContain('a token was refused: its key among those of the proxy is too weak or cannot be used');
    expect(log).not.toContain('"stack"');
  });

  it.each<[string, (jwk: JWK) => JWK]>([
    ['a point that is not on the curve', (jwk) => ({ ...jwk, y: jwk.x ?? '' })],
    ['a coordinate that is too short', (jwk) => ({ ...jwk, x: 'AAAA' })],
    ['no coordinates', ({ kid, kty, crv, alg }) => ({ kid, kty, crv, alg })],
  ])('are no reason to fail where one has %s', async (_what, change) => {
    const { proxy, desk, askAs } = await startBehindProxy();
    proxy.publish(change(proxy.currentKey().jwk));
    expect((await askAs(await proxy.sign(OPERATOR))).status).toBe(401);
    expect(desk.logLines.join('')).toContain('a token was refused');
  });

  it('are not read to the end where they are larger than 256 KiB: nobody can be identified, and the log says why', async () => {
    const { proxy, desk, askAs } = await startBehindProxy();
    proxy.become('endless');
    const { status, envelope } = await askAs(await proxy.sign(OPERATOR));
    expect(status).toBe(503);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.identityUnavailable.code }]);
    expect(desk.logLines.join('')).toContain('could not be fetched (the response is larger than 256 KiB)');
    // What fits into the buffers of two sockets beside it; without a limit it goes on for the whole time limit.
    expect(proxy.sentBytes()).toBeLessThan(32 * 1024 * 1024);
  });

  it.each(['failing', 'hanging'] as const)(
    'are waited for only briefly: %s, nobody can be identified',
    async (state) => {
      const { proxy, desk, askAs } = await startBehindProxy();
      const token = await proxy.sign(OPERATOR);
      proxy.become(state);
      const { status, envelope } = await askAs(token);
      expect(status).toBe(503);
      expect(envelope.errors).toMatchObject([{ code: ERRORS.identityUnavailable.code }]);
      expect(desk.logLines.join('')).toContain('could not be fetched');
      proxy.become('up');
      expect((await askAs(token)).status).toBe(200);
    },
  );

  it('are not fetched for an unauthenticated client without a token', async () => {
    const { proxy, askAs } = await startBehindProxy();
    proxy.become('failing');
    expect((await askAs()).status).toBe(401);
    expect(proxy.fetches()).toBe(0);
  });
});
