// Whatever is sent to the desk: it never fails by itself, forwards nothing that the schema refuses, and repeats no secret.
// A run is repeated with the seed that it prints: FUZZ_SEED=… vitest run server/test/fuzz.test.ts

import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import {
  API_PREFIX,
  acceptDriftPath,
  batchesPath,
  batchPath,
  batchRowPath,
  driftPath,
  routerSettingsPath,
  tunnelRouterSettingsPath,
} from '@tunnel-desk/shared/api/paths';
import { createIpsecTunnelRequestSchema } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { routerSettingsSchema } from '@tunnel-desk/shared/routers/settings';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { batchRowSchemaFor } from '../src/batches/read-new-batch.ts';
import { NEIGHBOUR_LISTS } from '../src/cloudflare/neighbour-lists.ts';
import { type Desk, expectNoSecretIn, startDesk, upstreamAt } from './support/desk.ts';
import { rawRequest, sendRaw } from './support/raw-http.ts';
import {
  ACCOUNT_ID,
  FULL_REQUEST,
  OTHER_ACCOUNT_ID,
  PSK,
  ROUTER_SETTINGS,
  SMALLEST_REQUEST,
  TUNNEL,
} from './support/samples.ts';
import { type ReceivedRequest, startStub } from './support/upstream.ts';

/** Few in everyday tests, many in `npm run test:long`. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 1_000);
const RAW_REQUESTS = REQUESTS / 10;
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const TUNNELS_PATH = `/api/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels`;
const UPSTREAM = '/client/v4';
const UPSTREAM_PATH = `${UPSTREAM}/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels`;
const NEIGHBOUR_PATHS = NEIGHBOUR_LISTS.map(({ path }) => path(ACCOUNT_ID));
const ONE_TUNNEL = `/${TUNNEL.id}`;
const SETTINGS_PATH = API_PREFIX + routerSettingsPath(ACCOUNT_ID);
const KEEP_PATH = API_PREFIX + tunnelRouterSettingsPath(ACCOUNT_ID, TUNNEL.id);
const BATCH_ID = '0a8f3c1e-5b7d-4e2a-9c64-d1f0b3a59e77';
const BATCHES = [batchesPath(ACCOUNT_ID), batchPath(ACCOUNT_ID, BATCH_ID), batchRowPath(ACCOUNT_ID, BATCH_ID, 1)];
const DRIFT_PATHS = [driftPath(ACCOUNT_ID), acceptDriftPath(ACCOUNT_ID, TUNNEL.id), acceptDriftPath(ACCOUNT_ID, PSK)];
const GENERATE = `${ONE_TUNNEL}/psk_generate`;

interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  /** As it stands behind the question mark; none where it is empty. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Repeats all it is sent, secrets too, as no upstream should, so that keeping them is the desk's work alone. */
function startEchoingUpstream() {
  return startStub((response, { method, url, body }) => {
    response.setHeader('content-type', 'application/json');
    if (url?.endsWith('/tokens/verify'))
      return response.end(JSON.stringify({ success: true, result: { status: 'active' } }));
    return response.end(JSON.stringify({ success: true, result: resultOf(method, url ?? '', body) }));
  });
}

function resultOf(method: string | undefined, url: string, body: string): object {
  if (url.includes('/bgp/filter_profiles')) return [];
  if (url.includes(GENERATE)) return { psk: GENERATED_KEY, ipsec_tunnel_id: TUNNEL.id };
  switch (method) {
    case 'POST':
      return { ...TUNNEL, ...JSON.parse(body), echo: body };
    case 'PUT':
      return { modified: true, modified_ipsec_tunnel: { ...TUNNEL, ...JSON.parse(body), echo: body } };
    case 'DELETE':
      return { deleted: true, deleted_ipsec_tunnel: TUNNEL };
    default:
      return url.includes(ONE_TUNNEL) ? { ipsec_tunnel: TUNNEL } : { ipsec_tunnels: [TUNNEL] };
  }
}

/** Made up; it may be in the response to its generation alone. */
const GENERATED_KEY = 'generated-Vb7Nc4Qz9Ht1Lf68Jd0Xw5Rk2';

/** No secret among them: an unknown key is named to whoever misspelled it. */
const key = fc.oneof(
  fc.constantFrom('psk', 'PSK', 'name', 'bgp', '__proto__', 'constructor', 'prototype', 'toString', '', 'effective'),
  fc.string(),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, '', ' ', 0, -1, '1', true, 'true', [], {}, '10.0.0.0/24', '10.0.0.1/31', '::/127', '0x7f.1'),
  fc.string({ unit: 'binary' }),
);

const mutations = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom('delete', 'replace', 'add', 'rename', 'wrap'), key, value),
  { minLength: 1, maxLength: 4 },
);

/** A body that was good, with one to four places deleted, replaced, added to or renamed. */
function mutated(...starts: readonly object[]): fc.Arbitrary<Buffer> {
  return fc.tuple(fc.constantFrom(...starts), mutations).map(([start, made]) => {
    const root: Record<string, unknown> = structuredClone({ ...start });
    for (const [place, kind, name, put] of made) {
      const places = placesIn(root);
      const [parent, at] = places[place % places.length] ?? [root, 'name'];
      // A key under another field's name is no secret anybody could know of.
      if (kind === 'rename' && at === 'psk') continue;
      const old = Reflect.get(parent, at);
      const define = (under: string, content: unknown) =>
        // Says no where it cannot, as with the length of a list.
        Reflect.defineProperty(parent, under, { value: content, enumerable: true, configurable: true, writable: true });
      if (kind === 'delete' || kind === 'rename') Reflect.deleteProperty(parent, at);
      if (kind === 'replace') define(at, put);
      if (kind === 'add') define(name, put);
      if (kind === 'rename') define(name, old);
      if (kind === 'wrap') define(at, [old]);
    }
    return Buffer.from(JSON.stringify(root));
  });
}

function placesIn(parent: object): (readonly [object, string])[] {
  return Object.entries(parent).flatMap(([at, content]) => [
    [parent, at] as const,
    ...(typeof content === 'object' && content !== null ? placesIn(content) : []),
  ]);
}

const good = fc
  .tuple(fc.constantFrom<object>(FULL_REQUEST, SMALLEST_REQUEST), fc.string({ minLength: 1 }))
  .map(([request, description]) => Buffer.from(JSON.stringify({ ...request, description })));

const body = fc.oneof(
  { weight: 4, arbitrary: good },
  { weight: 6, arbitrary: mutated(FULL_REQUEST, SMALLEST_REQUEST) },
  { weight: 1, arbitrary: fc.json().map((json) => Buffer.from(json)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  // Cut short, or with a byte that is no UTF-8.
  { weight: 1, arbitrary: fc.tuple(good, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % bytes.length)) },
  {
    weight: 1,
    arbitrary: fc.tuple(good, fc.nat()).map(([bytes, at]) => {
      const spoiled = Buffer.from(bytes);
      spoiled[at % bytes.length] = 0xff;
      return spoiled;
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        '',
        'null',
        '[]',
        `"${PSK}"`,
        '\ufeff{}',
        `{"psk":"${PSK}","psk":"${PSK}"}`,
        `{"__proto__":{"psk":"${PSK}"}}`,
        '['.repeat(30_000),
        JSON.stringify({ ...FULL_REQUEST, description: 'x'.repeat(70_000) }),
      )
      .map((json) => Buffer.from(json)),
  },
);

const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.constantFrom('', 'validate_only=true', 'validate_only=false') },
  {
    weight: 3,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.constantFrom(
            'validate_only',
            'VALIDATE_ONLY',
            'validate_only[]',
            'validate%5Fonly',
            'limit',
            'before',
            'outcome',
            PSK,
          ),
          fc.constantFrom(
            'true',
            'false',
            'TRUE',
            '1',
            '0',
            '',
            '%74rue',
            'true%20',
            'true%00',
            '%',
            PSK,
            '-1',
            '200',
            'created',
          ),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
  },
  { weight: 1, arbitrary: fc.string().map((words) => encodeURI(words.toWellFormed())) },
);

const path = fc.oneof(
  { weight: 8, arbitrary: fc.constant(TUNNELS_PATH) },
  { weight: 4, arbitrary: fc.constantFrom(TUNNELS_PATH + ONE_TUNNEL, TUNNELS_PATH + GENERATE) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[...NEIGHBOUR_PATHS, ...BATCHES, ...DRIFT_PATHS].map((each) => API_PREFIX + each),
      ...[SETTINGS_PATH, API_PREFIX + batchPath(ACCOUNT_ID, PSK), API_PREFIX + batchRowPath(ACCOUNT_ID, BATCH_ID, PSK)],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      TUNNELS_PATH.replace('accounts', '%61ccounts'),
      TUNNELS_PATH.toUpperCase(),
      `${TUNNELS_PATH}/`,
      `/${TUNNELS_PATH}`,
      `/x/..${TUNNELS_PATH}`,
      `${TUNNELS_PATH}/%2e%2e`,
      TUNNELS_PATH.replace(ACCOUNT_ID, OTHER_ACCOUNT_ID),
      TUNNELS_PATH.replace(ACCOUNT_ID, ACCOUNT_ID.toUpperCase()),
      TUNNELS_PATH.replace(ACCOUNT_ID, `${ACCOUNT_ID}%2F`),
      TUNNELS_PATH.replace(ACCOUNT_ID, PSK),
      `${TUNNELS_PATH}/${PSK}`,
      `${TUNNELS_PATH}/..%2f${TUNNEL.id}`,
      `${TUNNELS_PATH}${ONE_TUNNEL.toUpperCase()}`,
      `${TUNNELS_PATH}${ONE_TUNNEL}/psk`,
      `${TUNNELS_PATH}${GENERATE}/`,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['/api/session', '/api/audit', '/api/audit/export', '/healthz', '/readyz', '/', '/index.html', '/metrics'],
      ...[
        '/api',
        '/api/',
        '/auth/sign-in',
        '/auth/callback',
        '/assets/x.js',
        '/signed-out',
        '/%',
        '/%00',
        '/..%2f..%2fetc',
      ],
      ...[`/api/submissions/${PSK}`, '/api/submissions/', `/api/${PSK}`, `/${PSK}`, '/api/submissions/1%27%20OR%201'],
    ),
  },
  { weight: 1, arbitrary: fc.string().map((words) => `/${encodeURI(words.toWellFormed())}`) },
);

const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      ...['application/json', 'application/json; charset=utf-8', 'application/json; charset=latin1', 'text/plain'],
      ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '', 'application/', PSK],
    ),
    'x-magic-new-hc-target': fc.constantFrom('true', 'false', 'TRUE', '1', '', PSK),
    'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('', '1', PSK, '00000000-0000-4000-8000-000000000000')),
    'if-match': fc.constantFrom('*', '"x"', '', PSK),
    origin: fc.constantFrom('null', 'https://evil.example', PSK),
    'sec-fetch-site': fc.constantFrom('same-origin', 'cross-site', 'none', ''),
    host: fc.constantFrom('127.0.0.1', 'localhost', 'evil.example', '', '[', PSK),
    authorization: fc.constantFrom(`Bearer ${PSK}`, 'Basic x'),
    'accept-encoding': fc.constantFrom('gzip', 'br', '*', PSK),
    'content-encoding': fc.constantFrom('gzip', 'identity'),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', PSK),
    'x-request-id': fc.constant(PSK),
    range: fc.constantFrom('bytes=0-', 'bytes=-0', PSK),
    cookie: fc.constant(`psk=${PSK}`),
  },
  { requiredKeys: [] },
);

const anyTarget = fc.record({
  method: fc.oneof(
    { weight: 8, arbitrary: fc.constant('POST') },
    { weight: 2, arbitrary: fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE') },
  ),
  path,
  body,
});

/** What is asked of a single tunnel, with a body where there should be one, or with any other. */
const oneTunnel = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ method: fc.constant('PUT'), path: fc.constant(TUNNELS_PATH + ONE_TUNNEL), body }),
  },
  ...(['DELETE', 'POST'] as const).map((method) => ({
    weight: 1,
    arbitrary: fc.record({
      method: fc.constant(method),
      path: fc.constant(TUNNELS_PATH + (method === 'DELETE' ? ONE_TUNNEL : GENERATE)),
      body: fc.oneof(
        fc.constantFrom('', '{}').map((empty) => Buffer.from(empty)),
        body,
      ),
    }),
  })),
);

/** What is entered about a router, which may never have a key in it. */
const routerSettings = fc.record({
  method: fc.constant('PUT'),
  path: fc.constant(KEEP_PATH),
  body: fc.oneof(
    { weight: 2, arbitrary: fc.constant(Buffer.from(JSON.stringify(ROUTER_SETTINGS))) },
    { weight: 2, arbitrary: mutated(ROUTER_SETTINGS, { ...ROUTER_SETTINGS, psk: PSK }) },
    { weight: 1, arbitrary: body },
  ),
});

const { psk: _, ...KEYLESS_REQUEST } = FULL_REQUEST;
const BATCH = {
  source: { kind: 'file', name: 'branches.csv' },
  rows: [
    { request: KEYLESS_REQUEST, keySource: 'own' },
    { request: SMALLEST_REQUEST, keySource: 'own', sharesKeyWith: 1 },
  ],
};

/** A batch under an ID of its own, which may never have a key in it. */
const newBatch = fc.record({
  method: fc.constant('PUT'),
  path: fc.uuid().map((id) => API_PREFIX + batchPath(ACCOUNT_ID, id)),
  body: fc.oneof(
    { weight: 2, arbitrary: fc.constant(Buffer.from(JSON.stringify(BATCH))) },
    { weight: 3, arbitrary: mutated(BATCH, { ...BATCH, rows: [{ request: FULL_REQUEST, keySource: 'own' }] }) },
    { weight: 1, arbitrary: body },
  ),
});

/** Most say that they are JSON, and most have a body that is, or the schema would never see them. */
const fuzzed: fc.Arbitrary<FuzzedRequest> = fc
  .record({
    target: fc.oneof(
      { weight: 6, arbitrary: anyTarget },
      { weight: 4, arbitrary: oneTunnel },
      { weight: 2, arbitrary: routerSettings },
      { weight: 2, arbitrary: newBatch },
    ),
    query,
    headers: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Record<string, string>>({}) },
      { weight: 2, arbitrary: headers },
    ),
  })
  .map(({ target, query, headers }) => ({
    ...target,
    query,
    headers: { 'content-type': 'application/json', ...headers },
  }));

const agent = new Agent({ keepAlive: true });

async function send({ origin }: Desk, { method, path, query, headers, body }: FuzzedRequest) {
  const { hostname, port } = new URL(origin);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = httpRequest({
    ...{ agent, method, hostname, port, path: query === '' ? path : `${path}?${query}` },
    headers: { ...headers, ...(hasBody && { 'content-length': body.length }) },
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request
      .on('response', resolve)
      .on('error', reject)
      .end(hasBody ? body : undefined);
  });
  return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) };
}

const schemas = {
  string: createIpsecTunnelRequestSchema({
    accountId: ACCOUNT_ID,
    interfaceAddressRules: 'reference',
    healthCheckTarget: 'string',
  }),
  object: createIpsecTunnelRequestSchema({
    accountId: ACCOUNT_ID,
    interfaceAddressRules: 'reference',
    healthCheckTarget: 'object',
  }),
};

const batchRowSchema = batchRowSchemaFor({ accountId: ACCOUNT_ID, interfaceAddressRules: 'reference' });

/** Whether what reached the upstream is what the desk may send: nothing else, and nothing more. */
function expectProper({ method, url, headers, body }: ReceivedRequest): void {
  if (url?.endsWith('/tokens/verify')) return;
  if (method === 'GET') {
    expect([UPSTREAM_PATH, UPSTREAM_PATH + ONE_TUNNEL, ...NEIGHBOUR_PATHS.map((path) => UPSTREAM + path)]).toContain(
      url,
    );
    return;
  }
  const [calledPath, validateOnly = ''] = String(url).split('?');
  expect(['', 'validate_only=true']).toContain(validateOnly);
  const called = `${method} ${calledPath?.slice(UPSTREAM_PATH.length)}`;
  expect([`POST `, `POST ${GENERATE}`, `PUT ${ONE_TUNNEL}`, `DELETE ${ONE_TUNNEL}`]).toContain(called);
  if (method === 'DELETE' || called.endsWith(GENERATE)) {
    expect(body).toBe('');
    return;
  }
  const form = headers['x-magic-new-hc-target'] === 'true' ? 'object' : 'string';
  expect(schemas[form].safeParse(JSON.parse(body)).error).toBeUndefined();
}

const isChange = ({ method, url }: ReceivedRequest) => method !== 'GET' && !url?.includes('?');

it(`answers ${REQUESTS} arbitrary requests as it should`, async () => {
  console.log(`FUZZ_SEED=${seed}`);
  onTestFinished(() => agent.destroy());
  const upstream = await startEchoingUpstream();
  const desk = await startDesk({ ...upstreamAt(upstream.baseUrl), RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'info' });
  const reached = { POST: 0, PUT: 0, DELETE: 0, validations: 0, refusals: 0, kept: 0, batches: 0 };

  const property = fc.asyncProperty(fuzzed, async (request) => {
    upstream.requests.length = 0;
    const { status, headers, text: answer } = await send(desk, request);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    expectNoSecretIn(JSON.stringify(headers) + answer);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const isExport = headers['content-type'] === 'application/x-ndjson; charset=utf-8';
    if (request.path.startsWith('/api/') && request.method !== 'HEAD' && !isExport) {
      expect(headers['content-type']).toMatch(/^application\/json\b/);
      expect(envelopeSchema.parse(JSON.parse(answer)).success).toBe(status === 200);
      if (status === 400) reached.refusals += 1;
    }

    if (request.path === KEEP_PATH) {
      expect(upstream.requests).toEqual([]);
      if (request.method === 'PUT' && status === 200) {
        expect(request.query).toBe('');
        expect(routerSettingsSchema.safeParse(JSON.parse(request.body.toString())).error).toBeUndefined();
        reached.kept += 1;
      }
    }

    if (request.method === 'PUT' && request.path.includes('/tunnel-batches/')) {
      expect(upstream.requests).toEqual([]);
      if (status === 200) {
        expect(request.query).toBe('');
        for (const row of JSON.parse(request.body.toString()).rows) {
          expect(batchRowSchema.safeParse(row).error).toBeUndefined();
        }
        reached.batches += 1;
      }
    }

    for (const received of upstream.requests) expectProper(received);
    const sent = upstream.requests.filter(({ method }) => method !== 'GET');
    expect(sent.length).toBeLessThanOrEqual(1);
    if (!request.path.endsWith('/psk_generate')) expect(answer).not.toContain(GENERATED_KEY);
    // Only who asks for nothing else, or for just that, changes anything.
    if (sent.some(isChange)) {
      expect(sent[0]?.method).toBe(request.method);
      expect([[], [['validate_only', 'false']]]).toContainEqual([...new URLSearchParams(request.query)]);
      if (request.method === 'POST' || request.method === 'PUT' || request.method === 'DELETE')
        reached[request.method] += 1;
    } else if (sent.length === 1) reached.validations += 1;
  });
  await fc.assert(property, { seed, numRuns: REQUESTS });
  // Or all of it would have been refused at once, and shown nothing. The rarest of these is one in a hundred.
  expect(Math.min(...Object.values(reached))).toBeGreaterThan(REQUESTS / 1000);
});

it(`answers or closes the connection of ${RAW_REQUESTS} requests with bytes changed, cut or doubled`, async () => {
  const upstream = await startEchoingUpstream();
  const desk = await startDesk({ ...upstreamAt(upstream.baseUrl), RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'info' });
  const whole = rawRequest(`POST ${TUNNELS_PATH}`, ['Content-Type: application/json'], JSON.stringify(FULL_REQUEST));
  const changes = fc.array(
    fc.tuple(fc.nat(whole.length - 1), fc.constantFrom('change', 'cut', 'double', 'insert'), fc.nat(255)),
    { minLength: 1, maxLength: 5 },
  );
  const property = fc.asyncProperty(changes, async (mutations) => {
    const bytes = mutations.reduce<Buffer>((before, [at, kind, byte]) => {
      const [head, tail] = [before.subarray(0, at), before.subarray(at)];
      if (kind === 'cut') return head;
      if (kind === 'double') return Buffer.concat([head, tail, tail]);
      return Buffer.concat([head, Buffer.from([byte]), kind === 'change' ? tail.subarray(1) : tail]);
    }, whole);
    const answer = await sendRaw(desk.origin, bytes, { hangUp: true });
    expect(answer).not.toMatch(/^HTTP\/1\.1 5/m);
  });
  await fc.assert(property, { seed, numRuns: RAW_REQUESTS });
  for (const received of upstream.requests) expectProper(received);
});
