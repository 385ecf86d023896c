import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { configFrom, temporaryFolder } from './support/desk.ts';
import { ACCOUNT_ID, API_TOKEN, OTHER_ACCOUNT_ID } from './support/samples.ts';

/** With a sign-in: only then may others reach the desk. */
const PROXY_JWT = {
  AUTH: 'proxy-jwt',
  AUTH_JWKS_URL: 'https://acme.cloudflareaccess.com/cdn-cgi/access/certs',
  AUTH_ISSUER: 'https://acme.cloudflareaccess.com',
  AUTH_AUDIENCE: 'desk',
  AUTH_OPERATORS: 'net-ops',
};
const CLOUDFLARE = { CLOUDFLARE_API_TOKEN: API_TOKEN, CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office` };

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  const result = readConfig(environment);
  return result.ok ? [] : result.problems;
}

/** The token that calls would carry, revealed; `undefined` in sandbox mode. */
function tokenFrom(environment: NodeJS.ProcessEnv): string | undefined {
  const { upstream } = configFrom(environment);
  return upstream.kind === 'cloudflare' ? upstream.token.reveal() : undefined;
}

function tokenFile(content: string): string {
  const path = join(temporaryFolder(), 'token');
  writeFileSync(path, content);
  return path;
}

describe('without any variable', () => {
  it('has sandbox accounts that differ at both ends of their IDs, which are what people look at', () => {
    const ids = configFrom({}).accounts.map(({ id }) => id);
    for (const end of [(id: string) => id.slice(0, 4), (id: string) => id.slice(-4)]) {
      expect(new Set(ids.map(end)).size).toBe(ids.length);
    }
  });

  it('is a sandbox on loopback with two made-up accounts', () => {
    expect(configFrom({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      trustedProxies: [],
      rateLimitPerMinute: 600,
      logLevel: 'info',
      upstream: { kind: 'sandbox', tunnels: 0 },
      upstreamTimeoutMs: 15_000,
      dataDir: './data',
      settleMs: 120_000,
      shutdownGraceMs: 35_000,
      accounts: [
        { id: expect.stringMatching(/^[0-9a-f]{32}$/), label: 'Head office' },
        { id: expect.stringMatching(/^[0-9a-f]{32}$/), label: 'Branches' },
      ],
      cloudflareEndpoints: ['198.51.100.1', '203.0.113.1'],
      rules: { interfaceAddressRules: 'reference', virtualSubnet6: undefined },
      auth: { kind: 'none' },
    });
  });

  it('takes the public URL as an origin, from a loopback one too', () => {
    expect(configFrom({ ...PROXY_JWT, PUBLIC_URL: 'https://desk.example.com/' }).publicOrigin).toBe(
      'https://desk.example.com',
    );
    expect(configFrom({ PUBLIC_URL: 'http://localhost:3000' }).publicOrigin).toBe('http://localhost:3000');
  });

  it('is frozen', () => {
    expect(Object.isFrozen(configFrom({}))).toBe(true);
  });

  it('reads an empty variable as one that is not set', () => {
    const names = ['HOST', 'PORT', 'UPSTREAM', 'CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_API_TOKEN_FILE'];
    const others = ['CLOUDFLARE_ACCOUNTS', 'CLOUDFLARE_API_BASE_URL', 'UPSTREAM_TIMEOUT_MS', 'CLOUDFLARE_ENDPOINTS'];
    const rest = ['VIRTUAL_SUBNET6', 'INTERFACE_ADDRESS_RULES', 'INTERFACE_ADDRESS_POOL', 'LOG_LEVEL', 'NODE_ENV'];
    const surface = ['PUBLIC_URL', 'TRUST_PROXY', 'RATE_LIMIT_PER_MINUTE'];
    const empty = Object.fromEntries([...names, ...others, ...rest, ...surface].map((name) => [name, '']));
    expect(configFrom(empty)).toEqual(configFrom({}));
  });
});

describe('each variable is read', () => {
  it.each([
    [{ HOST: '127.0.0.2' }, { host: '127.0.0.2' }],
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: '65535' }, { port: 65_535 }],
    [{ LOG_LEVEL: 'silent' }, { logLevel: 'silent' }],
    [{ ...PROXY_JWT, TRUST_PROXY: 'loopback' }, { trustedProxies: ['loopback'] }],
    [
      { ...PROXY_JWT, TRUST_PROXY: '10.0.0.5, 192.168.0.0/16, 2001:db8::/32,' },
      { trustedProxies: ['10.0.0.5', '192.168.0.0/16', '2001:db8::/32'] },
    ],
    [{ RATE_LIMIT_PER_MINUTE: '0' }, { rateLimitPerMinute: 0 }],
    [{ RATE_LIMIT_PER_MINUTE: '1000000' }, { rateLimitPerMinute: 1_000_000 }],
    [{ UPSTREAM_TIMEOUT_MS: '1' }, { upstreamTimeoutMs: 1 }],
    [{ METRICS_HOST: '10.0.0.7' }, { metrics: undefined }],
    [{ METRICS_PORT: '9464' }, { metrics: { host: '127.0.0.1', port: 9464 } }],
    [{ METRICS_PORT: '0', METRICS_HOST: '::1' }, { metrics: { host: '::1', port: 0 } }],
    [{ SHUTDOWN_GRACE_MS: '0' }, { shutdownGraceMs: 0 }],
    [{ SETTLE_SECONDS: '0' }, { settleMs: 0 }],
    [{ DRIFT_CHECK_MINUTES: '0' }, { driftCheckMs: undefined }],
    [{ DRIFT_CHECK_MINUTES: '15' }, { driftCheckMs: 900_000 }],
    [{ UPSTREAM_TIMEOUT_MS: '20000' }, { shutdownGraceMs: 45_000 }],
    [{ UPSTREAM_TIMEOUT_MS: '600000' }, { upstreamTimeoutMs: 600_000 }],
    [{ CLOUDFLARE_ENDPOINTS: '192.0.2.1, 2001:db8::1,' }, { cloudflareEndpoints: ['192.0.2.1', '2001:db8::1'] }],
    [{ INTERFACE_ADDRESS_RULES: 'guide' }, { rules: { interfaceAddressRules: 'guide', virtualSubnet6: undefined } }],
    [{ SANDBOX_TUNNELS: '20000' }, { upstream: { kind: 'sandbox', tunnels: 20_000 } }],
    [{ ...CLOUDFLARE, UPSTREAM: 'sandbox', SANDBOX_TUNNELS: '1' }, { upstream: { kind: 'sandbox', tunnels: 1 } }],
    [
      { VIRTUAL_SUBNET6: '2001:db8:1::/64' },
      { rules: { interfaceAddressRules: 'reference', virtualSubnet6: '2001:db8:1::/64' } },
    ],
    [
      { INTERFACE_ADDRESS_POOL: '10.4.0.0/16, 172.16.0.0/12,' },
      { rules: { interfaceAddressRules: 'reference', interfaceAddressPool: ['10.4.0.0/16', '172.16.0.0/12'] } },
    ],
    [
      { INTERFACE_ADDRESS_POOL: '169.254.240.0/20,10.0.0.0/31', INTERFACE_ADDRESS_RULES: 'guide' },
      { rules: { interfaceAddressRules: 'guide', interfaceAddressPool: ['169.254.240.0/20', '10.0.0.0/31'] } },
    ],
    [{ UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: ACCOUNT_ID }, { accounts: [{ id: ACCOUNT_ID, label: ACCOUNT_ID }] }],
    [
      { UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: ` ${ACCOUNT_ID} = Head = office , ${OTHER_ACCOUNT_ID}=Branches,` },
      {
        accounts: [
          { id: ACCOUNT_ID, label: 'Head=office' },
          { id: OTHER_ACCOUNT_ID, label: 'Branches' },
        ],
      },
    ],
  ])('%j', (environment, expected) => {
    expect(configFrom(environment)).toMatchObject(expected);
  });

  it('and what belongs to others is ignored', () => {
    expect(configFrom({ PATH: '/usr/bin', TUNNEL_DESK: 'yes' })).toEqual(configFrom({}));
  });
});

describe('the upstream', () => {
  it('is Cloudflare once a token is set, with no account or endpoint of the sandbox', () => {
    expect(configFrom(CLOUDFLARE)).toMatchObject({
      upstream: { kind: 'cloudflare', baseUrl: 'https://api.cloudflare.com/client/v4' },
      accounts: [{ id: ACCOUNT_ID, label: 'Head office' }],
      cloudflareEndpoints: [],
    });
    expect(tokenFrom(CLOUDFLARE)).toBe(API_TOKEN);
  });

  it('is the sandbox where it is asked for by name, token or not', () => {
    expect(configFrom({ ...CLOUDFLARE, UPSTREAM: 'sandbox' }).upstream.kind).toBe('sandbox');
  });

  it('is never the sandbox by accident in production', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([expect.stringMatching(/^UPSTREAM: .*UPSTREAM=sandbox/)]);
    expect(configFrom({ NODE_ENV: 'production', UPSTREAM: 'sandbox' }).upstream.kind).toBe('sandbox');
    expect(configFrom({ NODE_ENV: 'production', ...CLOUDFLARE }).upstream.kind).toBe('cloudflare');
  });

  it('is never a sandbox that shows the names of real accounts, unless it is asked for by name', () => {
    expect(problemsOf({ CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office` })).toEqual([
      expect.stringMatching(
        /^UPSTREAM: .*CLOUDFLARE_ACCOUNTS has no API token.*CLOUDFLARE_API_TOKEN.*UPSTREAM=sandbox$/,
      ),
    ]);
    expect(configFrom({ UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: ACCOUNT_ID }).upstream.kind).toBe('sandbox');
  });

  it.each([
    ['https://cloudflare.example/client/v4/', 'https://cloudflare.example/client/v4'],
    ['https://cloudflare.example', 'https://cloudflare.example'],
    ['http://127.0.0.1:8080/v4', 'http://127.0.0.1:8080/v4'],
    ['http://127.8.9.10', 'http://127.8.9.10'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('is at %s, less the last slash', (CLOUDFLARE_API_BASE_URL, baseUrl) => {
    expect(configFrom({ ...CLOUDFLARE, CLOUDFLARE_API_BASE_URL }).upstream).toMatchObject({ baseUrl });
  });
});

describe('the token', () => {
  it('can come from a file, less the white space around it', () => {
    const CLOUDFLARE_API_TOKEN_FILE = tokenFile(`\n${API_TOKEN}\n`);
    expect(tokenFrom({ ...CLOUDFLARE, CLOUDFLARE_API_TOKEN: '', CLOUDFLARE_API_TOKEN_FILE })).toBe(API_TOKEN);
  });

  it('comes from one place only', () => {
    const CLOUDFLARE_API_TOKEN_FILE = tokenFile(API_TOKEN);
    expect(problemsOf({ ...CLOUDFLARE, CLOUDFLARE_API_TOKEN_FILE })).toEqual([
      'CLOUDFLARE_API_TOKEN_FILE: set either this or CLOUDFLARE_API_TOKEN, not both',
    ]);
  });

  it.each([
    ['does not exist', () => '/nonexistent/token', / file it names: it does not exist\. Expected: /],
    ['is a folder', () => temporaryFolder(), / file it names: it is a folder, not a file\. Expected: /],
    ['lies below a file', () => `${tokenFile(API_TOKEN)}/token`, / a part of its path is a file, not a folder\. /],
    ['is empty', () => tokenFile('\n'), /must be one line/],
    ['has two lines', () => tokenFile(`${API_TOKEN}\n${API_TOKEN}`), /must be one line/],
    ['is the token itself, put in the wrong variable', () => API_TOKEN, / file it names: it does not exist\. /],
  ])('is missed with a reason when its file %s', (_what, path, reason) => {
    const [problem, ...others] = problemsOf({
      CLOUDFLARE_ACCOUNTS: ACCOUNT_ID,
      CLOUDFLARE_API_TOKEN_FILE: path(),
    });
    expect(problem).toMatch(/^CLOUDFLARE_API_TOKEN_FILE: /);
    expect(problem).toMatch(reason);
    expect(problem).not.toContain(API_TOKEN);
    expect(problem).not.toMatch(/\bE[A-Z]{4,}\b/);
    expect(others).toEqual([]);
  });

  it.each(['/uM6Jw/n3Xc8Qv1Zr5Ty7Bk2Lp4Ds9Gf0Ha', 'uM6Jw/n3Xc8Qv1', '/n3Xc8Qv1'])(
    'is not repeated where a secret with slashes stands in its place: %s',
    (secret) => {
      const [problem = ''] = problemsOf({ ...CLOUDFLARE, CLOUDFLARE_API_TOKEN: '', CLOUDFLARE_API_TOKEN_FILE: secret });
      expect(problem).toMatch(/^CLOUDFLARE_API_TOKEN_FILE: cannot read/);
      expect(problem).not.toContain(secret);
    },
  );

  it('is not printed with the configuration', () => {
    expect(JSON.stringify(configFrom(CLOUDFLARE))).not.toContain(API_TOKEN);
  });
});

describe('the proxy', () => {
  it('is the one for https in lower case before all others', () => {
    const all = { http_proxy: 'http://d', HTTPS_PROXY: 'http://b', HTTP_PROXY: 'http://c', https_proxy: 'http://a' };
    expect(configFrom({ ...CLOUDFLARE, ...all }).outgoingProxy?.url.reveal()).toBe('http://a');
  });

  it('is used for nothing on this machine, nor for what NO_PROXY lists', () => {
    const HTTPS_PROXY = 'http://proxy.example:3128';
    const exceptionsOf = (environment: NodeJS.ProcessEnv) =>
      configFrom({ ...CLOUDFLARE, HTTPS_PROXY, ...environment }).outgoingProxy?.exceptions;
    expect(exceptionsOf({})).toBe('localhost,127.0.0.1,::1');
    expect(exceptionsOf({ NO_PROXY: '.corp' })).toBe('localhost,127.0.0.1,::1,.corp');
    expect(exceptionsOf({ NO_PROXY: '.corp', no_proxy: '.lan' })).toBe('localhost,127.0.0.1,::1,.lan');
  });

  it('is not printed with the configuration', () => {
    const HTTPS_PROXY = 'http://desk:Hidden-9Xw@proxy.example';
    expect(JSON.stringify(configFrom({ ...CLOUDFLARE, HTTPS_PROXY }))).not.toContain('Hidden');
  });

  it('whatever it is, keeps no sandbox from starting, which calls nobody', () => {
    expect(configFrom({ HTTPS_PROXY: 'proxy:3128' }).outgoingProxy).toBeUndefined();
  });
});

describe('a bad entry of CLOUDFLARE_ACCOUNTS is named, and what was expected', () => {
  it.each([
    ['an upper-case ID', ACCOUNT_ID.toUpperCase(), 'entry 2 has upper-case letters in the account ID.'],
    ['the label first', `Head office=${ACCOUNT_ID}`, 'entry 2 has the label before the account ID.'],
    ['an ID that is too short', `${ACCOUNT_ID.slice(1)}=Head office`, 'entry 2 has an account ID of 31 characters.'],
    [
      'something else',
      API_TOKEN,
      'entry 2 does not begin with an account ID (its text is not shown: it could be a secret).',
    ],
  ])('%s', (_what, entry, problem) => {
    const problems = problemsOf({ ...CLOUDFLARE, CLOUDFLARE_ACCOUNTS: `${OTHER_ACCOUNT_ID}=Branches,${entry}` });
    expect(problems).toEqual([
      `CLOUDFLARE_ACCOUNTS: ${problem} Expected: an account ID (32 characters, 0-9 and a-f), an equals sign and a label, such as 0123456789abcdef0123456789abcdef=Head office`,
    ]);
  });
});

describe('a bad value is one line that opens with its variable', () => {
  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PORT', ' 80'],
    ['PORT', 'http'],
    ['UPSTREAM', 'Cloudflare'],
    ['UPSTREAM_TIMEOUT_MS', '0'],
    ['UPSTREAM_TIMEOUT_MS', '600001'],
    ['UPSTREAM_TIMEOUT_MS', '15s'],
    ['SHUTDOWN_GRACE_MS', '3600001'],
    ['SETTLE_SECONDS', '86401'],
    ['DRIFT_CHECK_MINUTES', '10081'],
    ['DRIFT_CHECK_MINUTES', '1.5'],
    ['METRICS_PORT', '65536'],
    ['LOG_LEVEL', 'verbose'],
    ['INTERFACE_ADDRESS_RULES', 'strict'],
    ['CLOUDFLARE_ENDPOINTS', '192.0.2.1,192.0.2.256'],
    ['CLOUDFLARE_ENDPOINTS', '192.0.2.0/24'],
    ['VIRTUAL_SUBNET6', '10.0.0.0/8'],
    ['VIRTUAL_SUBNET6', '2001:db8::'],
    ['VIRTUAL_SUBNET6', '2001:db8::/127'],
    ['VIRTUAL_SUBNET6', '2001:db8::1/64'],
    ['INTERFACE_ADDRESS_POOL', '10.0.0.0'],
    ['INTERFACE_ADDRESS_POOL', '10.0.0.0/32'],
    ['INTERFACE_ADDRESS_POOL', '2001:db8::/64'],
    ['INTERFACE_ADDRESS_POOL', '10.0.0.1/24'],
    ['INTERFACE_ADDRESS_POOL', '10.0.0.0/7'],
    ['INTERFACE_ADDRESS_POOL', '10.0.0.0/24,198.51.100.0/24'],
    ['INTERFACE_ADDRESS_POOL', '169.254.240.0/20'],
    ['INTERFACE_ADDRESS_POOL', ','],
    ['CLOUDFLARE_ACCOUNTS', 'Head office'],
    ['CLOUDFLARE_ACCOUNTS', `Head office=${ACCOUNT_ID}`],
    ['CLOUDFLARE_ACCOUNTS', ACCOUNT_ID.toUpperCase()],
    ['CLOUDFLARE_ACCOUNTS', `${ACCOUNT_ID}=a,${ACCOUNT_ID}=b`],
    ['CLOUDFLARE_ACCOUNTS', ','],
    ['PUBLIC_URL', 'desk.example.com'],
    ['PUBLIC_URL', 'http://desk.example.com'],
    ['PUBLIC_URL', 'https://desk.example.com/path'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '1'],
    ['TRUST_PROXY', '*'],
    ['TRUST_PROXY', 'proxy.example.com'],
    ['TRUST_PROXY', '10.0.0.5,10.0.0.256'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '::/0'],
    ['RATE_LIMIT_PER_MINUTE', '-1'],
    ['RATE_LIMIT_PER_MINUTE', '1000001'],
    ['RATE_LIMIT_PER_MINUTE', 'off'],
    ['CLOUDFLARE_API_BASE_URL', 'api.cloudflare.com'],
    ['CLOUDFLARE_API_BASE_URL', 'ftp://api.cloudflare.com'],
    ['CLOUDFLARE_API_BASE_URL', 'http://api.cloudflare.com/client/v4'],
    ['CLOUDFLARE_API_BASE_URL', 'http://127.0.0.1.example.com'],
    ['CLOUDFLARE_API_BASE_URL', 'http://10.0.0.1'],
    ['CLOUDFLARE_API_BASE_URL', 'https://user:secret@api.cloudflare.com'],
    ['CLOUDFLARE_API_BASE_URL', 'https://api.cloudflare.com/?a=1'],
    ['CLOUDFLARE_API_BASE_URL', 'https://api.cloudflare.com/#a'],
    ['CLOUDFLARE_API_TOKEN', 'two words'],
    ['CLOUDFLARE_API_TOKEN', 'two\nlines'],
    ['CLOUDFLARE_API_TOKEN', 'tökén'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
    ['HTTPS_PROXY', 'proxy.example:3128'],
    ['HTTPS_PROXY', 'socks5://proxy.example:1080'],
    ['https_proxy', 'http://'],
    ['http_proxy', 'http://user:50%off@proxy.example'],
  ])('%s=%s', (name, value) => {
    const problems = problemsOf({ ...CLOUDFLARE, [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name}: .+$`))]);
  });

  it('and each problem has a line of its own', () => {
    const problems = problemsOf({ PORT: 'x', LOG_LEVEL: 'x', CLOUDFLARE_ACCOUNTS: 'x,y' });
    expect(problems.map((problem) => problem.split(':', 1)[0])).toEqual([
      'PORT',
      'CLOUDFLARE_ACCOUNTS',
      'CLOUDFLARE_ACCOUNTS',
      'LOG_LEVEL',
    ]);
  });

  it('and Cloudflare needs a token and accounts', () => {
    expect(problemsOf({ UPSTREAM: 'cloudflare' })).toEqual([
      expect.stringMatching(/^CLOUDFLARE_API_TOKEN: /),
      expect.stringMatching(/^CLOUDFLARE_ACCOUNTS: /),
    ]);
    expect(problemsOf({ CLOUDFLARE_API_TOKEN: API_TOKEN })).toEqual([expect.stringMatching(/^CLOUDFLARE_ACCOUNTS: /)]);
  });

  it.each([
    ['beside a bad value', { PORT: 'x' }],
    ['where it is malformed', { CLOUDFLARE_API_TOKEN: `${API_TOKEN} ` }],
    ['where it stands for the accounts', { CLOUDFLARE_ACCOUNTS: API_TOKEN }],
    ['where it stands in the base URL', { CLOUDFLARE_API_BASE_URL: `https://${API_TOKEN}@api.cloudflare.com` }],
    ['where it stands in the proxy URL', { HTTPS_PROXY: `${API_TOKEN}@proxy.example` }],
    ['where it stands for a word', { UPSTREAM: API_TOKEN, LOG_LEVEL: API_TOKEN, INTERFACE_ADDRESS_RULES: API_TOKEN }],
  ])('and none holds the token: %s', (_where, environment) => {
    const problems = problemsOf({ ...CLOUDFLARE, ...environment });
    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).not.toContain(API_TOKEN);
  });

  const VARIABLES = [
    ...['HOST', 'PORT', 'PUBLIC_URL', 'TRUST_PROXY', 'RATE_LIMIT_PER_MINUTE', 'UPSTREAM', 'CLOUDFLARE_API_TOKEN_FILE'],
    ...['CLOUDFLARE_ACCOUNTS', 'CLOUDFLARE_API_BASE_URL', 'UPSTREAM_TIMEOUT_MS', 'SHUTDOWN_GRACE_MS', 'METRICS_HOST'],
    ...[
      'METRICS_PORT',
      'CLOUDFLARE_ENDPOINTS',
      'VIRTUAL_SUBNET6',
      'INTERFACE_ADDRESS_RULES',
      'INTERFACE_ADDRESS_POOL',
      'DATA_DIR',
      'LOG_LEVEL',
    ],
    ...['HTTPS_PROXY', 'NO_PROXY', 'AUTH', 'AUTH_JWT_HEADER', 'AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'],
    ...['AUTH_ROLE_CLAIM', 'AUTH_VIEWERS', 'AUTH_OPERATORS', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
    ...['OIDC_CLIENT_SECRET_FILE', 'OIDC_SCOPES', 'SESSION_SECRET', 'SESSION_SECRET_FILE', 'SESSION_TTL_MINUTES'],
  ];
  const secrets = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 }),
    fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 32, maxLength: 32 }),
    fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 12, maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'abcXYZ019+/='), minLength: 12, maxLength: 48 }),
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'abc019:/@.%# '), minLength: 12, maxLength: 40 }),
  );
  const AROUND: ((secret: string) => string)[] = [
    (secret) => secret,
    (secret) => `${ACCOUNT_ID}=Head office,${secret}`,
    (secret) => `10.0.0.1,${secret}`,
    (secret) => `${secret}@deadbeef`,
    (secret) => `ops@${secret}`,
    (secret) => `${secret},${secret}`,
    (secret) => `/${secret}/file`,
    (secret) => `http://${secret}.example`,
  ];
  const MODES = [{}, { UPSTREAM: 'sandbox' }, { AUTH: 'proxy-jwt' }, { AUTH: 'oidc' }];

  it('and none quotes what could be a secret in the wrong variable, whichever and however it is written there', () => {
    fc.assert(
      fc.property(
        ...([fc.constantFrom(...VARIABLES), secrets, fc.constantFrom(...AROUND), fc.constantFrom(...MODES)] as const),
        (variable, secret, around, mode) => {
          const lines = problemsOf({ ...CLOUDFLARE, ...mode, [variable]: around(secret) }).join('\n');
          for (const part of secret.split(/[\s,]+/).filter(({ length }) => length >= 6)) {
            expect(lines.toLowerCase()).not.toContain(part.toLowerCase());
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['CLOUDFLARE_ENDPOINTS', `192.0.2.1,${API_TOKEN}`, 'entry 2 is not an IP address'],
    ['TRUST_PROXY', `10.0.0.5,loopback,${API_TOKEN}`, 'entry 3 is not an address or prefix of a proxy'],
    ['TRUST_PROXY', '10.0.0.5,0.0.0.0/0', 'entry 2 is every address'],
    ['VIRTUAL_SUBNET6', API_TOKEN, 'is not an IPv6 prefix'],
    ['INTERFACE_ADDRESS_POOL', `10.0.0.0/24,${API_TOKEN}`, 'entry 2 is not an IPv4 prefix of /31 or shorter'],
    ['INTERFACE_ADDRESS_POOL', '10.0.0.0/24,10.0.1.1/24', 'entry 2 has host bits set: the prefix is 10.0.1.0/24'],
    [
      'INTERFACE_ADDRESS_POOL',
      '10.0.0.0/24,8.8.8.0/24',
      'entry 2 is outside 10.0.0.0–10.255.255.255, 172.16.0.0–172.31.255.255, 192.168.0.0–192.168.255.255',
    ],
    ['CLOUDFLARE_ACCOUNTS', `${ACCOUNT_ID}=a,${ACCOUNT_ID}=b`, 'entry 2 has the account ID of an entry before it'],
    ['HOST', API_TOKEN, 'is not a loopback address'],
    ['AUTH_OPERATORS', `net-ops,${API_TOKEN}@deadbeef`, 'the account ID at the end of entry 2 is wrong'],
  ])('and it says which entry is wrong, and what was expected: %s', (name, value, problem) => {
    expect(problemsOf({ ...CLOUDFLARE, AUTH: 'none', [name]: value })).toEqual([
      expect.stringContaining(`${name}: ${problem}`),
    ]);
  });
});

it('refuses one port for the desk and its metrics', () => {
  expect(problemsOf({ PORT: '3000', METRICS_PORT: '3000' })).toEqual([expect.stringMatching(/^METRICS_PORT: is PORT/)]);
  expect(problemsOf({ PORT: '0', METRICS_PORT: '0' })).toEqual([]);
  expect(problemsOf({ PORT: '3000', METRICS_PORT: '3000', METRICS_HOST: '127.0.0.2' })).toEqual([]);
});

it('takes made-up tunnels for the sandbox alone, and not too many', () => {
  expect(problemsOf({ ...CLOUDFLARE, SANDBOX_TUNNELS: '10' })).toEqual([
    expect.stringMatching(/^SANDBOX_TUNNELS: is for the sandbox alone/),
  ]);
  for (const SANDBOX_TUNNELS of ['20001', '-1', '1.5', 'many']) {
    expect(problemsOf({ SANDBOX_TUNNELS })).toEqual(['SANDBOX_TUNNELS: must be a whole number from 0 to 20000']);
  }
});
