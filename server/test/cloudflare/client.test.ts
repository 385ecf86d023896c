import { expect, it, onTestFinished } from 'vitest';
import { createCloudflareClient } from '../../src/cloudflare/client.ts';
import { Secret } from '../../src/secret.ts';
import { ACCOUNT_ID, API_TOKEN, PSK, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { startStubResponding } from '../support/upstream.ts';

const AS_STRING = { healthCheckTarget: 'string' } as const;
const TUNNELS = `/client/v4/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels`;

/** A client of a Cloudflare that always responds with this result. */
async function startClient(result: unknown) {
  const { baseUrl, requests } = await startStubResponding({ body: { success: true, result } });
  const client = createCloudflareClient({ baseUrl, token: new Secret(API_TOKEN), timeoutMs: 15_000 });
  onTestFinished(() => client.close());
  return { client, requests };
}

it.each([
  ['as it is', TUNNEL],
  ['wrapped in a list, as older responses have it', { ipsec_tunnels: [TUNNEL] }],
])('reads the tunnel of a create that came %s, and keeps the envelope as it came', async (_how, result) => {
  const { client, requests } = await startClient(result);
  const tunnel = { ...SMALLEST_REQUEST, psk: PSK };
  const response = await client.createIpsecTunnel(ACCOUNT_ID, tunnel, AS_STRING);
  expect(response).toMatchObject({ kind: 'response', success: true, result: TUNNEL, envelope: { result } });
  expect(requests).toMatchObject([{ method: 'POST', url: TUNNELS, body: JSON.stringify(tunnel) }]);
  expect(requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${API_TOKEN}`,
    'content-type': 'application/json',
  });
});

it('takes whatever Cloudflare says to a validation', async () => {
  const { client, requests } = await startClient(null);
  const response = await client.validateIpsecTunnel(ACCOUNT_ID, SMALLEST_REQUEST, AS_STRING);
  expect(response).toMatchObject({ kind: 'response', success: true, result: null });
  expect(requests).toMatchObject([{ method: 'POST', url: `${TUNNELS}?validate_only=true` }]);
});

it('reads the tunnels of a list', async () => {
  const { client, requests } = await startClient({ ipsec_tunnels: [TUNNEL] });
  const response = await client.listIpsecTunnels(ACCOUNT_ID, { healthCheckTarget: 'object' });
  expect(response).toMatchObject({ kind: 'response', success: true, result: { tunnels: [TUNNEL], isComplete: true } });
  expect(requests).toMatchObject([{ method: 'GET', url: TUNNELS, headers: { 'x-magic-new-hc-target': 'true' } }]);
});

it.each([
  ['create', TUNNEL.id],
  ['list', TUNNEL],
] as const)(
  'says of the result of a %s that is another one that it is not what was asked for',
  async (name, result) => {
    const { client } = await startClient(result);
    const response =
      name === 'create'
        ? await client.createIpsecTunnel(ACCOUNT_ID, SMALLEST_REQUEST, AS_STRING)
        : await client.listIpsecTunnels(ACCOUNT_ID, AS_STRING);
    expect(response).toMatchObject({ kind: 'unintelligible', status: 200, content: 'an unexpected result' });
  },
);

it.each([
  ['3600', '3600'],
  ['3601', undefined],
  ['soon', undefined],
])('hands on Retry-After %s of a create as %j', async (header, retryAfter) => {
  const body = { success: false, errors: [{ code: 971, message: 'slow down' }] };
  const { baseUrl } = await startStubResponding({ status: 429, headers: { 'retry-after': header }, body });
  const client = createCloudflareClient({ baseUrl, token: new Secret(API_TOKEN), timeoutMs: 15_000 });
  onTestFinished(() => client.close());
  const response = await client.createIpsecTunnel(ACCOUNT_ID, SMALLEST_REQUEST, AS_STRING);
  expect(response).toMatchObject({ kind: 'response', status: 429, retryAfter });
});
