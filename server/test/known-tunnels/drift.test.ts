// What was done to tunnels elsewhere, told over real sockets.

import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, driftPath } from '@tunnel-desk/shared/api/paths';
import { describe, expect, it } from 'vitest';
import { letPass, stopAllClocks } from '../support/clock.ts';
import { askApi, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, FULL_REQUEST, PSK, SMALLEST_REQUEST } from '../support/samples.ts';
import { createIn, startSandboxUpstream, startStub } from '../support/upstream.ts';
import { changeElsewhere, deleteElsewhere, driftLater, made, readDrift, saved, startWithSandbox } from './support.ts';

const ELSEWHERE = { ...SMALLEST_REQUEST, name: 'elsewhere', interface_address: '10.0.0.8/31' };
const { psk: _, ...FULL_WITHOUT_KEY } = FULL_REQUEST;

describe('what the desk made itself', () => {
  it('is no drift, created, changed and deleted', async () => {
    const { desk } = await startWithSandbox();
    const tunnel = await made(desk, FULL_REQUEST);
    expect(await driftLater(desk)).toMatchObject({ isComplete: true, tunnels: [] });
    await saved(desk, tunnel.id, { ...FULL_REQUEST, description: 'changed here' });
    expect(await driftLater(desk)).toMatchObject({ tunnels: [] });
    await askApi(`${desk.tunnels}/${tunnel.id}`, { method: 'DELETE' });
    expect(await driftLater(desk)).toMatchObject({ tunnels: [] });
  });

  it('is none with what Cloudflare fills in or a generated key', async () => {
    const { desk } = await startWithSandbox();
    const tunnel = await made(desk, SMALLEST_REQUEST);
    await fetch(`${desk.tunnels}/${tunnel.id}/psk_generate`, { method: 'POST' });
    expect(await driftLater(desk)).toMatchObject({ tunnels: [] });
  });

  it('is none where its response was lost, and it was found by looking', async () => {
    stopAllClocks();
    const sandbox = await startSandboxUpstream(({ method, headers }) =>
      method === 'POST' && headers['user-agent'] !== 'the test' ? { kind: 'reset', handled: true } : undefined,
    );
    const desk = await startDesk(upstreamAt(sandbox.baseUrl));
    await readDrift(desk);
    letPass(1000);
    const tunnel = await made(desk, FULL_REQUEST);
    expect(await driftLater(desk)).toMatchObject({ tunnels: [] });
    await changeElsewhere(sandbox, tunnel.id, { ...FULL_WITHOUT_KEY, description: 'changed elsewhere' });
    expect(await driftLater(desk)).toMatchObject({ tunnels: [{ kind: 'changed', knownBy: { how: 'made' } }] });
  });

  it('is none while it is being made, whoever looks at the list meanwhile', async () => {
    stopAllClocks();
    const arrived = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const tunnels: object[] = [];
    const stub = await startStub(async (response, { method, body }) => {
      response.setHeader('content-type', 'application/json');
      if (method !== 'POST') {
        response.end(JSON.stringify({ success: true, result: { ipsec_tunnels: tunnels } }));
        return;
      }
      const tunnel = { id: 'c4a7362d577a6c3019a474fd6f485821', ...JSON.parse(body) };
      tunnels.push(tunnel);
      arrived.resolve();
      await answered.promise;
      response.end(JSON.stringify({ success: true, result: tunnel }));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    await readDrift(desk);
    letPass(31_000);
    const making = made(desk, SMALLEST_REQUEST);
    await arrived.promise;
    expect(await readDrift(desk)).toMatchObject({ tunnels: [] });
    answered.resolve();
    await making;
    expect(await readDrift(desk)).toMatchObject({ tunnels: [] });
    expect(await driftLater(desk)).toMatchObject({ tunnels: [] });
  });
});

describe('the first comparison', () => {
  it('takes what is there for known, and says since when it compares', async () => {
    const { desk, sandbox } = await startWithSandbox();
    const tunnel = await createIn(sandbox, FULL_REQUEST);
    const { comparingSince, comparedAt, tunnels } = await readDrift(desk);
    expect({ comparingSince, tunnels }).toEqual({ comparingSince: comparedAt, tunnels: [] });
    await changeElsewhere(sandbox, tunnel.id, { ...FULL_WITHOUT_KEY, name: 'renamed' });
    expect(await driftLater(desk)).toMatchObject({
      comparingSince,
      tunnels: [
        {
          kind: 'changed',
          tunnelId: tunnel.id,
          name: 'renamed',
          fields: [{ field: 'name', known: 'branch-1', found: 'renamed' }],
          knownBy: { how: 'first-seen' },
          since: comparingSince,
        },
      ],
    });
  });

  it('compares what the desk made before it', async () => {
    const { desk, sandbox } = await startWithSandbox();
    const tunnel = await made(desk, SMALLEST_REQUEST);
    await deleteElsewhere(sandbox, tunnel.id);
    expect(await readDrift(desk)).toMatchObject({ tunnels: [{ kind: 'deleted', tunnelId: tunnel.id }] });
  });

  it('waits for a list that is whole', async () => {
    stopAllClocks();
    const tunnel = { id: 'c4a7362d577a6c3019a474fd6f485821', ...SMALLEST_REQUEST };
    let total = 2;
    const stub = await startStub((response) => {
      const result_info = { page: 1, per_page: 50, total_count: total };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ success: true, result: { ipsec_tunnels: [tunnel] }, result_info }));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    const first = await readDrift(desk);
    expect(first).toMatchObject({ isComplete: false, tunnels: [] });
    expect(first.comparingSince).toBeUndefined();
    total = 1;
    expect(await driftLater(desk)).toMatchObject({ isComplete: true, comparingSince: expect.any(String), tunnels: [] });
  });
});

describe('what was done elsewhere', () => {
  it('is told of a tunnel with what the desk knew, since when, and by whom', async () => {
    const { desk, sandbox } = await startWithSandbox();
    await readDrift(desk);
    letPass(1000);
    const tunnel = await made(desk, FULL_REQUEST);
    const { bgp: __, ...withoutBgp } = FULL_WITHOUT_KEY;
    await changeElsewhere(sandbox, tunnel.id, { ...withoutBgp, replay_protection: false, description: 'elsewhere' });
    const { tunnels } = await driftLater(desk);
    expect(tunnels).toMatchObject([
      {
        kind: 'changed',
        tunnelId: tunnel.id,
        name: 'branch-1',
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        knownBy: { personName: 'Local operator', how: 'made' },
        modifiedOn: expect.any(String),
        fields: [
          { field: 'description', known: FULL_REQUEST.description, found: 'elsewhere' },
          { field: 'replay_protection', known: true, found: false },
          { field: 'bgp.customer_asn', known: 65001 },
          { field: 'bgp.md5_key' },
          { field: 'bgp.extra_prefixes' },
          { field: 'bgp.import_filter_id' },
          { field: 'bgp.export_filter_id' },
        ],
      },
    ]);
    const [drift] = tunnels;
    expect(drift?.kind === 'changed' && drift.known).toEqual(FULL_WITHOUT_KEY);
    expect(JSON.stringify(tunnels)).not.toContain(PSK);
  });

  it('is what was deleted, and what was made', async () => {
    const { desk, sandbox } = await startWithSandbox();
    await readDrift(desk);
    letPass(1000);
    const tunnel = await made(desk, SMALLEST_REQUEST);
    await deleteElsewhere(sandbox, tunnel.id);
    const other = await createIn(sandbox, ELSEWHERE);
    expect((await driftLater(desk)).tunnels).toMatchObject([
      { kind: 'deleted', tunnelId: tunnel.id, name: 'branch-1', known: SMALLEST_REQUEST, knownBy: { how: 'made' } },
      { kind: 'made', tunnelId: other.id, name: 'elsewhere', createdOn: other.created_on },
    ]);
  });

  it('is none any more once it was put back, here or there', async () => {
    const { desk, sandbox } = await startWithSandbox();
    const [here, there] = [await made(desk, SMALLEST_REQUEST), await made(desk, ELSEWHERE)];
    await changeElsewhere(sandbox, here.id, { ...SMALLEST_REQUEST, description: 'x' });
    await changeElsewhere(sandbox, there.id, { ...ELSEWHERE, description: 'x' });
    expect((await driftLater(desk)).tunnels).toHaveLength(2);
    letPass(1000);
    await saved(desk, here.id, SMALLEST_REQUEST);
    // At once, from the same list.
    expect((await readDrift(desk)).tunnels).toMatchObject([{ tunnelId: there.id }]);
    await changeElsewhere(sandbox, there.id, ELSEWHERE);
    expect((await driftLater(desk)).tunnels).toEqual([]);
  });

  it('is none any more where a deleted tunnel was made here again, for good', async () => {
    const { desk, sandbox } = await startWithSandbox();
    const tunnel = await made(desk, SMALLEST_REQUEST);
    await deleteElsewhere(sandbox, tunnel.id);
    expect((await driftLater(desk)).tunnels).toMatchObject([{ kind: 'deleted' }]);
    letPass(1000);
    const again = await made(desk, SMALLEST_REQUEST);
    expect((await driftLater(desk)).tunnels).toEqual([]);
    await askApi(`${desk.tunnels}/${again.id}`, { method: 'DELETE' });
    expect((await driftLater(desk)).tunnels).toEqual([]);
  });

  it('is what was deleted and made again there', async () => {
    const { desk, sandbox } = await startWithSandbox();
    await readDrift(desk);
    letPass(1000);
    const tunnel = await made(desk, SMALLEST_REQUEST);
    await deleteElsewhere(sandbox, tunnel.id);
    await createIn(sandbox, SMALLEST_REQUEST);
    expect((await driftLater(desk)).tunnels).toMatchObject([{ kind: 'deleted' }, { kind: 'made' }]);
  });

  it('is known through a restart', async () => {
    const DATA_DIR = temporaryFolder();
    const { desk, sandbox } = await startWithSandbox({ DATA_DIR });
    const tunnel = await made(desk, SMALLEST_REQUEST);
    await desk.app.close();
    await changeElsewhere(sandbox, tunnel.id, { ...SMALLEST_REQUEST, description: 'meanwhile' });
    const again = await startDesk({ ...upstreamAt(sandbox.baseUrl), DATA_DIR });
    expect((await readDrift(again)).tunnels).toMatchObject([
      { fields: [{ field: 'description', found: 'meanwhile' }] },
    ]);
  });
});

describe('the list behind it', () => {
  it('is read at most every 30 s, however many people ask', async () => {
    const { desk, sandbox } = await startWithSandbox();
    await Promise.all(Array.from({ length: 50 }, () => readDrift(desk)));
    letPass(29_000);
    await readDrift(desk);
    expect(sandbox.methods).toEqual(['GET']);
    await driftLater(desk);
    expect(sandbox.methods).toEqual(['GET', 'GET']);
  });

  it('is passed on as a failure where it cannot be read', async () => {
    const stub = await startStub((response) => {
      const body = { success: false, errors: [{ code: 10000, message: 'Authentication error' }], result: null };
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const desk = await startDesk(upstreamAt(stub.baseUrl));
    const { status, envelope } = await askApi(desk.origin + API_PREFIX + driftPath(ACCOUNT_ID));
    expect({ status, errors: envelope.errors }).toMatchObject({ status: 403, errors: [{ code: 10000 }] });
  });

  it('is not asked for with a query or by another method', async () => {
    const { desk } = await startWithSandbox();
    const url = desk.origin + API_PREFIX + driftPath(ACCOUNT_ID);
    expect((await askApi(`${url}?fresh=true`)).envelope.errors).toMatchObject([{ code: ERRORS.invalidQuery.code }]);
    expect((await askApi(url, { method: 'DELETE' })).status).toBe(405);
  });
});
