import { HEALTH_CHECK_TARGET_HEADER } from '@tunnel-desk/shared/api/paths';
import { describe, expect, it } from 'vitest';
import { create, listTunnels, startDesk, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, FULL_REQUEST, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { startStubResponding } from '../support/upstream.ts';

const NEW_TARGET_FORM = { [HEALTH_CHECK_TARGET_HEADER]: 'true' };
const WITH_TARGET_OBJECT = {
  ...FULL_REQUEST,
  health_check: { ...FULL_REQUEST.health_check, target: { saved: '203.0.113.9', effective: 'read-only' } },
};

describe('creating a tunnel', () => {
  it('answers 200 with the tunnel, as Cloudflare does, and the tunnel is there', async () => {
    const desk = await startDesk();
    const { status, envelope, headers } = await create(desk, FULL_REQUEST);

    const { psk: _, ...answered } = FULL_REQUEST;
    expect(status).toBe(200);
    expect(envelope).toEqual({
      success: true,
      errors: [],
      messages: [],
      result: {
        ...answered,
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        created_on: expect.any(String),
        modified_on: expect.any(String),
        psk_metadata: { last_generated_on: expect.any(String) },
        allow_null_cipher: false,
        remote_identities: { hex_id: expect.any(String), fqdn_id: expect.any(String), user_id: expect.any(String) },
        bgp_status: expect.objectContaining({ state: 'BGP_DOWN' }),
      },
    });
    expect(headers.get('cf-ray')).toMatch(/^[0-9a-f]{16}-SBX$/);
    expect(await listTunnels(desk)).toEqual({ ipsec_tunnels: [envelope.result] });
  });

  it('needs no more than a name, an endpoint and an interface address', async () => {
    const { status, envelope } = await create(await startDesk(), SMALLEST_REQUEST);
    expect(status).toBe(200);
    expect(envelope.result).toMatchObject(SMALLEST_REQUEST);
  });

  it('reads the string form of the health-check target when the header is false, and answers in it', async () => {
    const options = { headers: { [HEALTH_CHECK_TARGET_HEADER]: 'false' } };
    const { envelope } = await create(await startDesk(), FULL_REQUEST, options);
    expect(envelope.result).toMatchObject({ health_check: { target: '203.0.113.9' } });
  });

  it('reads the object form of the health-check target under its header, and answers in it', async () => {
    const { status, envelope } = await create(await startDesk(), WITH_TARGET_OBJECT, { headers: NEW_TARGET_FORM });
    expect(status).toBe(200);
    expect(envelope.result).toMatchObject({
      health_check: { target: { saved: '203.0.113.9', effective: '203.0.113.9' } },
    });
  });

  it.each([
    ['the object form without its header', WITH_TARGET_OBJECT, {}],
    ['the string form under the header of the object form', FULL_REQUEST, NEW_TARGET_FORM],
  ])('refuses %s', async (_reason, body, headers) => {
    const { status, envelope } = await create(await startDesk(), body, { headers });
    expect(status).toBe(400);
    expect(envelope.errors).toMatchObject([{ source: { pointer: '/health_check/target' } }]);
  });

  it('accepts a tunnel wrapped in a list of one, as older answers have it, and passes it on as it came', async () => {
    const wrapped = { ipsec_tunnels: [TUNNEL] };
    const stub = await startStubResponding({ body: { success: true, errors: [], messages: [], result: wrapped } });
    const { status, envelope } = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST);
    expect(status).toBe(200);
    expect(envelope.result).toEqual(wrapped);
  });

  it('accepts the interface addresses of the rule set it is configured with', async () => {
    const linkLocal = { ...SMALLEST_REQUEST, interface_address: '169.254.250.1/30' };
    expect((await create(await startDesk(), linkLocal)).status).toBe(400);
    expect((await create(await startDesk({ INTERFACE_ADDRESS_RULES: 'guide' }), linkLocal)).status).toBe(200);
  });

  it('holds the IPv6 interface address to the virtual subnet it is configured with', async () => {
    const desk = await startDesk({ VIRTUAL_SUBNET6: '2001:db8:1::/64' });
    const outside = await create(desk, { ...SMALLEST_REQUEST, interface_address6: '2001:db8:2::2/127' });
    expect(outside.envelope.errors).toMatchObject([{ source: { pointer: '/interface_address6' } }]);
    const inside = await create(desk, { ...SMALLEST_REQUEST, interface_address6: '2001:db8:1::2/127' });
    expect(inside.status).toBe(200);
  });

  it('answers with what Cloudflare alone can know, such as a name that is taken', async () => {
    const desk = await startDesk();
    await create(desk, SMALLEST_REQUEST);
    const { status, envelope } = await create(desk, { ...SMALLEST_REQUEST, interface_address: '10.0.0.2/31' });
    expect(status).toBe(400);
    expect(envelope.errors).toMatchObject([
      { message: expect.stringContaining('already taken'), source: { pointer: '/name' } },
    ]);
  });
});

describe('what is sent to Cloudflare', () => {
  const answeringTunnel = () =>
    startStubResponding({ body: { success: true, errors: [], messages: [], result: TUNNEL } });

  it('is the request as parsed, once, with the token and as JSON', async () => {
    const stub = await answeringTunnel();
    await create(await startDesk(upstreamAt(stub.baseUrl)), FULL_REQUEST);

    expect(stub.requests).toHaveLength(1);
    const [request] = stub.requests;
    expect(request).toMatchObject({
      method: 'POST',
      url: `/client/v4/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels`,
      headers: { 'content-type': 'application/json', authorization: expect.stringMatching(/^Bearer api-token-/) },
    });
    expect(request?.headers).not.toHaveProperty(HEALTH_CHECK_TARGET_HEADER);
    expect(JSON.parse(request?.body ?? '')).toEqual(FULL_REQUEST);
  });

  it('has the header of the object form, and the target without its read-only half', async () => {
    const stub = await answeringTunnel();
    await create(await startDesk(upstreamAt(stub.baseUrl)), WITH_TARGET_OBJECT, { headers: NEW_TARGET_FORM });

    const [request] = stub.requests;
    expect(request?.headers).toMatchObject(NEW_TARGET_FORM);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ health_check: { target: { saved: '203.0.113.9' } } });
    expect(request?.body).not.toContain('effective');
  });

  it.each([
    ['?validate_only=true', '?validate_only=true'],
    ['?validate_only=false', ''],
    ['', ''],
  ])('for the query "%s" has the query "%s"', async (query, sent) => {
    const stub = await answeringTunnel();
    await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST, { query });
    expect(stub.requests.map(({ url }) => url)).toEqual([
      `/client/v4/accounts/${ACCOUNT_ID}/magic/ipsec_tunnels${sent}`,
    ]);
  });

  it('has none of the browser’s own headers, cookies among them', async () => {
    const stub = await answeringTunnel();
    const headers = { cookie: 'session=1', 'x-forwarded-for': '192.0.2.1', authorization: 'Bearer of-the-browser' };
    await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST, { headers });
    expect(Object.keys(stub.requests[0]?.headers ?? {}).toSorted()).toEqual(
      ['accept', 'accept-encoding', 'authorization', 'connection', 'content-length', 'content-type', 'host'].toSorted(),
    );
    expect(stub.requests[0]?.headers.authorization).not.toContain('of-the-browser');
  });
});

describe('validating only', () => {
  const validateOnly = { query: '?validate_only=true' };

  it('answers 200 with what Cloudflare says, and leaves the tunnels as they were', async () => {
    const desk = await startDesk();
    await create(desk, { ...SMALLEST_REQUEST, name: 'there-before', interface_address: '10.9.0.0/31' });
    const before = await listTunnels(desk);

    const { status, envelope } = await create(desk, FULL_REQUEST, validateOnly);
    expect(status).toBe(200);
    expect(envelope).toMatchObject({
      success: true,
      messages: [{ message: expect.stringContaining('not persisted') }],
    });
    expect(await listTunnels(desk)).toEqual(before);
  });

  it('leaves the name free, so that the same request can be validated again and then created', async () => {
    const desk = await startDesk();
    for (const options of [validateOnly, validateOnly, {}]) {
      expect((await create(desk, FULL_REQUEST, options)).status).toBe(200);
    }
  });

  it('answers with what Cloudflare refuses', async () => {
    const desk = await startDesk();
    await create(desk, SMALLEST_REQUEST);
    const { status, envelope } = await create(desk, SMALLEST_REQUEST, validateOnly);
    expect(status).toBe(400);
    expect(envelope.errors.map(({ source }) => source?.pointer)).toEqual(['/name', '/interface_address']);
  });

  it.each([
    ['nothing', null],
    ['an empty object', {}],
    ['no result at all', undefined],
  ])('needs no tunnel in the answer: %s will do', async (_what, result) => {
    const stub = await startStubResponding({ body: { success: true, errors: [], messages: [], result } });
    const { status } = await create(await startDesk(upstreamAt(stub.baseUrl)), SMALLEST_REQUEST, validateOnly);
    expect(status).toBe(200);
  });
});
