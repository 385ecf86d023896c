// Cloudflare's own client against the desk: only its base URL differs.

import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { HEALTH_CHECK_TARGET_HEADER } from '@tunnel-desk/shared/api/paths';
import Cloudflare, { APIError } from 'cloudflare';
import { expect, it } from 'vitest';
import { ask, type Desk, listTunnels, startDesk, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, FULL_REQUEST, OTHER_ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';
import { startSandboxUpstream } from '../support/upstream.ts';

const SMALLEST_PARAMS = { account_id: ACCOUNT_ID, ...SMALLEST_REQUEST };
const VALIDATE_ONLY = { query: { validate_only: true } };

/** The SDK's IPsec tunnels; it needs a token of some kind, which the desk does not look at. */
function tunnelsOf(desk: Desk) {
  const client = new Cloudflare({ apiToken: 'any', baseURL: `${desk.origin}/api`, maxRetries: 0 });
  return client.magicTransit.ipsecTunnels;
}

async function errorOf(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof APIError) return error;
  throw new Error('the call did not fail with an APIError', { cause: error });
}

it('creates a tunnel and gets it typed, without its pre-shared key', async () => {
  const desk = await startDesk();
  const { bgp, ...rest } = FULL_REQUEST;
  const params = { ...rest, account_id: ACCOUNT_ID, bgp: { ...bgp, extra_prefixes: [...bgp.extra_prefixes] } };
  const tunnel = await tunnelsOf(desk).create(params);
  expect(tunnel).toMatchObject({ ...SMALLEST_REQUEST, bgp: { customer_asn: 65001 } });
  expect(tunnel.id).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.stringify(tunnel)).not.toContain(PSK);
  expect(await listTunnels(desk)).toMatchObject({ ipsec_tunnels: [{ id: tunnel.id }] });
});

it('writes the health-check target as an object with the SDK’s parameter for it', async () => {
  const tunnel = await tunnelsOf(await startDesk()).create({
    ...SMALLEST_PARAMS,
    [HEALTH_CHECK_TARGET_HEADER]: true,
    health_check: { direction: 'unidirectional', target: { saved: '203.0.113.9' } },
  });
  expect(tunnel.health_check).toMatchObject({ target: { saved: '203.0.113.9', effective: '203.0.113.9' } });
});

it('validates without creating', async () => {
  const desk = await startDesk();
  await tunnelsOf(desk).create(SMALLEST_PARAMS, { query: { validate_only: true } });
  expect(await listTunnels(desk)).toEqual({ ipsec_tunnels: [] });
});

it('lists what there is', async () => {
  const tunnels = tunnelsOf(await startDesk());
  const created = await tunnels.create(SMALLEST_PARAMS);
  const { ipsec_tunnels: listed } = await tunnels.list({ account_id: ACCOUNT_ID });
  expect(listed?.map(({ id }) => id)).toEqual([created.id]);
});

it('is refused with every problem and its pointer', async () => {
  const refused = await errorOf(
    tunnelsOf(await startDesk()).create({ ...SMALLEST_PARAMS, interface_address: '10.0.0.0/24', psk: '' }),
  );
  expect(refused.status).toBe(400);
  expect(refused.errors).toEqual([
    {
      code: ERRORS.invalidBody.code,
      message: '10.0.0.0/24 is a /24; a tunnel interface must be /31: 10.0.0.0/31',
      source: { pointer: '/interface_address' },
    },
    {
      code: ERRORS.invalidBody.code,
      message: 'a pre-shared key cannot be empty',
      source: { pointer: '/psk' },
    },
  ]);
});

it.each([
  ['an account the desk does not serve', { account_id: OTHER_ACCOUNT_ID }, {}, 403, ERRORS.accountNotAllowed.code],
  ['another word for validate_only', {}, { query: { validate_only: 1 } }, 400, ERRORS.invalidQuery.code],
])('is refused with the desk’s own code: %s', async (_reason, params, options, status, code) => {
  const tunnels = tunnelsOf(await startDesk());
  const refused = await errorOf(tunnels.create({ ...SMALLEST_PARAMS, ...params }, options));
  expect(refused.status).toBe(status);
  expect(refused.errors.map((error) => error.code)).toEqual([code]);
});

it('is told of the outcomes of the upstream as of any other', async () => {
  const { baseUrl, methods } = await startSandboxUpstream(() => ({ kind: 'reset', handled: false }));
  const failed = await errorOf(tunnelsOf(await startDesk(upstreamAt(baseUrl))).create(SMALLEST_PARAMS));
  expect(failed.status).toBe(502);
  expect(failed.errors.map(({ code }) => code)).toEqual([
    ERRORS.outcomeUnknown.code,
    ERRORS.upstreamConnectionLost.code,
  ]);
  expect(methods.filter((method) => method === 'POST')).toEqual(['POST']);
});

it('gets, changes and deletes a tunnel', async () => {
  const desk = await startDesk();
  const tunnels = tunnelsOf(desk);
  const { id } = await tunnels.create(SMALLEST_PARAMS);
  const account = { account_id: ACCOUNT_ID };
  const { modified, modified_ipsec_tunnel: changed } = await tunnels.update(id, {
    ...SMALLEST_PARAMS,
    description: 'The branch in the north',
  });
  expect(modified).toBe(true);
  expect(changed).toMatchObject({ id, description: 'The branch in the north' });
  const { ipsec_tunnel: got } = await tunnels.get(id, account);
  expect(got).toEqual(changed);
  const { deleted, deleted_ipsec_tunnel: gone } = await tunnels.delete(id, account);
  expect(deleted).toBe(true);
  expect(gone).toMatchObject({ id });
  const refused = await errorOf(tunnels.get(id, account));
  expect([refused.status, refused.errors.map(({ code }) => code)]).toEqual([404, [1032]]);
});

it('generates a key, which is in that one response', async () => {
  const desk = await startDesk();
  const tunnels = tunnelsOf(desk);
  const { id } = await tunnels.create(SMALLEST_PARAMS);
  const generated = await tunnels.pskGenerate(id, { account_id: ACCOUNT_ID });
  expect(generated.psk).toMatch(/^.{16,}$/);
  expect(generated).toMatchObject({ ipsec_tunnel_id: id, psk_metadata: { last_generated_on: expect.any(String) } });
  const { ipsec_tunnel: tunnel } = await tunnels.get(id, { account_id: ACCOUNT_ID });
  expect(tunnel?.psk_metadata).toEqual(generated.psk_metadata);
  const everything = [JSON.stringify(tunnel), ...desk.logLines, (await ask(`${desk.origin}/api/audit`)).text].join(
    '\n',
  );
  expect(everything).toContain('generate-psk');
  expect(everything).not.toContain(generated.psk);
});

it.each<[string, (tunnels: ReturnType<typeof tunnelsOf>, id: string) => Promise<unknown>]>([
  ['update', (tunnels, id) => tunnels.update(id, { ...SMALLEST_PARAMS, name: 'another' }, VALIDATE_ONLY)],
  ['delete', (tunnels, id) => tunnels.delete(id, { account_id: ACCOUNT_ID }, VALIDATE_ONLY)],
  ['key', (tunnels, id) => tunnels.pskGenerate(id, { account_id: ACCOUNT_ID }, VALIDATE_ONLY)],
])('validates a change without making it: %s', async (_what, validate) => {
  const desk = await startDesk();
  const tunnels = tunnelsOf(desk);
  const { id } = await tunnels.create(SMALLEST_PARAMS);
  const before = await listTunnels(desk);
  await validate(tunnels, id);
  expect(await listTunnels(desk)).toEqual(before);
});

it.each<[string, (tunnels: ReturnType<typeof tunnelsOf>) => Promise<unknown>]>([
  ['of all tunnels', (tunnels) => tunnels.bulkUpdate({ account_id: ACCOUNT_ID, body: [] })],
])('is refused an update %s, with a sentence', async (_what, call) => {
  const refused = await errorOf(call(tunnelsOf(await startDesk())));
  expect(refused.status).toBe(405);
  expect(refused.errors).toMatchObject([
    { code: ERRORS.methodNotAllowed.code, message: expect.stringContaining('one tunnel at a time') },
  ]);
});
