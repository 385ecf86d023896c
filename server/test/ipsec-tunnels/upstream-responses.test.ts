// How a call ends when Cloudflare refuses, fails, is slow or is not there; whatever happens, a create is sent once.

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ERRORS, type ErrorName, RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
import { describe, expect, it } from 'vitest';
import type { InjectedFailure } from '../../src/sandbox/injected-failures.ts';
import { letPass, stopAllClocks, stopClock } from '../support/clock.ts';
import { askApi, create, listTunnels, startDesk, upstreamAt } from '../support/desk.ts';
import { API_TOKEN, FULL_REQUEST, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import {
  closedPort,
  type ReceivedRequest,
  type StubResponse,
  startSandboxUpstream,
  startStub,
  startStubResponding,
  startTcp,
} from '../support/upstream.ts';

const MIB = 1024 * 1024;
const CF_RAY = '8f1c2d3e4f5a6b7c-FRA';
const HTML = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>';
const SUCCESS = { success: true, errors: [], messages: [], result: TUNNEL };

const asHtml = (status: number, headers = {}) => ({
  status,
  headers: { 'content-type': 'text/html', 'cf-ray': CF_RAY, ...headers },
  body: HTML,
});

function refusal(code: number, message: string) {
  return { success: false, errors: [{ code, message }], messages: [], result: null };
}

function failure(name: ErrorName) {
  const { status, code } = ERRORS[name];
  return { status, envelope: { success: false, errors: [{ code }], messages: [], result: null } };
}

/** A create whose outcome is not known and could not be looked for, and what it ended with. */
function unknownAfter(name: ErrorName) {
  const { status, code } = ERRORS[name];
  const errors = [{ code: ERRORS.outcomeUnknown.code }, { code }];
  return { status, envelope: { success: false, errors, messages: [], result: null } };
}

/** A create that was looked for and not found, and the error it ended with. */
function notCreatedAfter(cause: { readonly code: number; readonly message?: string }) {
  const { status, code } = ERRORS.notDone;
  return { status, envelope: { success: false, errors: [{ code }, cause], messages: [], result: null } };
}

function codeOf(name: ErrorName) {
  return { code: ERRORS[name].code };
}

function createsSentTo({ requests }: { readonly requests: readonly ReceivedRequest[] }): number {
  return requests.filter(({ method }) => method === 'POST').length;
}

describe('an answer in the envelope', () => {
  it.each([
    [400, refusal(1001, 'Customer endpoint is not valid')],
    [401, refusal(9109, 'Invalid access token')],
    [403, refusal(10000, 'Authentication error')],
    [403, { success: false, errors: [{ code: 10000, message: 'Authentication error' }] }],
    [404, refusal(7003, 'Could not route')],
    [409, refusal(1002, 'Conflict')],
    [429, refusal(971, 'Please wait and consider throttling your request speed')],
  ])('of a refusal passes through as it came: %i %j', async (status, body) => {
    const stub = await startStubResponding({ status, headers: { 'cf-ray': CF_RAY }, body });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), FULL_REQUEST);
    expect(answer.status).toBe(status);
    expect(answer.envelope).toMatchObject(body);
    expect(answer.headers.get('cf-ray')).toBe(CF_RAY);
    expect(createsSentTo(stub)).toBe(1);
  });

  it.each([
    [500, refusal(10001, 'Internal error')],
    [503, refusal(10013, 'Unavailable')],
  ])('of a failure stands behind what it means for the tunnel: %i', async (status, body) => {
    const stub = await startStubResponding({ status, headers: { 'cf-ray': CF_RAY }, body });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), FULL_REQUEST);
    expect(answer.status).toBe(502);
    expect(answer.envelope.errors).toMatchObject([{ code: ERRORS.outcomeUnknown.code }, ...body.errors]);
    expect(answer.headers.get('cf-ray')).toBe(CF_RAY);
    expect(createsSentTo(stub)).toBe(1);
  });

  it('keeps its messages, pointers and whatever else Cloudflare put there', async () => {
    const body = {
      ...SUCCESS,
      messages: [{ code: 1900, message: 'Propagation takes a minute', documentation_url: 'https://example.com/' }],
      result: { ...TUNNEL, added_by_cloudflare_later: { nested: [1, null] } },
      result_info: { count: 1 },
    };
    const stub = await startStubResponding({ status: 201, body });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(answer.status).toBe(201);
    expect(answer.envelope).toEqual(body);
  });

  it('may leave errors and messages out, or null, and is answered with empty ones', async () => {
    const stub = await startStubResponding({ body: { success: true, errors: null, result: TUNNEL } });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(answer.envelope).toEqual(SUCCESS);
  });

  it('keeps the pointer to the field Cloudflare means', async () => {
    const errors = [{ code: 1001, message: 'not allowed', source: { pointer: '/bgp/customer_asn' } }];
    const stub = await startStubResponding({
      status: 400,
      body: { success: false, errors, messages: [], result: null },
    });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(answer.envelope.errors).toEqual(errors);
  });
});

it('passes on no header that the upstream wrote twice', async () => {
  const stub = await startStub((response) => {
    response.setHeader('cf-ray', [CF_RAY, 'another']).setHeader('retry-after', ['1', '2']);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(SUCCESS));
  });
  const { status, headers } = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
  expect(status).toBe(200);
  expect([headers.get('cf-ray'), headers.get('retry-after')]).toEqual([null, null]);
});

describe('a rate limit', () => {
  it.each([
    ['in seconds', '37'],
    ['as a date', new Date(Date.now() + 600_000).toUTCString()],
  ])('in the envelope keeps Cloudflare’s code and its Retry-After %s', async (_form, retryAfter) => {
    const body = refusal(971, 'slow down');
    const stub = await startStubResponding({ status: 429, headers: { 'retry-after': retryAfter }, body });
    const { status, envelope, headers } = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(status).toBe(429);
    expect(envelope).toMatchObject(body);
    expect(headers.get('retry-after')).toBe(retryAfter);
    expect(stub.requests).toHaveLength(1);
  });

  it('in HTML is still 429, with its Retry-After', async () => {
    const stub = await startStubResponding(asHtml(429, { 'retry-after': '37' }));
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(answer).toMatchObject(failure('upstreamRateLimited'));
    expect(answer.headers.get('retry-after')).toBe('37');
    expect(answer.headers.get('cf-ray')).toBe(CF_RAY);
    expect(stub.requests).toHaveLength(1);
  });
});

describe('an unintelligible answer is 502 and never passed on', () => {
  const ANSWERS: [what: string, answer: StubResponse][] = [
    ['HTML with 200', asHtml(200)],
    ['HTML with 502', asHtml(502)],
    ['HTML with 403', asHtml(403)],
    ['a redirect, which is not followed', { status: 307, headers: { location: '/elsewhere' }, body: '' }],
    ['a redirect with an envelope', { status: 302, headers: { location: '/elsewhere' }, body: SUCCESS }],
    ['no body', { body: '' }],
    ['no content', { status: 204, body: '' }],
    ['JSON that is cut short but declared whole', { body: JSON.stringify(SUCCESS).slice(0, -20) }],
    ['JSON of another shape', { body: { status: 'ok' } }],
    ['an array', { body: [SUCCESS] }],
    ['a success without a tunnel', { body: { ...SUCCESS, result: null } }],
    ['a success with half a tunnel', { body: { ...SUCCESS, result: { id: TUNNEL.id } } }],
    ['a success with a list of two tunnels', { body: { ...SUCCESS, result: { ipsec_tunnels: [TUNNEL, TUNNEL] } } }],
    ['a success with an empty list', { body: { ...SUCCESS, result: { ipsec_tunnels: [] } } }],
    ['a failure with 200', { body: refusal(1001, 'not valid') }],
    ['a success with 400', { status: 400, body: SUCCESS }],
    ['a success with 500', { status: 500, body: SUCCESS }],
    ['one said to be compressed', { headers: { 'content-encoding': 'gzip' }, body: SUCCESS }],
    ['a status that HTTP does not have', { status: 999, body: refusal(1001, 'not valid') }],
    ['an error without a code', { status: 400, body: { ...refusal(1, ''), errors: [{ message: 'not valid' }] } }],
  ];

  it.each(ANSWERS)('%s', async (_what, { status = 200, headers, body }) => {
    const stub = await startStub((response, { method }) => {
      // Nobody may list the tunnels here, so that a create cannot be looked for.
      if (method === 'GET') return response.writeHead(403).end(JSON.stringify(refusal(10000, 'Authentication error')));
      response.writeHead(status, { 'content-type': 'application/json', 'cf-ray': CF_RAY, ...headers });
      return response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(answer).toMatchObject(unknownAfter('upstreamUnintelligible'));
    expect(answer.headers.get('cf-ray')).toBe(CF_RAY);
    expect(answer.text).not.toContain('<');
    expect(createsSentTo(stub)).toBe(1);
  });

  /** A success of exactly this many bytes. */
  const successOf = (bytes: number) => {
    const padded = (description: string) => JSON.stringify({ ...SUCCESS, result: { ...TUNNEL, description } });
    return padded('x'.repeat(bytes - padded('').length));
  };

  it('a body of more than 1 MiB', async () => {
    const stub = await startStubResponding({ body: successOf(MIB + 1) });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(answer).toMatchObject(unknownAfter('upstreamUnintelligible'));
    expect(createsSentTo(stub)).toBe(1);
  });

  it('a body of 1 MiB with white space after it', async () => {
    const stub = await startStubResponding({ body: JSON.stringify(SUCCESS) + ' '.repeat(MIB) });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(answer).toMatchObject(unknownAfter('upstreamUnintelligible'));
  });

  it('but a body of 1 MiB is read', async () => {
    const stub = await startStubResponding({ body: successOf(MIB) });
    const { status } = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(status).toBe(200);
  });
});

describe('a create that was sent and got no usable response is looked for', () => {
  const unanswered = (failure: InjectedFailure) =>
    startSandboxUpstream(({ method }) => (method === 'POST' ? failure : undefined));

  it.each<[InjectedFailure, string]>([
    [{ kind: 'reset', handled: true }, 'the connection broke before the answer'],
    [{ kind: 'cut-short', handled: true }, 'the answer was cut short'],
    [{ kind: 'response', status: 200, body: HTML, handled: true }, 'a gateway replaced the response'],
    [{ kind: 'response', status: 502, body: HTML, handled: true }, 'a gateway gave up'],
    [
      { kind: 'response', status: 500, body: JSON.stringify(refusal(10001, 'Internal')), handled: true },
      'it failed late',
    ],
  ])('%j: and found, %s', async (failure) => {
    const { baseUrl, methods } = await unanswered(failure);
    const desk = await startDesk(upstreamAt(baseUrl));
    const answer = await create(desk, FULL_REQUEST);
    expect(answer.status).toBe(200);
    expect(answer.envelope).toMatchObject({ success: true, messages: [{ code: RECONCILED_CODE }] });
    expect(answer.envelope.result).toMatchObject({ name: FULL_REQUEST.name });
    expect(methods).toEqual(['POST', 'GET']);
  });

  it.each<[InjectedFailure, { code: number; message?: string }, string]>([
    [{ kind: 'reset', handled: false }, codeOf('upstreamConnectionLost'), 'the connection broke on the way there'],
    [
      { kind: 'response', status: 503, body: HTML, handled: false },
      { ...codeOf('upstreamUnintelligible'), message: "status 503 with HTML, not from Cloudflare's API" },
      'a gateway refused it',
    ],
    [
      { kind: 'response', status: 500, body: JSON.stringify(refusal(10001, 'Internal')), handled: false },
      { code: 10001, message: 'Internal' },
      'it failed',
    ],
  ])('%j: and not found, so that it is safe to try again, behind which stands %j, %s', async (injected, cause) => {
    const { baseUrl, methods } = await unanswered(injected);
    const desk = await startDesk({ ...upstreamAt(baseUrl), SETTLE_SECONDS: '0' });
    expect(await create(desk, SMALLEST_REQUEST)).toMatchObject(notCreatedAfter(cause));
    expect(await listTunnels(desk)).toEqual({ ipsec_tunnels: [] });
    expect(methods.filter((method) => method === 'POST')).toHaveLength(1);
  });

  it.each([
    ['other values', { interface_address: '10.9.0.0/31' }, 'whose interface_address is 10.9.0.0/31, not 10.0.0.0/31'],
    ['a customer endpoint that was not sent', { customer_endpoint: '203.0.113.7' }, 'not left out'],
    ['an earlier date', { created_on: new Date(Date.now() - 3_600_000).toISOString() }, 'before this create was sent'],
    ['no date', { created_on: undefined }, 'when it was created cannot be told'],
  ])('and what has its name and %s is neither taken for it nor for its absence', async (_what, values, found) => {
    const other = { ...TUNNEL, created_on: new Date(Date.now() + 60_000).toISOString(), ...values };
    const stub = await startStub((response, { method }) => {
      if (method === 'POST') response.destroy();
      else response.end(JSON.stringify({ ...SUCCESS, result: { ipsec_tunnels: [other] } }));
    });
    const desk = await startDesk({ ...upstreamAt(stub.baseUrl), SETTLE_SECONDS: '0' });
    const answer = await create(desk, SMALLEST_REQUEST);
    expect(answer).toMatchObject(unknownAfter('upstreamConnectionLost'));
    expect(answer.envelope.errors[0]?.message).toContain(found);
    expect(createsSentTo(stub)).toBe(1);
  });

  it.each([
    ['name', { ...TUNNEL, name: 'branch-2' }],
    ['values', { ...TUNNEL, interface_address: '10.9.0.0/31' }],
    ['values in an older wrapper', { ipsec_tunnels: [{ ...TUNNEL, cloudflare_endpoint: '198.51.100.9' }] }],
  ])('and so is one whose success is about a tunnel of another %s', async (_what, result) => {
    const stub = await startStub((response, { method }) => {
      response.end(JSON.stringify({ ...SUCCESS, result: method === 'POST' ? result : { ipsec_tunnels: [] } }));
    });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(answer).toMatchObject(unknownAfter('upstreamUnintelligible'));
  });

  it('and a list with an entry that cannot be read proves nothing', async () => {
    const stub = await startStub((response, { method }) => {
      if (method === 'POST') response.destroy();
      else response.end(JSON.stringify({ ...SUCCESS, result: { ipsec_tunnels: [{ id: 'x' }] } }));
    });
    const desk = await startDesk({ ...upstreamAt(stub.baseUrl), SETTLE_SECONDS: '0' });
    expect(await create(desk, SMALLEST_REQUEST)).toMatchObject(unknownAfter('upstreamConnectionLost'));
    // Nor is it passed on as if it were whole.
    expect((await askApi(desk.tunnels)).status).toBe(502);
  });

  it('within the time limit of one call in all, however slow the list is', async () => {
    const listed = Promise.withResolvers<void>();
    const stub = await startStub((response, { method }) => {
      if (method === 'POST') response.destroy();
      else listed.resolve();
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    stopAllClocks();
    const answer = create(desk, SMALLEST_REQUEST);
    await listed.promise;
    letPass(15_000);
    expect(await answer).toMatchObject(unknownAfter('upstreamConnectionLost'));
  });

  it('even when the server is told to stop in the meantime', async () => {
    const reached = Promise.withResolvers<ServerResponse>();
    const created: object[] = [];
    const stub = await startStub((response, { method }) => {
      if (method === 'POST') reached.resolve(response);
      else response.end(JSON.stringify({ ...SUCCESS, result: { ipsec_tunnels: created } }));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    const answer = create(desk, SMALLEST_REQUEST);
    const response = await reached.promise;
    const closed = desk.app.close();
    created.push({ ...TUNNEL, created_on: new Date().toISOString() });
    response.destroy();
    expect((await answer).envelope).toMatchObject({ success: true, messages: [{ code: RECONCILED_CODE }] });
    await closed;
  });

  it('and whether it took effect stays open where nobody lists the tunnels', async () => {
    const stub = await startStub((response, { method }) => {
      if (method === 'POST') response.destroy();
      else response.writeHead(403).end(JSON.stringify(refusal(10000, 'Authentication error')));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    expect(await create(desk, SMALLEST_REQUEST)).toMatchObject(unknownAfter('upstreamConnectionLost'));
  });

  it('but a validation is not, because it creates nothing', async () => {
    const { baseUrl, methods } = await unanswered({ kind: 'cut-short', handled: true });
    const desk = await startDesk(upstreamAt(baseUrl));
    const answer = await create(desk, SMALLEST_REQUEST, { query: '?validate_only=true' });
    expect(answer).toMatchObject(failure('upstreamConnectionLost'));
    expect(methods).not.toContain('GET');
  });
});

describe('a connection that breaks off after the request went out is 502', () => {
  it.each([
    ['nothing, and closes', ''],
    ['what is not HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['fewer bytes than it declared', 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"success":true'],
    ['chunks without their end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"suc\r\n'],
  ])('to an upstream that answers %s', async (_what, bytes) => {
    let creates = 0;
    const port = await startTcp((socket) => {
      socket.once('data', (request) => {
        if (request.toString().startsWith('POST')) creates += 1;
        socket.end(bytes);
      });
    });
    const desk = await startDesk(upstreamAt(`http://127.0.0.1:${port}`));
    expect(await create(desk, SMALLEST_REQUEST)).toMatchObject(unknownAfter('upstreamConnectionLost'));
    expect(creates).toBe(1);
  });
});

describe('an upstream that takes longer than the limit', () => {
  const UPSTREAM_TIMEOUT_MS = 15_000;

  /** A stub that answers as told, and a promise of the moment at which the first request has reached it. */
  async function startWatchedStub(answer: (response: ServerResponse) => void) {
    const reached = Promise.withResolvers<void>();
    const stub = await startStub((response, { method }) => {
      // Nobody may list the tunnels here, so that a create cannot be looked for.
      if (method === 'GET') response.writeHead(403).end(JSON.stringify(refusal(10000, 'Authentication error')));
      else answer(response);
      reached.resolve();
    });
    return { ...stub, reached: reached.promise };
  }

  it('is looked for, and the tunnel it made all the same is found', async () => {
    const never: InjectedFailure = { kind: 'delay', ms: 2 ** 31 - 1 };
    const { baseUrl, methods } = await startSandboxUpstream(({ method }) => (method === 'POST' ? never : undefined));
    const desk = await startDesk(upstreamAt(baseUrl));
    stopClock();
    const answer = create(desk, SMALLEST_REQUEST);
    const created = { ipsec_tunnels: [{ name: SMALLEST_REQUEST.name }] };
    await expect.poll(() => listTunnels(desk)).toMatchObject(created);

    letPass(UPSTREAM_TIMEOUT_MS);
    expect((await answer).envelope).toMatchObject({ success: true, messages: [{ code: RECONCILED_CODE }] });
    expect(methods.filter((method) => method === 'POST')).toHaveLength(1);
  });

  it('is answered with 504 when it began an answer and never ends it', async () => {
    const stub = await startWatchedStub((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"success":true,');
    });
    const desk = await startDesk({ ...upstreamAt(stub.baseUrl), UPSTREAM_TIMEOUT_MS: '700' });
    stopClock();
    const answer = create(desk, SMALLEST_REQUEST);
    await stub.reached;
    letPass(700);
    expect(await answer).toMatchObject(unknownAfter('upstreamTimedOut'));
    expect(createsSentTo(stub)).toBe(1);
  });

  it('loses nothing to a later call: the next one is answered as ever', async () => {
    let answered = 0;
    const stub = await startWatchedStub((response) => {
      answered += 1;
      if (answered > 1) response.setHeader('content-type', 'application/json').end(JSON.stringify(SUCCESS));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    stopClock();
    const first = create(desk, SMALLEST_REQUEST);
    await stub.reached;
    letPass(UPSTREAM_TIMEOUT_MS);
    expect(await first).toMatchObject(unknownAfter('upstreamTimedOut'));
    expect((await create(desk, SMALLEST_REQUEST)).status).toBe(200);
  });

  it('is answered with 504 in a list, too', async () => {
    const reached = Promise.withResolvers<void>();
    const stub = await startStub(() => reached.resolve());
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    stopClock();
    const answer = askApi(desk.tunnels);
    await reached.promise;
    letPass(UPSTREAM_TIMEOUT_MS);
    expect(await answer).toMatchObject(failure('upstreamTimedOut'));
    expect(stub.requests).toHaveLength(1);
  });
});

describe('what changes nothing is repeated', () => {
  /** A stub that fails so often as told, and then answers as Cloudflare does. */
  async function startRecoveringStub(failures: number, fail: (response: ServerResponse) => void) {
    let seen = 0;
    return startStub((response, { method }) => {
      seen += 1;
      if (seen <= failures) return fail(response);
      const result = method === 'GET' ? { ipsec_tunnels: [TUNNEL] } : TUNNEL;
      return response.end(JSON.stringify({ ...SUCCESS, result }));
    });
  }

  const FAILURES: [string, (response: ServerResponse) => void][] = [
    ['breaks the connection', (response) => response.destroy()],
    ['fails in HTML', (response) => response.writeHead(502).end(HTML)],
    ['fails in the envelope', (response) => response.writeHead(503).end(JSON.stringify(refusal(10013, 'x')))],
    ['asks for no wait at all', (response) => response.writeHead(429, { 'retry-after': '0' }).end()],
  ];

  it.each(FAILURES)('twice at most, by an upstream that %s', async (_what, fail) => {
    const stub = await startRecoveringStub(2, fail);
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    const validated = await create(desk, SMALLEST_REQUEST, { query: '?validate_only=true' });
    expect(validated.status).toBe(200);
    expect(stub.requests).toHaveLength(3);

    const stubborn = await startRecoveringStub(3, fail);
    const listed = await askApi((await startDesk(upstreamAt(stubborn.baseUrl))).tunnels);
    expect(listed.status).not.toBe(200);
    expect(stubborn.requests).toHaveLength(3);
  });

  it('but not where the upstream asks for a longer wait than there is time', async () => {
    const stub = await startStubResponding({ ...asHtml(429, { 'retry-after': '60' }) });
    const answer = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST, {
      query: '?validate_only=true',
    });
    expect(answer.headers.get('retry-after')).toBe('60');
    expect(stub.requests).toHaveLength(1);
  });

  it('but not what was refused', async () => {
    const stub = await startStubResponding({ status: 400, body: refusal(1001, 'not valid') });
    await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST, { query: '?validate_only=true' });
    expect(stub.requests).toHaveLength(1);
  });
});

describe('an upstream that cannot be reached is 502, and nothing was sent', () => {
  it('because nothing listens', async () => {
    const desk = await startDesk(upstreamAt(`http://127.0.0.1:${await closedPort()}`));
    const answer = await create(desk, FULL_REQUEST);
    expect(answer).toMatchObject(failure('upstreamUnreachable'));
    expect(answer.envelope.errors[0]?.message).toContain('ECONNREFUSED');
  });

  it('because its name is unknown', async () => {
    const desk = await startDesk({ ...upstreamAt('https://tunnel-desk.invalid'), UPSTREAM_TIMEOUT_MS: '400' });
    expect(await create(desk, SMALLEST_REQUEST)).toMatchObject(failure('upstreamUnreachable'));
  });

  it('because it does not speak TLS', async () => {
    const { baseUrl, methods } = await startSandboxUpstream();
    const desk = await startDesk(upstreamAt(baseUrl.replace('http:', 'https:')));
    expect(await create(desk, SMALLEST_REQUEST)).toMatchObject(failure('upstreamUnreachable'));
    expect(methods).toEqual([]);
  });

  it('because no connection comes about in time; nor does it ever offer HTTP/2, which repeats requests', async () => {
    const greeted = Promise.withResolvers<{ socket: Socket; hello: string }>();
    const port = await startTcp((socket) => {
      socket.once('data', (bytes) => greeted.resolve({ socket, hello: bytes.toString('latin1') }));
    });
    const desk = await startDesk(upstreamAt(`https://127.0.0.1:${port}`));
    stopClock();
    const answer = create(desk, SMALLEST_REQUEST);
    const { socket, hello } = await greeted.promise;
    letPass(15_000);
    expect(await answer).toMatchObject(failure('upstreamUnreachable'));
    socket.destroy();

    // The list of protocols in the TLS greeting: nine bytes of one name of eight.
    expect(hello).toContain('\0\x09\x08http/1.1');
    expect(hello).not.toContain(API_TOKEN);
  });
});

it('is asked not to compress', async () => {
  const stub = await startStubResponding({ body: SUCCESS });
  await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
  expect(stub.requests[0]?.headers['accept-encoding']).toBe('identity');
});

describe('listing the tunnels', () => {
  it('passes on what Cloudflare has', async () => {
    const result = { ipsec_tunnels: [TUNNEL] };
    const stub = await startStubResponding({ headers: { 'cf-ray': CF_RAY }, body: { ...SUCCESS, result } });
    const { status, envelope, headers } = await askApi((await startDesk(upstreamAt(stub.baseUrl))).tunnels);
    expect(status).toBe(200);
    expect(envelope.result).toEqual(result);
    expect(headers.get('cf-ray')).toBe(CF_RAY);
    expect(stub.requests).toMatchObject([{ method: 'GET', body: '' }]);
    expect(stub.requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('is 502 where the answer is no list', async () => {
    const stub = await startStubResponding({ body: SUCCESS });
    const answer = await askApi((await startDesk(upstreamAt(stub.baseUrl))).tunnels);
    expect(answer).toMatchObject(failure('upstreamUnintelligible'));
  });

  it('passes a refusal on', async () => {
    const stub = await startStubResponding({ status: 403, body: refusal(10000, 'Authentication error') });
    expect((await askApi((await startDesk(upstreamAt(stub.baseUrl))).tunnels)).status).toBe(403);
  });
});
