// The stand-in for Cloudflare as it is seen over HTTP, without a desk before it.

import { ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { askApi } from '../support/desk.ts';
import { ACCOUNT_ID, FULL_REQUEST, OTHER_ACCOUNT_ID, SMALLEST_REQUEST } from '../support/samples.ts';

async function startTestSandbox() {
  const sandbox = await startSandbox({
    accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID],
    rules: { interfaceAddressRules: 'reference' },
  });
  onTestFinished(() => sandbox.close());
  const authorization = `Bearer ${sandbox.token.reveal()}`;
  return {
    ...sandbox,
    ask: (path: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) =>
      askApi(sandbox.baseUrl + path, {
        ...init,
        headers: { authorization, ...(init.body !== undefined && JSON_TYPE), ...init.headers },
      }),
  };
}

type TestSandbox = Awaited<ReturnType<typeof startTestSandbox>>;

const JSON_TYPE = { 'content-type': 'application/json' };
const TUNNELS = ipsecTunnelsPath(ACCOUNT_ID);

function create(sandbox: TestSandbox, request: object, path = TUNNELS) {
  return sandbox.ask(path, { method: 'POST', body: JSON.stringify(request) });
}

function idOf(result: unknown): string {
  if (typeof result === 'object' && result !== null && 'id' in result) return String(result.id);
  throw new Error('the result has no id');
}

it('says of its token that it is active, and nothing to a client without it', async () => {
  const sandbox = await startTestSandbox();
  const active = { id: expect.stringMatching(/^[0-9a-f]{32}$/), status: 'active' };
  expect((await sandbox.ask('/user/tokens/verify')).envelope.result).toEqual(active);
  const headers = { authorization: 'Bearer another' };
  expect((await sandbox.ask('/user/tokens/verify', { headers })).status).toBe(403);
});

describe('a bearer token is required', () => {
  it.each([
    ['none', ''],
    ['another', 'Bearer another'],
    ['another of the same length', `Bearer ${'x'.repeat(32)}`],
    ['no word Bearer', 'x'.repeat(32)],
    ['another scheme', 'Basic eDp5'],
  ])('%s is refused as Cloudflare does', async (_which, authorization) => {
    const sandbox = await startTestSandbox();
    for (const method of ['GET', 'POST']) {
      const { status, envelope } = await sandbox.ask(TUNNELS, { method, headers: { authorization } });
      expect(status).toBe(403);
      expect(envelope).toEqual({
        success: false,
        errors: [{ code: 10000, message: 'Authentication error' }],
        messages: [],
        result: null,
      });
    }
  });

  it('a random one for each sandbox', async () => {
    const [one, other] = [await startTestSandbox(), await startTestSandbox()];
    expect(one.token.reveal()).not.toBe(other.token.reveal());
    expect((await askApi(one.baseUrl + TUNNELS)).status).toBe(403);
  });
});

describe('tunnels', () => {
  it('are created, listed and found by their ID, without their pre-shared key', async () => {
    const sandbox = await startTestSandbox();
    const { psk: _, ...answered } = FULL_REQUEST;
    const created = await create(sandbox, FULL_REQUEST);
    expect(created.envelope.result).toMatchObject(answered);

    const listed = await sandbox.ask(TUNNELS);
    expect(listed.envelope.result).toEqual({ ipsec_tunnels: [created.envelope.result] });
    const found = await sandbox.ask(`${TUNNELS}/${idOf(created.envelope.result)}`);
    expect(found.envelope.result).toEqual({ ipsec_tunnel: created.envelope.result });
    for (const { text, headers } of [created, listed, found]) {
      expect(text).not.toContain('"psk"');
      expect(headers.get('cf-ray')).toMatch(/^[0-9a-f]{16}-SBX$/);
    }
  });

  it('of one account are not seen by another', async () => {
    const sandbox = await startTestSandbox();
    const { envelope } = await create(sandbox, SMALLEST_REQUEST);
    const others = ipsecTunnelsPath(OTHER_ACCOUNT_ID);
    expect((await sandbox.ask(others)).envelope.result).toEqual({ ipsec_tunnels: [] });
    expect((await sandbox.ask(`${others}/${idOf(envelope.result)}`)).status).toBe(404);
    expect((await create(sandbox, SMALLEST_REQUEST, others)).status).toBe(200);
  });

  it('show their health-check target as an object under the header for it', async () => {
    const sandbox = await startTestSandbox();
    const { envelope } = await create(sandbox, FULL_REQUEST);
    const headers = { 'x-magic-new-hc-target': 'true' };
    const found = await sandbox.ask(`${TUNNELS}/${idOf(envelope.result)}`, { headers });
    expect(found.envelope.result).toMatchObject({
      ipsec_tunnel: { health_check: { target: { saved: '203.0.113.9' } } },
    });
  });

  it('are only validated with validate_only=true: nothing is kept, and no ID is given', async () => {
    const sandbox = await startTestSandbox();
    const { status, envelope, text } = await create(sandbox, FULL_REQUEST, `${TUNNELS}?validate_only=true`);
    expect(status).toBe(200);
    expect(envelope).toMatchObject({ success: true, result: SMALLEST_REQUEST });
    expect(envelope.result).not.toHaveProperty('id');
    expect(text).not.toContain('"psk"');
    expect((await sandbox.ask(TUNNELS)).envelope.result).toEqual({ ipsec_tunnels: [] });
  });

  it('are refused for what the schema refuses, with a pointer to each problem', async () => {
    const sandbox = await startTestSandbox();
    const { status, envelope } = await create(sandbox, { ...SMALLEST_REQUEST, name: '', bgp: { customer_asn: -1 } });
    expect(status).toBe(400);
    expect(envelope.errors.map(({ source }) => source?.pointer)).toEqual(['/name', '/bgp/customer_asn']);
  });

  it.each([
    ['is created', ''],
    ['is only validated', '?validate_only=true'],
  ])('are refused for what conflicts with another one, whether the second %s', async (_how, query) => {
    const sandbox = await startTestSandbox();
    await create(sandbox, FULL_REQUEST);
    const { status, envelope } = await create(sandbox, FULL_REQUEST, TUNNELS + query);
    expect(status).toBe(400);
    expect(envelope.errors.map(({ source }) => source?.pointer)).toEqual([
      '/name',
      '/interface_address',
      '/interface_address6',
      '/custom_remote_identities/fqdn_id',
    ]);
  });
});

describe('what Cloudflare refuses', () => {
  it.each([
    ['an account that is not onboarded', ipsecTunnelsPath('0'.repeat(32)), 400, 1012],
    ['a tunnel that does not exist', `${TUNNELS}/${'0'.repeat(32)}`, 404, 1032],
    ['a path that does not exist', '/user', 404, 7003],
  ])('%s has its code', async (_what, path, status, code) => {
    const { envelope, ...answer } = await (await startTestSandbox()).ask(path);
    expect(answer.status).toBe(status);
    expect(envelope.errors).toMatchObject([{ code }]);
  });

  it.each([
    ['malformed JSON', '{"name":', JSON_TYPE],
    ['a body of another type', 'name=x', { 'content-type': 'text/csv' }],
  ])('%s is answered in the envelope', async (_what, body, headers) => {
    const { status, envelope } = await (await startTestSandbox()).ask(TUNNELS, { method: 'POST', body, headers });
    expect(status).toBe(400);
    expect(envelope.success).toBe(false);
  });

  it('its failures are out of reach over HTTP: with none given, every request is handled', async () => {
    const sandbox = await startTestSandbox();
    const headers = { 'x-failure': 'reset', 'x-sandbox-failure': 'delay' };
    expect((await sandbox.ask(`${TUNNELS}?failure=reset`, { headers })).status).toBe(200);
  });
});
