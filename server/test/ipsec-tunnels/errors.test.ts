// What this server refuses by itself: with every issue named, and without a request to Cloudflare.

import { once } from 'node:events';
import { ERRORS, type ErrorName } from '@tunnel-desk/shared/api/errors';
import { HEALTH_CHECK_TARGET_HEADER, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { expect, it } from 'vitest';
import { askApi, create, startDesk, upstreamAt } from '../support/desk.ts';
import { openSocket, rawRequest, sendRaw } from '../support/raw-http.ts';
import { ACCOUNT_ID, FULL_REQUEST, OTHER_ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';
import { startSandboxUpstream } from '../support/upstream.ts';

const PATH = `/api${ipsecTunnelsPath(ACCOUNT_ID)}`;
const KIB = 1024;

/** A desk before a sandbox that must not hear of the request. */
async function startWatchedDesk() {
  const { baseUrl, methods } = await startSandboxUpstream();
  return { desk: await startDesk(upstreamAt(baseUrl)), methods };
}

function failure(name: ErrorName) {
  const { status, code } = ERRORS[name];
  return { status, envelope: { success: false, errors: [{ code, message: expect.any(String) }], result: null } };
}

const BODIES: [reason: string, body: unknown, pointers: string[]][] = [
  ['an empty object', {}, ['/name', '/cloudflare_endpoint', '/interface_address']],
  ['an array', [], ['']],
  ['null', null, ['']],
  ['a string', '"text"', ['']],
  ['a misspelled key', { ...SMALLEST_REQUEST, pks: PSK }, ['/pks']],
  ['a key that every object inherits', { ...SMALLEST_REQUEST, toString: 1 }, ['/toString']],
  ['a key with a slash and a tilde', { ...SMALLEST_REQUEST, 'a/b~c': 1 }, ['/a~1b~0c']],
  ['a pre-shared key that is no string', { ...SMALLEST_REQUEST, psk: { value: PSK } }, ['/psk']],
  ['null for what may be absent', { ...SMALLEST_REQUEST, customer_endpoint: null }, ['/customer_endpoint']],
  ['text for a flag', { ...SMALLEST_REQUEST, replay_protection: 'true' }, ['/replay_protection']],
  ['an identity of another account', identity(OTHER_ACCOUNT_ID), ['/custom_remote_identities/fqdn_id']],
  ['a forbidden character in the MD5 key', bgp({ md5_key: 'why?' }), ['/bgp/md5_key']],
  ['host bits in the second prefix', bgp({ extra_prefixes: ['10.1.0.0/16', '10.0.0.1/8'] }), ['/bgp/extra_prefixes/1']],
  ['BGP without an ASN', { ...SMALLEST_REQUEST, bgp: {} }, ['/bgp/customer_asn']],
  ['an unknown key deep down', { ...SMALLEST_REQUEST, health_check: { rates: 'mid' } }, ['/health_check/rates']],
  [
    'many problems, each on its own',
    { ...bgp({ md5_key: '', customer_asn: -1 }), name: ' ', interface_address: '10.0.0.0/24', psk: '', colour: 'red' },
    ['/name', '/interface_address', '/psk', '/bgp/customer_asn', '/bgp/md5_key', '/colour'],
  ],
];

function bgp(fields: object) {
  return { ...SMALLEST_REQUEST, bgp: { customer_asn: 65001, ...fields } };
}

function identity(accountId: string) {
  const fqdnId = `branch.${accountId}.custom.ipsec.cloudflare.com`;
  return { ...SMALLEST_REQUEST, custom_remote_identities: { fqdn_id: fqdnId } };
}

it.each(BODIES)('refuses a body with 400 and a pointer to each problem: %s', async (_reason, body, pointers) => {
  const { desk, methods } = await startWatchedDesk();
  const { status, envelope } = await create(desk, body);
  expect(status).toBe(400);
  expect(envelope).toMatchObject({ success: false, messages: [], result: null });
  expect(envelope.errors.map(({ source }) => source?.pointer)).toEqual(pointers);
  expect(new Set(envelope.errors.map(({ code }) => code))).toEqual(new Set([ERRORS.invalidBody.code]));
  expect(methods).toEqual([]);
});

it('says what would be right, with the certain fix', async () => {
  const { desk } = await startWatchedDesk();
  const { envelope } = await create(desk, { ...SMALLEST_REQUEST, interface_address: '10.0.0.0/24' });
  expect(envelope.errors.map(({ message }) => message)).toEqual([
    '10.0.0.0/24 is a /24; a tunnel interface must be /31: 10.0.0.0/31',
  ]);
});

it('refuses a POST without any body', async () => {
  const { desk, methods } = await startWatchedDesk();
  expect(await askApi(desk.tunnels, { method: 'POST' })).toMatchObject(failure('invalidBody'));
  expect(methods).toEqual([]);
});

it.each([
  ['another word for true', '?validate_only=1'],
  ['capitals', '?validate_only=TRUE'],
  ['an empty value', '?validate_only='],
  ['no value', '?validate_only'],
  ['white space', '?validate_only=true%20'],
  ['the parameter twice', '?validate_only=true&validate_only=true'],
  ['the parameter twice, with both meanings', '?validate_only=true&validate_only=false'],
  ['a misspelled parameter', '?validateonly=true'],
  ['a parameter in capitals', '?Validate_only=true'],
  ['an array', '?validate_only[]=true'],
  ['an unknown parameter beside it', '?validate_only=true&dry_run=true'],
  ['a parameter that every object inherits', '?toString=true'],
  ['a parameter that could reach a prototype', '?__proto__=true'],
  ['a semicolon for an ampersand', '?validate_only=true;x=1'],
])('refuses a query with 400 rather than guess: %s', async (_reason, query) => {
  const { desk, methods } = await startWatchedDesk();
  expect(await create(desk, SMALLEST_REQUEST, { query })).toMatchObject(failure('invalidQuery'));
  expect(methods).toEqual([]);
});

it.each([
  ['another word for true', ['1']],
  ['capitals', ['True']],
  ['an empty value', ['']],
  ['the header twice', ['true', 'true']],
])(`refuses ${HEALTH_CHECK_TARGET_HEADER} with 400: %s`, async (_reason, values) => {
  const { desk, methods } = await startWatchedDesk();
  const headers = values.map((value) => `${HEALTH_CHECK_TARGET_HEADER}: ${value}`);
  const body = JSON.stringify(SMALLEST_REQUEST);
  const answer = await sendRaw(
    desk.origin,
    rawRequest(`POST ${PATH}`, ['Content-Type: application/json', ...headers], body),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain(`"code":${ERRORS.invalidHeader.code}`);
  expect(methods).toEqual([]);
});

it.each([
  ['cut short', '{"name":"branch-1","psk":"'],
  ['not JSON at all', `psk=${PSK}`],
  ['with a comma too many', `{"psk":"${PSK}",}`],
  ['with the pre-shared key where the parser fails', `{"psk":${PSK}}`],
  ['with a second value behind the first', `{"psk":"${PSK}"} "${PSK}"`],
  ['with a key that could reach a prototype', `{"__proto__":{"psk":"${PSK}"}}`],
  ['with such a key deep down', `{"bgp":{"__proto__":{"psk":"${PSK}"}}}`],
  ['with a constructor that could reach a prototype', `{"constructor":{"prototype":{"psk":"${PSK}"}}}`],
  ['empty', ''],
])('refuses malformed JSON with 400 and quotes none of it: %s', async (_reason, body) => {
  const { desk, methods } = await startWatchedDesk();
  const answer = await create(desk, body);
  expect(answer).toMatchObject(failure('malformedJson'));
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(methods).toEqual([]);
});

it('refuses JSON that is not UTF-8, which decoding would turn into another pre-shared key', async () => {
  const { desk, methods } = await startWatchedDesk();
  const latin1 = Buffer.from(JSON.stringify({ ...SMALLEST_REQUEST, psk: 'Schlüssel' }), 'latin1');
  const headers = { 'content-type': 'application/json' };
  expect(await askApi(desk.tunnels, { method: 'POST', headers, body: latin1 })).toMatchObject(failure('malformedJson'));
  expect(methods).toEqual([]);
});

it.each([
  ['text/plain', { 'content-type': 'text/plain' }],
  ['text/plain that mentions JSON', { 'content-type': 'text/plain; application/json' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['another kind of JSON', { 'content-type': 'application/vnd.api+json' }],
  ['a type that only begins like JSON', { 'content-type': 'application/jsonp' }],
  ['no type at all', {}],
])('refuses a body that is not declared as JSON with 415: %s', async (_reason, headers) => {
  const { desk, methods } = await startWatchedDesk();
  // As bytes, because fetch itself declares a string to be text/plain.
  const body = Buffer.from(JSON.stringify(FULL_REQUEST));
  expect(await askApi(desk.tunnels, { method: 'POST', headers, body })).toMatchObject(failure('notJson'));
  expect(methods).toEqual([]);
});

it('reads JSON that is declared with a charset', async () => {
  const { desk } = await startWatchedDesk();
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  expect((await create(desk, SMALLEST_REQUEST, { headers })).status).toBe(200);
});

/** A valid request of exactly this many bytes. */
function requestOf(bytes: number): string {
  const padded = (description: string) => JSON.stringify({ ...SMALLEST_REQUEST, psk: PSK, description });
  return padded('x'.repeat(bytes - padded('').length));
}

it('reads a body of 64 KiB', async () => {
  const { desk } = await startWatchedDesk();
  expect((await create(desk, requestOf(64 * KIB))).status).toBe(200);
});

it.each([
  ['declared', (text: string) => text],
  ['sent in chunks', (text: string) => new Blob([text]).stream()],
])('refuses a body of one byte more with 413: %s', async (_how, bodyOf) => {
  const { desk, methods } = await startWatchedDesk();
  const answer = await askApi(desk.tunnels, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: bodyOf(requestOf(64 * KIB + 1)),
    duplex: 'half',
  });
  expect(answer).toMatchObject(failure('bodyTooLarge'));
  expect(methods).toEqual([]);
});

it.each([
  ['too short', 'abc'],
  ['in capitals', ACCOUNT_ID.toUpperCase()],
  ['with another character', `g${ACCOUNT_ID.slice(1)}`],
  ['too long', `${ACCOUNT_ID}0`],
  ['a path traversal', '..%2F..%2Fuser'],
  ['the pre-shared key typed in the wrong place', PSK],
])('refuses a malformed account ID with 400: %s', async (_reason, accountId) => {
  const { desk, methods } = await startWatchedDesk();
  const url = `${desk.origin}/api${ipsecTunnelsPath(accountId)}`;
  expect(await askApi(url)).toMatchObject(failure('invalidAccountId'));
  expect(await askApi(url, { method: 'POST' })).toMatchObject(failure('invalidAccountId'));
  expect(methods).toEqual([]);
});

it('refuses an account that is not on its list with 403', async () => {
  const { desk, methods } = await startWatchedDesk();
  const url = `${desk.origin}/api${ipsecTunnelsPath(OTHER_ACCOUNT_ID)}`;
  expect(await askApi(url)).toMatchObject(failure('accountNotAllowed'));
  expect(methods).toEqual([]);
});

it('refuses such an account before it reads the body', async () => {
  const { desk } = await startWatchedDesk();
  const declared = [
    `POST /api${ipsecTunnelsPath(OTHER_ACCOUNT_ID)} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${64 * KIB}`,
  ];
  const socket = openSocket(desk.origin);
  socket.write(`${declared.join('\r\n')}\r\n\r\n`);
  const [answer]: unknown[] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 403 /);
});

it.each([
  ['an unknown path', 'GET', '/api/unknown'],
  ['the prefix alone', 'GET', '/api'],
  ['the prefix with a slash', 'GET', '/api/'],
  ['a part of a tunnel that there is not', 'GET', `${PATH}/c4a7362d577a6c3019a474fd6f485821/psk`],
  ['a method without a route', 'POST', `${PATH}/c4a7362d577a6c3019a474fd6f485821`],
  ['a slash too many', 'POST', `${PATH}/`],
])('answers 404 in the envelope: %s', async (_reason, method, path) => {
  const { desk, methods } = await startWatchedDesk();
  expect(await askApi(desk.origin + path, { method })).toMatchObject(failure('notFound'));
  expect(methods).toEqual([]);
});

it.each([
  ['PUT', PATH, 'GET, HEAD, POST', 'one tunnel at a time'],
  ['DELETE', PATH, 'GET, HEAD, POST', 'one tunnel at a time'],
  ['PATCH', PATH, 'GET, HEAD, POST', 'one tunnel at a time'],
  ['PATCH', `${PATH}/c4a7362d577a6c3019a474fd6f485821`, 'GET, HEAD, PUT, DELETE', 'there is no PATCH'],
])('answers %s of %s with 405 and a sentence, and sends nothing', async (method, path, allow, sentence) => {
  const { desk, methods } = await startWatchedDesk();
  const answer = await askApi(desk.origin + path, { method });
  expect(answer).toMatchObject(failure('methodNotAllowed'));
  expect(answer.envelope.errors[0]?.message).toContain(sentence);
  expect(answer.headers.get('allow')).toBe(allow);
  expect(methods).toEqual([]);
});

it.each(['GET', 'PUT', 'DELETE'])(
  'answers %s of a tunnel whose ID is none with 400, and sends nothing',
  async (method) => {
    const { desk, methods } = await startWatchedDesk();
    for (const id of ['..%2f..%2fuser', 'C4A7362D577A6C3019A474FD6F485821', 'c4a7']) {
      expect(await askApi(`${desk.origin}${PATH}/${id}`, { method })).toMatchObject(failure('invalidTunnelId'));
    }
    expect(methods).toEqual([]);
  },
);

it.each([
  ['what is no HTTP', Buffer.from(`${PSK}\r\n\r\n`)],
  ['a header without a colon', rawRequest('GET /healthz', [PSK])],
  ['an unknown method', rawRequest('CREATE /healthz')],
  ['headers of more than 16 KiB', rawRequest('GET /healthz', [`X-Long: ${'x'.repeat(17 * KIB)}`])],
  ['two lengths', rawRequest('POST /healthz', ['Content-Length: 7'])],
  ['malformed percent-encoding in an API path', rawRequest(`GET /api/accounts/%zz${PSK}/magic/ipsec_tunnels`)],
  ['malformed percent-encoding elsewhere', rawRequest('GET /tunnels/%')],
])('answers malformed HTTP with 400 in the envelope: %s', async (_reason, bytes) => {
  const { desk } = await startWatchedDesk();
  const answer = await sendRaw(desk.origin, bytes);
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toMatch(/\r\ncontent-type: application\/json\b/i);
  const [, body = ''] = answer.split('\r\n\r\n');
  expect(JSON.parse(body)).toMatchObject(failure('badRequest').envelope);
});
