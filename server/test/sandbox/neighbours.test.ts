// What stands beside an account's IPsec tunnels in the sandbox, listed with Cloudflare's own client.

import {
  bgpFilterProfilesPath,
  greTunnelsPath,
  interconnectsPath,
  ipsecTunnelsPath,
  routesPath,
} from '@tunnel-desk/shared/api/paths';
import { describe, expect, it } from 'vitest';
import { FORBIDDEN } from '../../src/sandbox/injected-failures.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, SMALLEST_REQUEST } from '../support/samples.ts';
import { errorOf, pointersOf, startSandboxWithClient } from './support.ts';

const ACCOUNT = { account_id: ACCOUNT_ID };

describe('each account lists', () => {
  it('GRE tunnels, with the health-check target in the form asked for', async () => {
    const { client } = await startSandboxWithClient();
    const { gre_tunnels: tunnels } = await client.magicTransit.greTunnels.list(ACCOUNT);
    expect(tunnels?.map(({ name }) => name)).toEqual(['gre-lab-1', 'gre-lab-2']);
    expect(tunnels?.[0]?.health_check?.target).toBe('');
    const objects = await client.magicTransit.greTunnels.list({ ...ACCOUNT, 'x-magic-new-hc-target': true });
    expect(objects.gre_tunnels?.[0]?.health_check?.target).toEqual({ saved: '', effective: '203.0.113.201' });
  });

  it('interconnects', async () => {
    const { client } = await startSandboxWithClient();
    const { interconnects } = await client.magicTransit.cfInterconnects.list(ACCOUNT);
    expect(interconnects?.map(({ name, colo_name }) => [name, colo_name])).toEqual([
      ['cni-fra-1', 'fra08'],
      ['cni-ams-1', 'ams01'],
    ]);
  });

  it('BGP filter profiles, as the result itself', async () => {
    const { client } = await startSandboxWithClient();
    const { result } = await client.magicTransit.bgpFilterProfiles.list(ACCOUNT);
    expect(result.map(({ name, match_action }) => [name, match_action])).toEqual([
      ['private-ranges', 'allow'],
      ['no-default-route', 'deny'],
    ]);
    expect(result.map(({ id }) => id)).toEqual(result.map(() => expect.stringMatching(/^[0-9a-f]{32}$/)));
  });

  it('static routes: two of its own, and others through the tunnels that it starts with', async () => {
    const { client } = await startSandboxWithClient({ tunnels: 50 });
    const routes = async (account_id: string) => (await client.magicTransit.routes.list({ account_id })).routes ?? [];
    expect((await routes(OTHER_ACCOUNT_ID)).map(({ nexthop }) => nexthop)).toEqual(['10.255.0.1', '10.255.0.3']);
    expect((await routes(ACCOUNT_ID)).length).toBeGreaterThan(2);
  });

  it('them under the same IDs at every start', async () => {
    const [one, other] = [await startSandboxWithClient(), await startSandboxWithClient()];
    const list = ({ client }: typeof one) => client.magicTransit.greTunnels.list(ACCOUNT);
    expect(await list(one)).toEqual(await list(other));
  });
});

it.each([
  ['a GRE tunnel', { name: 'gre-lab-1', interface_address: '10.255.0.1/31' }],
  ['an interconnect', { name: 'cni-ams-1', interface_address: '10.255.1.2/31' }],
])('the name and the interface subnet of %s are taken', async (_what, fields) => {
  const { tunnels } = await startSandboxWithClient();
  const refused = await errorOf(tunnels.create({ ...ACCOUNT, ...SMALLEST_REQUEST, ...fields }));
  expect(pointersOf(refused)).toEqual(['/name', '/interface_address']);
});

it.each([
  ['GRE tunnels', greTunnelsPath(ACCOUNT_ID)],
  ['interconnects', interconnectsPath(ACCOUNT_ID)],
  ['BGP filter profiles', bgpFilterProfilesPath(ACCOUNT_ID)],
  ['routes', routesPath(ACCOUNT_ID)],
])('a test can forbid the list of %s alone', async (_which, path) => {
  const { send } = await startSandboxWithClient({
    failureFor: ({ url }) => (url.endsWith(path) ? FORBIDDEN : undefined),
  });
  const refused = await send(path);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ success: false, errors: [{ code: 10000 }] });
  expect((await send(ipsecTunnelsPath(ACCOUNT_ID))).status).toBe(200);
});

it('only the first account starts with tunnels', async () => {
  const { tunnels } = await startSandboxWithClient({ tunnels: 3 });
  expect((await tunnels.list(ACCOUNT)).ipsec_tunnels).toHaveLength(3);
  expect((await tunnels.list({ account_id: OTHER_ACCOUNT_ID })).ipsec_tunnels).toEqual([]);
});
