// Changing, deleting and re-keying a tunnel through the desk: what is sent, what is recorded, and who is let through.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditPageSchema, PSK_NOT_RECORDED } from '@tunnel-desk/shared/api/audit';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { IDEMPOTENCY_KEY_HEADER } from '@tunnel-desk/shared/api/submissions';
import { generatedPskSchema, type IpsecTunnel, tunnelResultSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, it } from 'vitest';
import type { FailureFor } from '../../src/sandbox/injected-failures.ts';
import { ask, askApi, type Desk, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { FULL_REQUEST, PSK, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { createIn, startSandboxUpstream, startStub, tunnelsIn } from '../support/upstream.ts';

interface Asked {
  readonly path?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the desk to do something to a tunnel. */
function change(desk: Desk, method: string, id: string, { path = '', body, headers = {} }: Asked = {}) {
  return askApi(`${desk.tunnels}/${id}${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** A desk before a sandbox that holds a tunnel with every field. */
async function startWithTunnel(failureFor?: FailureFor, environment: NodeJS.ProcessEnv = {}) {
  const requests: string[] = [];
  const sandbox = await startSandboxUpstream((request) => {
    if (request.headers['user-agent'] === 'the test') return undefined;
    requests.push(`${request.method} ${request.url.replace(/^.*ipsec_tunnels/, '')}`);
    return failureFor?.(request);
  });
  const tunnel = await createIn(sandbox, FULL_REQUEST);
  const desk = await startDesk({ ...upstreamAt(sandbox.baseUrl), ...environment });
  return { desk, tunnel, requests, tunnels: () => tunnelsIn(sandbox) };
}

async function tagOf(desk: Desk, id: string): Promise<string> {
  return (await change(desk, 'GET', id)).headers.get('etag') ?? '';
}

async function entriesOf(desk: Desk) {
  return auditPageSchema.parse((await askApi(`${desk.origin}/api/audit`)).envelope.result).entries;
}

const UPDATE = { ...SMALLEST_REQUEST, description: 'changed' };

describe('an update', () => {
  it('reads the tunnel again, then sends what it was given and nothing else', async () => {
    const bodies: unknown[] = [];
    const stub = await startStub((response, { method, body }) => {
      if (method === 'PUT') bodies.push(JSON.parse(body));
      const result = method === 'PUT' ? { modified: true, modified_ipsec_tunnel: TUNNEL } : { ipsec_tunnel: TUNNEL };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: true, result }));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    await change(desk, 'PUT', TUNNEL.id, { body: UPDATE });
    await change(desk, 'PUT', TUNNEL.id, { body: { ...UPDATE, psk: PSK } });
    expect(bodies).toEqual([UPDATE, { ...UPDATE, psk: PSK }]);
    expect(stub.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT']);
  });

  it('is validated by the same rules as a create', async () => {
    const { desk, tunnel, requests } = await startWithTunnel();
    const { status, envelope } = await change(desk, 'PUT', tunnel.id, { body: { ...UPDATE, psk: '', nmae: 'x' } });
    expect(status).toBe(400);
    expect(envelope.errors.map(({ source }) => source?.pointer)).toEqual(['/psk', '/nmae']);
    expect(requests).toEqual([]);
  });

  it('is recorded with the tunnel as it was, and with a mark where its key was', async () => {
    const { desk, tunnel } = await startWithTunnel();
    await change(desk, 'PUT', tunnel.id, { body: { ...UPDATE, psk: PSK } });
    const [entry] = await entriesOf(desk);
    expect(entry).toMatchObject({
      action: 'update',
      resource: { id: tunnel.id, name: tunnel.name },
      before: { id: tunnel.id, description: FULL_REQUEST.description },
      outcome: { result: 'updated', tunnelId: tunnel.id },
    });
    expect(entry?.request).toEqual({ ...UPDATE, psk: PSK_NOT_RECORDED });
  });

  it('that Cloudflare responds to with modified: false is looked into', async () => {
    const stub = await startStub((response, { method }) => {
      const result = method === 'PUT' ? { modified: false } : { ipsec_tunnel: TUNNEL };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: true, result }));
    });
    const desk = await startDesk({ ...upstreamAt(stub.baseUrl), SETTLE_SECONDS: '0' });
    const { envelope } = await change(desk, 'PUT', TUNNEL.id, { body: UPDATE });
    expect(envelope.errors[0]?.code).toBe(ERRORS.notDone.code);
  });
});

describe('If-Match', () => {
  it.each(['PUT', 'DELETE'])('lets a %s through where the tunnel is as it was', async (method) => {
    const { desk, tunnel } = await startWithTunnel();
    const headers = { 'if-match': await tagOf(desk, tunnel.id) };
    const body = method === 'PUT' ? { body: UPDATE } : {};
    expect((await change(desk, method, tunnel.id, { headers, ...body })).status).toBe(200);
  });

  it('is the same in both forms of the health-check target', async () => {
    const { desk, tunnel } = await startWithTunnel();
    const asObject = await change(desk, 'GET', tunnel.id, { headers: { 'x-magic-new-hc-target': 'true' } });
    expect(asObject.headers.get('etag')).toBe(await tagOf(desk, tunnel.id));
  });

  it.each([
    ['PUT', ''],
    ['DELETE', ''],
    ['POST', '/psk_generate'],
  ])('stops a %s of %s where somebody has changed the tunnel since, and shows both versions', async (method, path) => {
    const { desk, tunnel, requests, tunnels } = await startWithTunnel();
    const headers = { 'if-match': await tagOf(desk, tunnel.id) };
    await change(desk, 'PUT', tunnel.id, { body: { ...UPDATE, description: 'by somebody else' } });
    const before = await tunnels();
    requests.length = 0;
    const body = method === 'PUT' ? { body: { ...UPDATE, psk: PSK } } : {};
    const stopped = await change(desk, method, tunnel.id, { path, headers, ...body });
    expect(stopped.status).toBe(412);
    expect(stopped.envelope).toMatchObject({
      errors: [{ code: ERRORS.changedSince.code }],
      result: { current: { description: 'by somebody else' }, requested: method === 'PUT' ? UPDATE : null },
    });
    expect(requests).toEqual([`GET /${tunnel.id}`]);
    expect(await tunnels()).toEqual(before);
    // With the tag that came along, it goes through.
    const again = { 'if-match': stopped.headers.get('etag') ?? '' };
    expect((await change(desk, method, tunnel.id, { path, headers: again, ...body })).status).toBe(200);
  });

  it('that is no tag is refused before anything is read', async () => {
    const { desk, tunnel, requests } = await startWithTunnel();
    const { status } = await change(desk, 'DELETE', tunnel.id, { headers: { 'if-match': 'no-quotes' } });
    expect(status).toBe(400);
    expect(requests).toEqual([]);
  });
});

describe('a deletion', () => {
  it('is recorded with the whole tunnel, so that it can be made again', async () => {
    const { desk, tunnel, tunnels } = await startWithTunnel();
    expect((await change(desk, 'DELETE', tunnel.id)).status).toBe(200);
    expect(await tunnels()).toEqual([]);
    const [entry] = await entriesOf(desk);
    expect(entry).toMatchObject({ action: 'delete', request: {}, outcome: { result: 'deleted' } });
    const { bgp_status: _, ...whole } = tunnel;
    expect(entry?.before).toMatchObject(whole);
  });

  it('that comes again under its key is told what the first one was, though the tunnel is gone', async () => {
    const { desk, tunnel, requests } = await startWithTunnel();
    const headers = { [IDEMPOTENCY_KEY_HEADER]: randomUUID() };
    const first = await change(desk, 'DELETE', tunnel.id, { headers });
    const again = await change(desk, 'DELETE', tunnel.id, { headers });
    expect(again.envelope).toEqual(first.envelope);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(requests.filter((request) => request.startsWith('DELETE'))).toHaveLength(1);
  });

  it('of a tunnel that is not there is Cloudflare’s own 404, and nothing is recorded', async () => {
    const { desk, requests } = await startWithTunnel();
    const { status, envelope } = await change(desk, 'DELETE', TUNNEL.id);
    expect([status, envelope.errors[0]?.code]).toEqual([404, 1032]);
    expect(requests).toEqual([`GET /${TUNNEL.id}`]);
    expect(await entriesOf(desk)).toEqual([]);
  });

  it('with a body is refused', async () => {
    const { desk, tunnel, tunnels } = await startWithTunnel();
    expect((await change(desk, 'DELETE', tunnel.id, { body: { all: true } })).status).toBe(400);
    expect(await tunnels()).toHaveLength(1);
  });
});

it.each([
  ['PUT', ''],
  ['DELETE', ''],
  ['POST', '/psk_generate'],
])(
  'a %s of %s is not sent where the tunnel cannot be read right before, and says that nothing was',
  async (method, path) => {
    const { desk, tunnel, requests } = await startWithTunnel((request) =>
      request.method === 'GET' ? { kind: 'response', status: 500, body: 'no', handled: false } : undefined,
    );
    const body = method === 'PUT' ? { body: UPDATE } : {};
    const { status, envelope } = await change(desk, method, tunnel.id, { path, ...body });
    expect(status).toBe(502);
    expect(envelope.errors.map(({ code }) => code)).toEqual([ERRORS.notRead.code, ERRORS.upstreamUnintelligible.code]);
    expect(requests.every((request) => request.startsWith('GET'))).toBe(true);
  },
);

describe('a generated key', () => {
  it('is in the response to its generation, and nowhere else', async () => {
    const DATA_DIR = temporaryFolder();
    const { desk, tunnel } = await startWithTunnel(undefined, { DATA_DIR });
    const headers = { [IDEMPOTENCY_KEY_HEADER]: randomUUID() };
    const { envelope } = await change(desk, 'POST', tunnel.id, { path: '/psk_generate', headers });
    const { psk } = generatedPskSchema.parse(envelope.result);
    const elsewhere = [
      (await change(desk, 'POST', tunnel.id, { path: '/psk_generate', headers })).everything,
      (await ask(`${desk.origin}/api/submissions/${headers[IDEMPOTENCY_KEY_HEADER]}`)).everything,
      (await ask(`${desk.origin}/api/audit`)).everything,
      (await ask(`${desk.origin}/api/audit/export`)).everything,
      (await ask(desk.tunnels)).everything,
      (await ask(`${desk.tunnels}/${tunnel.id}`)).everything,
      ...desk.logLines,
      ...readdirSync(DATA_DIR).map((name) => readFileSync(join(DATA_DIR, name), 'latin1')),
    ];
    expect(elsewhere.join('\n')).toContain('generate-psk');
    expect(elsewhere.join('\n')).not.toContain(psk);
  });

  it('is blacked out where Cloudflare repeats it, there and in later responses', async () => {
    const psk = 'generated-8Jd0Xw5Rk2Vb7Nc4Qz9Ht1Lf6';
    const stub = await startStub((response, { method }) => {
      const result =
        method === 'POST'
          ? { psk, ipsec_tunnel_id: TUNNEL.id, note: `your key is ${psk}` }
          : { ipsec_tunnel: { ...TUNNEL, note: psk } };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: true, result }));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    const generated = await change(desk, 'POST', TUNNEL.id, { path: '/psk_generate' });
    expect(generated.envelope.result).toMatchObject({ psk, note: 'your key is [redacted]' });
    expect((await change(desk, 'GET', TUNNEL.id)).text).not.toContain(psk);
  });

  it('that comes again under its key is not shown a second time, and says so', async () => {
    const { desk, tunnel, requests } = await startWithTunnel();
    const headers = { [IDEMPOTENCY_KEY_HEADER]: randomUUID() };
    await change(desk, 'POST', tunnel.id, { path: '/psk_generate', headers });
    const again = await change(desk, 'POST', tunnel.id, { path: '/psk_generate', headers });
    expect(again.envelope.errors[0]?.code).toBe(ERRORS.keyNotShown.code);
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  });

  it.each([
    ['with an empty body of JSON', { 'content-type': 'application/json' }, undefined],
    ['with an empty object', { 'content-type': 'application/json' }, '{}'],
    ['without a body', {}, undefined],
  ])('can be asked for %s', async (_how, headers, body) => {
    const { desk, tunnel } = await startWithTunnel();
    const init = { method: 'POST', headers, ...(body !== undefined && { body }) };
    expect((await askApi(`${desk.tunnels}/${tunnel.id}/psk_generate`, init)).status).toBe(200);
  });
});

describe('a viewer', () => {
  const CHANGES = [
    ['PUT', '', { body: UPDATE }],
    ['DELETE', '', {}],
    ['POST', '/psk_generate', {}],
  ] as const;

  async function startWithViewer() {
    const proxy = await startProxy();
    const started = await startWithTunnel(undefined, proxy.environment);
    return { ...started, viewer: { [HEADER]: await proxy.sign({ groups: ['readers'] }) } };
  }

  it('reads a tunnel', async () => {
    const { desk, tunnel, viewer: headers } = await startWithViewer();
    const { envelope } = await change(desk, 'GET', tunnel.id, { headers });
    expect(tunnelResultSchema.parse(envelope.result).ipsec_tunnel.id).toBe(tunnel.id);
  });

  it.each(CHANGES)('may not %s %s, and nothing is asked of Cloudflare', async (method, path, body) => {
    const { desk, tunnel, requests, viewer: headers } = await startWithViewer();
    const { status, envelope } = await change(desk, method, tunnel.id, { path, headers, ...body });
    expect([status, envelope.errors[0]?.code]).toEqual([403, ERRORS.notPermitted.code]);
    expect(requests).toEqual([]);
  });

  it.each(CHANGES)('may validate a %s %s', async (method, path, body) => {
    const { desk, tunnel, tunnels, viewer: headers } = await startWithViewer();
    const before = await tunnels();
    const validated = await change(desk, method, tunnel.id, { path: `${path}?validate_only=true`, headers, ...body });
    expect(validated.status).toBe(200);
    expect(withoutLiveState(await tunnels())).toEqual(withoutLiveState(before));
  });
});

function withoutLiveState(tunnels: readonly IpsecTunnel[]) {
  return tunnels.map(({ bgp_status: _, ...rest }) => rest);
}
