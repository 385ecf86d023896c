import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { configFrom } from '../support/desk.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID } from '../support/samples.ts';

const SECRET = 'session-secret-f3Kq8Zt1Wn6Xp4Rv9Lm2';
const ACCOUNTS = { UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office` };
const PROXY_JWT = {
  ...ACCOUNTS,
  AUTH: 'proxy-jwt',
  AUTH_JWKS_URL: 'https://acme.cloudflareaccess.com/cdn-cgi/access/certs',
  AUTH_ISSUER: 'https://acme.cloudflareaccess.com',
  AUTH_AUDIENCE: 'desk',
  AUTH_OPERATORS: 'net-ops',
};
const OIDC = {
  ...ACCOUNTS,
  AUTH: 'oidc',
  PUBLIC_URL: 'https://desk.example.com',
  OIDC_ISSUER: 'https://id.example.com/realm',
  OIDC_CLIENT_ID: 'desk',
  OIDC_CLIENT_SECRET: 'client-secret-5Hd2Kx9Qm7',
  SESSION_SECRET: SECRET,
  AUTH_VIEWERS: 'everybody',
};

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  const result = readConfig(environment);
  return result.ok ? [] : result.problems;
}

describe('AUTH=none', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('is for %s', (HOST) => {
    expect(configFrom({ HOST }).auth).toEqual({ kind: 'none' });
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', 'desk.example.com', '127.0.0.1.example.com'])(
    'refuses to listen on %s, and names the modes that may',
    (HOST) => {
      expect(problemsOf({ HOST })).toEqual([
        expect.stringMatching(/^HOST: .* not a loopback address.* AUTH=proxy-jwt or AUTH=oidc$/),
      ]);
    },
  );

  it('is not what somebody meant who named operators', () => {
    expect(problemsOf({ AUTH_OPERATORS: 'net-ops' })).toEqual([
      'AUTH: is not set, though AUTH_OPERATORS is: choose AUTH=proxy-jwt, AUTH=oidc or AUTH=none',
    ]);
    expect(problemsOf({ AUTH: 'none', AUTH_OPERATORS: 'net-ops' })).toEqual([]);
  });

  it.each([
    ['PUBLIC_URL', 'https://desk.example.com'],
    ['TRUST_PROXY', 'loopback'],
    ['TRUST_PROXY', '10.0.0.5'],
  ])('does not start where others reach the desk through a proxy: %s=%s', (variable, value) => {
    for (const [AUTH, said] of [
      ['none', 'none'],
      [undefined, 'not set'],
    ]) {
      expect(problemsOf({ AUTH, [variable]: value })).toEqual([
        `AUTH: is ${said}, though ${variable} says that a proxy brings other people here, and everybody it lets in could create tunnels: choose AUTH=proxy-jwt or AUTH=oidc, or remove ${variable}`,
      ]);
    }
    expect(problemsOf({ ...PROXY_JWT, [variable]: value })).toEqual([]);
  });

  it('may say the loopback address at which its one user sees it', () => {
    expect(problemsOf({ PUBLIC_URL: 'http://localhost:3000' })).toEqual([]);
  });
});

describe('AUTH=proxy-jwt', () => {
  it('needs PUBLIC_URL beyond loopback, or it would answer nobody', () => {
    expect(problemsOf({ ...PROXY_JWT, HOST: '0.0.0.0' })).toEqual([
      expect.stringMatching('^PUBLIC_URL: is needed with AUTH=proxy-jwt'),
    ]);
    expect(problemsOf(PROXY_JWT)).toEqual([]);
  });

  it('listens anywhere, and expects the header of Cloudflare Access', () => {
    const { host, auth } = configFrom({ ...PROXY_JWT, HOST: '0.0.0.0', PUBLIC_URL: OIDC.PUBLIC_URL });
    expect(host).toBe('0.0.0.0');
    expect(auth).toEqual({
      kind: 'proxy-jwt',
      header: 'cf-access-jwt-assertion',
      jwksUrl: new URL(PROXY_JWT.AUTH_JWKS_URL),
      issuer: PROXY_JWT.AUTH_ISSUER,
      audience: 'desk',
      roles: { claim: 'groups', viewers: [], operators: [{ value: 'net-ops' }] },
    });
  });

  it.each(['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'])('needs %s', (name) => {
    expect(problemsOf({ ...PROXY_JWT, [name]: '' })).toEqual([
      expect.stringMatching(`^${name}: is needed with AUTH=proxy-jwt`),
    ]);
  });
});

describe('AUTH=oidc', () => {
  it('signs people in for a working day', () => {
    expect(configFrom(OIDC).auth).toMatchObject({
      kind: 'oidc',
      publicOrigin: 'https://desk.example.com',
      issuer: new URL('https://id.example.com/realm'),
      clientId: 'desk',
      scopes: 'openid profile email',
      sessionTtlMinutes: 480,
    });
  });

  it.each(['PUBLIC_URL', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'SESSION_SECRET'])(
    'needs %s',
    (name) => {
      expect(problemsOf({ ...OIDC, [name]: '' })).toEqual([
        expect.stringMatching(`^${name}: is needed with AUTH=oidc`),
      ]);
    },
  );

  it.each(['OIDC_CLIENT_SECRET', 'SESSION_SECRET'] as const)('takes %s from a file as well, but not twice', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-auth-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'secret');
    writeFileSync(path, `${SECRET}\n`);
    expect(problemsOf({ ...OIDC, [name]: '', [`${name}_FILE`]: path })).toEqual([]);
    expect(problemsOf({ ...OIDC, [`${name}_FILE`]: path })).toEqual([
      `${name}_FILE: set either this or ${name}, not both`,
    ]);
  });

  it('never prints a secret', () => {
    expect(JSON.stringify(configFrom(OIDC))).not.toContain(SECRET);
    const short = 'too-short-for-a-key';
    const problems = problemsOf({ ...OIDC, SESSION_SECRET: short });
    expect(problems).toEqual(['SESSION_SECRET: must have at least 32 characters']);
  });
});

it.each([
  ['AUTH_JWKS_URL', { ...PROXY_JWT, AUTH_JWKS_URL: 'http://id.example.com/certs' }, 'must be https'],
  ['AUTH_ISSUER', { ...PROXY_JWT, AUTH_ISSUER: 'http://id.example.com' }, 'must be https'],
  ['OIDC_ISSUER', { ...OIDC, OIDC_ISSUER: 'http://id.example.com' }, 'must be https'],
  ['PUBLIC_URL', { ...OIDC, PUBLIC_URL: 'http://desk.example.com' }, 'must be https'],
  ['PUBLIC_URL', { ...OIDC, PUBLIC_URL: 'https://desk.example.com/app' }, 'must be an origin alone'],
  ['PUBLIC_URL', { ...OIDC, PUBLIC_URL: 'desk.example.com' }, 'is not an http'],
  ['OIDC_ISSUER', { ...OIDC, OIDC_ISSUER: 'https://me:pass@id.example.com' }, 'must have no user'],
  ['OIDC_SCOPES', { ...OIDC, OIDC_SCOPES: 'profile email' }, 'must contain openid'],
  ['SESSION_TTL_MINUTES', { ...OIDC, SESSION_TTL_MINUTES: '0' }, 'must be a whole number'],
  ['AUTH_JWT_HEADER', { ...PROXY_JWT, AUTH_JWT_HEADER: 'a header' }, 'must be the name of a header'],
  ['AUTH', { AUTH: 'basic' }, 'must be none, proxy-jwt, oidc'],
  ['AUTH_OPERATORS', { ...PROXY_JWT, AUTH_OPERATORS: '' }, 'neither this nor AUTH_VIEWERS'],
  ['AUTH_OPERATORS', { ...PROXY_JWT, AUTH_OPERATORS: `ops@${OTHER_ACCOUNT_ID}` }, 'names the account'],
])('has one line to say of a bad %s', (name, environment, problem) => {
  expect(problemsOf(environment)).toEqual([expect.stringMatching(`^${name}: .*${problem}`)]);
});

it('takes plain http from loopback, for trying things out', () => {
  const PUBLIC_URL = 'http://localhost:3000';
  expect(problemsOf({ ...OIDC, PUBLIC_URL, OIDC_ISSUER: 'http://127.0.0.1:4000' })).toEqual([]);
});

it('reads a role for one account, and an e-mail address as a whole', () => {
  const { auth } = configFrom({ ...PROXY_JWT, AUTH_OPERATORS: `ann@example.com, ops@${ACCOUNT_ID}` });
  expect(auth).toMatchObject({
    roles: { operators: [{ value: 'ann@example.com' }, { value: 'ops', accountId: ACCOUNT_ID }] },
  });
});

it.each(['net-ops@0123456789abcdef', `net-ops@${ACCOUNT_ID.toUpperCase()}`, 'ann@example.com@deadbeef'])(
  'refuses a role whose account ID is mistyped, which would reach nobody: %s',
  (entry) => {
    expect(problemsOf({ ...PROXY_JWT, AUTH_OPERATORS: entry })).toEqual([
      expect.stringMatching(/^AUTH_OPERATORS.*the account ID at the end of/),
    ]);
  },
);

it.each(['ann@example.com', 'ann@cafe', 'ops@be.ef'])('takes %s for the name of a role', (entry) => {
  expect(problemsOf({ ...PROXY_JWT, AUTH_OPERATORS: entry })).toEqual([]);
});
