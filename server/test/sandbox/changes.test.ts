// Changes to a tunnel in the sandbox, made with Cloudflare's own client: what it expects is what the sandbox must do.

import { ipsecTunnelPath } from '@tunnel-desk/shared/api/paths';
import { generatedPskSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, FULL_REQUEST, OTHER_ACCOUNT_ID, PSK, SMALLEST_REQUEST } from '../support/samples.ts';
import { errorOf, pointersOf, startSandboxWithClient } from './support.ts';

const ACCOUNT = { account_id: ACCOUNT_ID };
const SMALLEST = { ...ACCOUNT, ...SMALLEST_REQUEST };
const { bgp, ...REST } = FULL_REQUEST;
const FULL = { ...ACCOUNT, ...REST, bgp: { ...bgp, extra_prefixes: [...bgp.extra_prefixes] } };
const VALIDATE_ONLY = { query: { validate_only: true } };
const UNKNOWN_ID = '0'.repeat(32);

describe('an update', () => {
  it('replaces the tunnel, and keeps its ID, its date and its key', async () => {
    const { tunnels, get } = await startSandboxWithClient();
    const before = await tunnels.create(FULL);
    const { modified, modified_ipsec_tunnel: after } = await tunnels.update(before.id, {
      ...SMALLEST,
      name: 'branch-2',
    });
    expect(modified).toBe(true);
    expect(after).toMatchObject({ id: before.id, name: 'branch-2', psk_metadata: before.psk_metadata });
    expect(after?.created_on).toBe(before.created_on);
    expect(after?.modified_on).not.toBe(before.modified_on);
    for (const reset of ['description', 'customer_endpoint', 'interface_address6', 'bgp', 'custom_remote_identities']) {
      expect(after).not.toHaveProperty(reset);
    }
    expect(after?.health_check).toMatchObject({
      enabled: true,
      rate: 'mid',
      type: 'reply',
      direction: 'bidirectional',
    });
    expect(await get(before.id)).toEqual(after);
  });

  it('merges where a test asks for it', async () => {
    const { tunnels } = await startSandboxWithClient({ updates: 'merge' });
    const before = await tunnels.create(FULL);
    const { modified_ipsec_tunnel: after } = await tunnels.update(before.id, { ...SMALLEST, name: 'branch-2' });
    expect(after).toEqual({ ...before, name: 'branch-2', modified_on: after?.modified_on });
  });

  it('sets a key that it has, and never sends it back', async () => {
    const { tunnels } = await startSandboxWithClient();
    const { id, psk_metadata } = await tunnels.create(SMALLEST);
    expect(psk_metadata).toEqual({});
    const response = await tunnels.update(id, { ...SMALLEST, psk: PSK });
    const { modified_on } = response.modified_ipsec_tunnel ?? {};
    expect(response.modified_ipsec_tunnel?.psk_metadata).toEqual({ last_generated_on: modified_on });
    expect(JSON.stringify(response)).not.toContain(PSK);
  });

  it('writes the health-check target in the form asked for', async () => {
    const { tunnels } = await startSandboxWithClient();
    const { id } = await tunnels.create(SMALLEST);
    const target = { saved: '203.0.113.9' };
    const response = await tunnels.update(id, { ...SMALLEST, 'x-magic-new-hc-target': true, health_check: { target } });
    expect(response.modified_ipsec_tunnel?.health_check?.target).toEqual({ ...target, effective: '203.0.113.9' });
  });

  it('is refused for what the schema of a create refuses', async () => {
    const { tunnels, get } = await startSandboxWithClient();
    const before = await tunnels.create(SMALLEST);
    const refused = await errorOf(
      tunnels.update(before.id, { ...SMALLEST, interface_address: '10.0.0.0/24', psk: '' }),
    );
    expect(refused.status).toBe(400);
    expect(pointersOf(refused)).toEqual(['/interface_address', '/psk']);
    expect(await get(before.id)).toEqual(before);
  });

  it.each([
    ['made', {}],
    ['only validated', VALIDATE_ONLY],
  ])('is refused for what conflicts with another tunnel, whether it is %s', async (_how, options) => {
    const { tunnels } = await startSandboxWithClient();
    await tunnels.create(SMALLEST);
    const { id } = await tunnels.create({ ...SMALLEST, name: 'branch-2', interface_address: '10.0.0.2/31' });
    const refused = await errorOf(tunnels.update(id, SMALLEST, options));
    expect(refused.status).toBe(400);
    expect(pointersOf(refused)).toEqual(['/name', '/interface_address']);
  });

  it('that merges is refused for a conflict with what it keeps', async () => {
    const { tunnels } = await startSandboxWithClient({ updates: 'merge' });
    const identity = { custom_remote_identities: { fqdn_id: `x.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` } };
    await tunnels.create({ ...SMALLEST, ...identity });
    const other = { ...SMALLEST, name: 'branch-2', interface_address: '10.0.0.2/31' };
    const { id } = await tunnels.create({ ...other, ...identity, cloudflare_endpoint: '203.0.113.1' });
    const refused = await errorOf(tunnels.update(id, other));
    expect(pointersOf(refused)).toEqual(['/custom_remote_identities/fqdn_id']);
  });
});

describe('a generated key', () => {
  it('is shown once, replaces the one there was, and is not kept', async () => {
    const { tunnels, get } = await startSandboxWithClient();
    const before = await tunnels.create(FULL);
    const generated = await tunnels.pskGenerate(before.id, ACCOUNT);
    const { psk, ipsec_tunnel_id, ipsec_id, psk_metadata } = generatedPskSchema.parse(generated);
    expect(psk.length).toBeGreaterThanOrEqual(32);
    expect([ipsec_tunnel_id, ipsec_id]).toEqual([before.id, `${before.id}.${ACCOUNT_ID}.ipsec.cloudflare.com`]);
    const after = await get(before.id);
    expect(after?.psk_metadata).toEqual(psk_metadata);
    expect(after?.psk_metadata).not.toEqual(before.psk_metadata);
    expect(after?.modified_on).not.toBe(before.modified_on);
    expect(JSON.stringify(after)).not.toContain(psk);
    expect((await tunnels.pskGenerate(before.id, ACCOUNT)).psk).not.toBe(psk);
  });

  it.each([
    ['no body', {}],
    ['no body, and a content type', { headers: { 'content-type': 'application/json' } }],
    ['an empty form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' }],
    ['an empty object, as the client sent before 7.2', { headers: { 'content-type': 'application/json' }, body: '{}' }],
  ])('needs no body: %s', async (_what, init) => {
    const { tunnels, send } = await startSandboxWithClient();
    const { id } = await tunnels.create(SMALLEST);
    const response = await send(`${ipsecTunnelPath(ACCOUNT_ID, id)}/psk_generate`, { method: 'POST', ...init });
    expect(response.status).toBe(200);
  });
});

it('a delete removes the tunnel and shows what it was', async () => {
  const { tunnels } = await startSandboxWithClient();
  const [tunnel, other] = [
    await tunnels.create(FULL),
    await tunnels.create({ ...SMALLEST, name: 'branch-2', interface_address: '10.0.0.2/31' }),
  ];
  expect(await tunnels.delete(tunnel.id, ACCOUNT)).toEqual({ deleted: true, deleted_ipsec_tunnel: tunnel });
  expect((await errorOf(tunnels.get(tunnel.id, ACCOUNT))).errors).toMatchObject([{ code: 1032 }]);
  expect(await tunnels.list(ACCOUNT)).toEqual({ ipsec_tunnels: [other] });
});

type Tunnels = Awaited<ReturnType<typeof startSandboxWithClient>>['tunnels'];

describe.each([
  ['an update', (tunnels: Tunnels, id: string, options = {}) => tunnels.update(id, SMALLEST, options)],
  ['a delete', (tunnels: Tunnels, id: string, options = {}) => tunnels.delete(id, ACCOUNT, options)],
  ['a generated key', (tunnels: Tunnels, id: string, options = {}) => tunnels.pskGenerate(id, ACCOUNT, options)],
])('%s', (_what, change) => {
  it('that is only validated changes nothing', async () => {
    const { tunnels, get } = await startSandboxWithClient();
    const before = await tunnels.create(FULL);
    const result = await change(tunnels, before.id, VALIDATE_ONLY);
    expect(result).not.toHaveProperty('psk');
    expect(result).not.toMatchObject({ modified: true });
    expect(result).not.toMatchObject({ deleted: true });
    expect(await get(before.id)).toEqual(before);
  });

  it('of a tunnel that does not exist, or of another account, is refused', async () => {
    const { tunnels } = await startSandboxWithClient();
    const { id } = await tunnels.create({ ...SMALLEST, account_id: OTHER_ACCOUNT_ID });
    for (const tunnelId of [UNKNOWN_ID, id]) {
      const refused = await errorOf(change(tunnels, tunnelId));
      expect(refused.status).toBe(404);
      expect(refused.errors).toMatchObject([{ code: 1032 }]);
    }
  });
});

it.each(['PUT', 'DELETE', 'PATCH'])('%s on all tunnels at once is not offered', async (method) => {
  const { send, tunnels } = await startSandboxWithClient();
  const { id } = await tunnels.create(SMALLEST);
  expect((await send(`/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels`, { method })).status).toBe(404);
  if (method === 'PATCH') expect((await send(ipsecTunnelPath(ACCOUNT_ID, id), { method })).status).toBe(404);
  expect(await tunnels.list(ACCOUNT)).toMatchObject({ ipsec_tunnels: [{ id }] });
});
