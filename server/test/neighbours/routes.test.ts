// The lists of what an account has beside its IPsec tunnels, read over real sockets and by Cloudflare's own client.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import {
  API_PREFIX,
  bgpFilterProfilesPath,
  greTunnelsPath,
  HEALTH_CHECK_TARGET_HEADER,
  interconnectsPath,
  routesPath,
} from '@tunnel-desk/shared/api/paths';
import Cloudflare, { APIError } from 'cloudflare';
import { describe, expect, it } from 'vitest';
import { askApi, create, type Desk, startDesk, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, API_TOKEN, OTHER_ACCOUNT_ID, PSK, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { startStub, startStubResponding } from '../support/upstream.ts';

const GRE = {
  id: 'a'.repeat(32),
  name: 'gre-lab-1',
  interface_address: '10.8.0.0/31',
  mtu: 1476,
  unknown: { kept: true },
};
const INTERCONNECT = { id: 'b'.repeat(32), name: 'cni-ams', colo_name: 'ams01', interface_address: '10.8.0.2/31' };
const PROFILE = {
  id: 'c'.repeat(32),
  name: 'Allowed imports',
  description: '',
  match_action: 'allow',
  targets: ['10.0.0.0/8{8,32}'],
} as const;
const ROUTE = { id: 'd'.repeat(32), prefix: '10.1.0.0/16', nexthop: '10.0.0.1', priority: 100 };

const LISTS = [
  { what: 'GRE tunnels', pathOf: greTunnelsPath, result: { gre_tunnels: [GRE] } },
  { what: 'interconnects', pathOf: interconnectsPath, result: { interconnects: [INTERCONNECT] } },
  { what: 'BGP filter profiles', pathOf: bgpFilterProfilesPath, result: [PROFILE] },
  { what: 'routes', pathOf: routesPath, result: { routes: [ROUTE] } },
] as const;

const BASE = '/client/v4';

/** An upstream that has each of the lists at its path. */
function startListing() {
  return startStub((response, { url = '' }) => {
    const list = LISTS.find(({ pathOf }) => url === BASE + pathOf(ACCOUNT_ID));
    const envelope = { ...successEnvelope(list?.result), result_info: { count: 1 } };
    response.writeHead(200, { 'content-type': 'application/json', 'cf-ray': '8f1c2d3e4f5a6b7c-FRA' });
    response.end(JSON.stringify(envelope));
  });
}

function inDesk({ origin }: Desk, pathOf: (accountId: string) => string, accountId = ACCOUNT_ID): string {
  return origin + API_PREFIX + pathOf(accountId);
}

describe.each(LISTS)('the list of $what', ({ pathOf, result }) => {
  it('is what Cloudflare responds, with all that it says', async () => {
    const { baseUrl, requests } = await startListing();
    const desk = await startDesk(upstreamAt(baseUrl));
    const { status, headers, text } = await askApi(inDesk(desk, pathOf));
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ ...successEnvelope(result), result_info: { count: 1 } });
    expect(headers.get('cf-ray')).toBe('8f1c2d3e4f5a6b7c-FRA');
    expect(requests).toMatchObject([
      { method: 'GET', url: BASE + pathOf(ACCOUNT_ID), headers: { authorization: `Bearer ${API_TOKEN}` }, body: '' },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty(HEALTH_CHECK_TARGET_HEADER);
  });

  it.each([
    [403, 10_000, 'Authentication error'],
    [404, 7003, 'No route for that URI'],
    [400, 1012, 'The account is not onboarded'],
  ])('is refused as Cloudflare refuses it: %i %i', async (status, code, message) => {
    const body = {
      success: false,
      errors: [{ code, message, documentation_url: 'https://x' }],
      messages: [],
      result: null,
    };
    const { baseUrl, requests } = await startStubResponding({ status, body });
    const answer = await askApi(inDesk(await startDesk(upstreamAt(baseUrl)), pathOf));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual(body);
    expect(requests).toHaveLength(1);
  });

  it('is asked for again where another try may help', async () => {
    let isFirst = true;
    const { baseUrl, requests } = await startStub((response) => {
      response.writeHead(isFirst ? 503 : 200).end(isFirst ? 'busy' : JSON.stringify(successEnvelope(result)));
      isFirst = false;
    });
    expect((await askApi(inDesk(await startDesk(upstreamAt(baseUrl)), pathOf))).envelope.result).toEqual(result);
    expect(requests).toHaveLength(2);
  });

  it('is none where something else stands in its place', async () => {
    const { baseUrl } = await startStubResponding({ body: successEnvelope('no list') });
    const { status, envelope } = await askApi(inDesk(await startDesk(upstreamAt(baseUrl)), pathOf));
    expect(status).toBe(502);
    expect(envelope.errors).toMatchObject([{ code: ERRORS.upstreamUnintelligible.code }]);
  });

  it('repeats neither the token nor a key that was sent lately', async () => {
    const { baseUrl } = await startStub((response, { method }) => {
      const echo = Array.isArray(result)
        ? [{ ...PROFILE, name: API_TOKEN, description: PSK }]
        : { ...result, [PSK]: API_TOKEN };
      response.end(JSON.stringify(successEnvelope(method === 'POST' ? TUNNEL : echo)));
    });
    const desk = await startDesk(upstreamAt(baseUrl));
    await create(desk, { ...SMALLEST_REQUEST, psk: PSK });
    // Every answer is searched for both.
    const { status, text } = await askApi(inDesk(desk, pathOf));
    expect(status).toBe(200);
    expect(text).toContain('[redacted]');
  });

  it('is only read', async () => {
    const { baseUrl, requests } = await startListing();
    const desk = await startDesk(upstreamAt(baseUrl));
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status } = await askApi(inDesk(desk, pathOf), { method, headers: { origin: desk.origin } });
      expect([404, 405], method).toContain(status);
    }
    expect(requests).toEqual([]);
  });

  it('is for those who may see the account, viewers too', async () => {
    const proxy = await startProxy();
    const { baseUrl, requests } = await startListing();
    const desk = await startDesk({
      ...upstreamAt(baseUrl),
      CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office,${OTHER_ACCOUNT_ID}=Branches`,
      ...proxy.environment,
    });
    const statusFor = async (groups: readonly string[], accountId = ACCOUNT_ID) => {
      const headers = { [HEADER]: await proxy.sign({ groups }) };
      return (await askApi(inDesk(desk, pathOf, accountId), { headers })).status;
    };
    expect(await statusFor(['readers'])).toBe(200);
    expect(requests).toHaveLength(1);
    expect(await statusFor(['canteen'])).toBe(403);
    expect(await statusFor(['head-office-ops'], OTHER_ACCOUNT_ID)).toBe(403);
    expect((await askApi(inDesk(desk, pathOf))).status).toBe(401);
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['of an account that the desk does not serve', OTHER_ACCOUNT_ID, {}, ERRORS.accountNotAllowed],
    ['of no account', 'none', {}, ERRORS.invalidAccountId],
    ['with another word in the header', ACCOUNT_ID, { [HEALTH_CHECK_TARGET_HEADER]: 'yes' }, ERRORS.invalidHeader],
  ])('is not asked for %s', async (_what, accountId, headers, { status, code }) => {
    const { baseUrl, requests } = await startListing();
    const answer = await askApi(inDesk(await startDesk(upstreamAt(baseUrl)), pathOf, accountId), { headers });
    expect(answer.status).toBe(status);
    expect(answer.envelope.errors).toMatchObject([{ code }]);
    expect(requests).toEqual([]);
  });
});

describe('Cloudflare’s own client', () => {
  const account_id = ACCOUNT_ID;
  const magicTransitAt = ({ origin }: Desk) =>
    new Cloudflare({ apiToken: 'any', baseURL: origin + API_PREFIX, maxRetries: 0 }).magicTransit;

  it('lists each of them', async () => {
    const client = magicTransitAt(await startDesk(upstreamAt((await startListing()).baseUrl)));
    expect((await client.greTunnels.list({ account_id })).gre_tunnels).toEqual([GRE]);
    expect((await client.cfInterconnects.list({ account_id })).interconnects).toEqual([INTERCONNECT]);
    expect((await client.bgpFilterProfiles.list({ account_id })).result).toEqual([PROFILE]);
    expect((await client.routes.list({ account_id })).routes).toEqual([ROUTE]);
  });

  it('asks for health-check targets as objects', async () => {
    const { baseUrl, requests } = await startListing();
    const client = magicTransitAt(await startDesk(upstreamAt(baseUrl)));
    await client.greTunnels.list({ account_id, [HEALTH_CHECK_TARGET_HEADER]: true });
    expect(requests).toMatchObject([{ headers: { [HEALTH_CHECK_TARGET_HEADER]: 'true' } }]);
  });

  it('is told of a refusal', async () => {
    const body = {
      success: false,
      errors: [{ code: 10_000, message: 'Authentication error' }],
      messages: [],
      result: null,
    };
    const { baseUrl } = await startStubResponding({ status: 403, body });
    const list = magicTransitAt(await startDesk(upstreamAt(baseUrl))).greTunnels.list({ account_id });
    await expect(list).rejects.toSatisfy(
      (error) => error instanceof APIError && error.status === 403 && error.errors[0]?.code === 10_000,
    );
  });
});
