// Accepting what was done to a tunnel elsewhere, and restoring it, by two people at once.

import { readdirSync, readFileSync } from 'node:fs';
import type { DriftedTunnel } from '@tunnel-desk/shared/api/drift';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, acceptDriftPath } from '@tunnel-desk/shared/api/paths';
import { describe, expect, it } from 'vitest';
import type { InjectedFailure } from '../../src/sandbox/injected-failures.ts';
import { letPass, stopAllClocks } from '../support/clock.ts';
import { askApi, type Desk, expectNoSecretIn, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { HEADER, startProxy } from '../support/proxy.ts';
import { ACCOUNT_ID, FULL_REQUEST, SMALLEST_REQUEST, TUNNEL } from '../support/samples.ts';
import { createIn, startSandboxUpstream } from '../support/upstream.ts';
import { startHoldingFront } from './holding-front.ts';
import {
  accept,
  auditEntries,
  changeElsewhere,
  deleteElsewhere,
  driftLater,
  made,
  readDrift,
  saved,
  startWithSandbox,
} from './support.ts';

const { psk: _, ...FULL_WITHOUT_KEY } = FULL_REQUEST;
const CHANGED = { ...FULL_WITHOUT_KEY, description: 'elsewhere' };

/** A desk with one tunnel that was changed elsewhere. */
async function startDrifted(environment: NodeJS.ProcessEnv = {}) {
  const { desk, sandbox } = await startWithSandbox(environment);
  await readDrift(desk);
  letPass(1000);
  const tunnel = await made(desk, FULL_REQUEST);
  await changeElsewhere(sandbox, tunnel.id, CHANGED);
  return { desk, sandbox, tunnel, drift: await onlyDrift(desk) };
}

async function onlyDrift(desk: Desk): Promise<DriftedTunnel> {
  const [drift, ...more] = (await driftLater(desk)).tunnels;
  if (drift === undefined || more.length > 0) throw new Error('not one tunnel has drifted');
  return drift;
}

describe('accepting', () => {
  it('takes a changed tunnel as it is for known, and sends nothing', async () => {
    const { desk, sandbox, tunnel, drift } = await startDrifted();
    sandbox.methods.length = 0;
    const { status, envelope } = await accept(desk, drift);
    expect({ status, result: envelope.result }).toMatchObject({
      status: 200,
      result: { tunnelId: tunnel.id, knownBy: { personName: 'Local operator', how: 'accepted' } },
    });
    expect(sandbox.methods).toEqual(['GET']);
    expect((await readDrift(desk)).tunnels).toEqual([]);
    expect((await driftLater(desk)).tunnels).toEqual([]);
    await changeElsewhere(sandbox, tunnel.id, FULL_WITHOUT_KEY);
    expect((await driftLater(desk)).tunnels).toMatchObject([
      { fields: [{ known: 'elsewhere', found: FULL_REQUEST.description }], knownBy: { how: 'accepted' } },
    ]);
  });

  it('is recorded with the person and both states, in a chain that stays intact', async () => {
    const { desk, tunnel, drift } = await startDrifted();
    await accept(desk, drift);
    const [entry] = await auditEntries(desk);
    expect(entry).toMatchObject({
      action: 'accept-drift',
      person: 'local',
      resource: { kind: 'ipsec-tunnel', id: tunnel.id, name: 'branch-1' },
      before: FULL_WITHOUT_KEY,
      request: CHANGED,
      outcome: { result: 'accepted', codes: [], reconciled: false },
    });
    const { envelope } = await askApi(`${desk.origin}/api/audit/verify`);
    expect(envelope.result).toMatchObject({ intact: true });
    const filtered = await askApi(
      `${desk.origin}/api/audit?action=accept-drift&outcome=accepted&tunnel_id=${tunnel.id}`,
    );
    expect(filtered.envelope.result).toMatchObject({ entries: [{ id: entry?.id }] });
  });

  it('takes for known that a tunnel is gone', async () => {
    const { desk, sandbox, tunnel } = await startDrifted();
    await deleteElsewhere(sandbox, tunnel.id);
    const { status, envelope } = await accept(desk, await onlyDrift(desk));
    expect({ status, result: envelope.result }).toEqual({ status: 200, result: { tunnelId: tunnel.id } });
    expect((await driftLater(desk)).tunnels).toEqual([]);
    expect((await auditEntries(desk))[0]).toMatchObject({
      action: 'accept-drift',
      request: {},
      before: { name: 'branch-1' },
    });
  });

  it('takes for known what was made elsewhere', async () => {
    const { desk, sandbox } = await startWithSandbox();
    await readDrift(desk);
    const tunnel = await createIn(sandbox, FULL_REQUEST);
    expect((await accept(desk, await onlyDrift(desk))).status).toBe(200);
    expect((await driftLater(desk)).tunnels).toEqual([]);
    const [entry] = await auditEntries(desk);
    expect(entry).toMatchObject({ action: 'accept-drift', request: FULL_WITHOUT_KEY });
    expect(entry?.before).toBeUndefined();
    await deleteElsewhere(sandbox, tunnel.id);
    expect((await driftLater(desk)).tunnels).toMatchObject([{ kind: 'deleted', knownBy: { how: 'accepted' } }]);
  });

  it('twice is recorded once', async () => {
    const { desk, drift } = await startDrifted();
    const answers = await Promise.all([accept(desk, drift), accept(desk, drift), accept(desk, drift)]);
    answers.push(await accept(desk, drift));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await auditEntries(desk)).filter(({ action }) => action === 'accept-drift')).toHaveLength(1);
  });

  it('is for operators', async () => {
    stopAllClocks();
    const sandbox = await startSandboxUpstream();
    const proxy = await startProxy();
    const desk = await startDesk({ ...upstreamAt(sandbox.baseUrl), ...proxy.environment });
    const viewer = { headers: { [HEADER]: await proxy.sign({ groups: ['readers'] }) } };
    await readDrift(desk, viewer.headers);
    await createIn(sandbox, SMALLEST_REQUEST);
    letPass(31_000);
    const { tunnels } = await readDrift(desk, viewer.headers);
    const [drift] = tunnels;
    if (drift === undefined) throw new Error('nothing has drifted');
    expect((await accept(desk, drift, viewer)).status).toBe(403);
    expect((await accept(desk, drift, { ...viewer, query: '?validate_only=true' })).status).toBe(400);
    const operator = { headers: { [HEADER]: await proxy.sign({ groups: ['net-ops'] }) } };
    expect((await accept(desk, drift, operator)).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ['no state', {}],
    ['an empty one', { state: '' }],
    ['more than a state', { state: 'x', psk: 'x' }],
    ['no text', { state: 1 }],
  ])('is refused with %s', async (_what, body) => {
    const { desk } = await startWithSandbox();
    const url = desk.origin + API_PREFIX + acceptDriftPath(ACCOUNT_ID, TUNNEL.id);
    const headers = { 'content-type': 'application/json' };
    const { status, envelope } = await askApi(url, { method: 'POST', headers, body: JSON.stringify(body) });
    expect({ status, errors: envelope.errors }).toMatchObject({
      status: 400,
      errors: [{ code: ERRORS.invalidBody.code }],
    });
  });

  it('is refused where the tunnel cannot be read', async () => {
    stopAllClocks();
    const failures: { get?: InjectedFailure } = {};
    const sandbox = await startSandboxUpstream(() => failures.get);
    const desk = await startDesk(upstreamAt(sandbox.baseUrl));
    const tunnel = await made(desk, SMALLEST_REQUEST);
    failures.get = { kind: 'response', status: 403, body: 'no', handled: false };
    const { status, envelope } = await accept(desk, { tunnelId: tunnel.id, state: 'x' });
    expect({ status, errors: envelope.errors }).toMatchObject({
      status: 502,
      errors: [{ code: ERRORS.notRead.code }, {}],
    });
  });
});

describe('of two people at once', () => {
  it('who accepts what was changed again since is refused, and nothing is recorded', async () => {
    const { desk, sandbox, tunnel, drift } = await startDrifted();
    await changeElsewhere(sandbox, tunnel.id, { ...CHANGED, description: 'once more' });
    const { status, envelope } = await accept(desk, drift);
    expect({ status, errors: envelope.errors }).toMatchObject({
      status: 412,
      errors: [{ code: ERRORS.driftChanged.code }],
    });
    // What is there now is told at once.
    const [again] = (await readDrift(desk)).tunnels;
    expect(again).toMatchObject({ fields: [{ found: 'once more' }] });
    expect(again?.state).not.toBe(drift.state);
    expect((await auditEntries(desk)).filter(({ action }) => action === 'accept-drift')).toEqual([]);
  });

  it('who accepts what the other has restored is refused', async () => {
    const { desk, tunnel, drift } = await startDrifted();
    expect((await saved(desk, tunnel.id, FULL_WITHOUT_KEY)).status).toBe(200);
    expect((await accept(desk, drift)).status).toBe(412);
    expect((await driftLater(desk)).tunnels).toEqual([]);
  });

  it('who accepts while the other restores leaves what was restored known', async () => {
    stopAllClocks();
    const wasRead = Promise.withResolvers<void>();
    const restored = Promise.withResolvers<void>();
    let isHeld = false;
    const sandbox = await startSandboxUpstream();
    const front = await startHoldingFront(sandbox.baseUrl, (request) => {
      if (request.method !== 'GET' || !isHeld) return undefined;
      wasRead.resolve();
      return restored.promise;
    });
    const desk = await startDesk(upstreamAt(front));
    await readDrift(desk);
    letPass(1000);
    const tunnel = await made(desk, FULL_REQUEST);
    await changeElsewhere(sandbox, tunnel.id, CHANGED);
    const drift = await onlyDrift(desk);
    // The one has read the tunnel, and its response is on its way while the other restores it.
    isHeld = true;
    const accepting = accept(desk, drift);
    await wasRead.promise;
    isHeld = false;
    letPass(1000);
    expect((await saved(desk, tunnel.id, FULL_WITHOUT_KEY)).status).toBe(200);
    restored.resolve();
    expect((await accepting).status).toBe(412);
    expect((await driftLater(desk)).tunnels).toEqual([]);
    expect((await auditEntries(desk)).map(({ action }) => action)).toEqual(['update', 'create']);
  });

  it('who restores what the other has accepted does so knowingly, and that is known then', async () => {
    const { desk, tunnel, drift } = await startDrifted();
    expect((await accept(desk, drift)).status).toBe(200);
    letPass(1000);
    expect((await saved(desk, tunnel.id, FULL_WITHOUT_KEY)).status).toBe(200);
    expect((await driftLater(desk)).tunnels).toEqual([]);
    expect((await auditEntries(desk)).map(({ action }) => action)).toEqual(['update', 'accept-drift', 'create']);
  });
});

it('keeps no key in the database, whatever was made, saved and accepted', async () => {
  const DATA_DIR = temporaryFolder();
  const { desk, tunnel, drift } = await startDrifted({ DATA_DIR });
  await accept(desk, drift);
  await saved(desk, tunnel.id, FULL_REQUEST);
  await desk.app.close();
  for (const name of readdirSync(DATA_DIR)) expectNoSecretIn(readFileSync(`${DATA_DIR}/${name}`, 'latin1'));
});
