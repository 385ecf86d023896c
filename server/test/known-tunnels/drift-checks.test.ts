// What the desk finds by itself: recorded, logged, measured and told, each once.

import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alerts.ts';
import { createDriftChecks } from '../../src/known-tunnels/drift-checks.ts';
import { letPass } from '../support/clock.ts';
import { askApi, type Desk, startDesk, temporaryFolder, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, FULL_REQUEST, PSK, SMALLEST_REQUEST } from '../support/samples.ts';
import { createIn } from '../support/upstream.ts';
import { expectNoWebhookSecretIn, startReceiver } from '../support/webhook.ts';
import {
  accept,
  auditEntries,
  changeElsewhere,
  deleteElsewhere,
  driftLater,
  made,
  readDrift,
  startWithSandbox,
} from './support.ts';

const ELSEWHERE = { ...SMALLEST_REQUEST, name: 'elsewhere', interface_address: '10.0.0.8/31' };
const { psk: _, ...FULL_WITHOUT_KEY } = FULL_REQUEST;

async function startChecking(environment: NodeJS.ProcessEnv = {}) {
  const receiver = await startReceiver();
  const { desk, sandbox } = await startWithSandbox({
    DRIFT_CHECK_MINUTES: '5',
    ...receiver.environment,
    ...environment,
  });
  // The first check, at the start.
  await readDrift(desk);
  letPass(1000);
  return { desk, sandbox, receiver };
}

async function findings(desk: Desk) {
  const entries = await auditEntries(desk);
  return entries.filter(({ action }) => action === 'find-drift');
}

/** Lets the next check begin, and gives what was found so far once it is this many. */
async function foundByThen(desk: Desk, count: number) {
  letPass(300_000);
  await expect.poll(() => findings(desk)).toHaveLength(count);
  return findings(desk);
}

describe('a finding', () => {
  it('is in the audit trail with what was known and what is there', async () => {
    const { desk, sandbox } = await startChecking();
    const tunnel = await made(desk, FULL_REQUEST);
    await changeElsewhere(sandbox, tunnel.id, { ...FULL_WITHOUT_KEY, description: 'elsewhere' });
    const other = await createIn(sandbox, ELSEWHERE);
    const [first, second] = await foundByThen(desk, 2);
    const byResult = [first, second].toSorted((a, b) =>
      (a?.outcome?.result ?? '') < (b?.outcome?.result ?? '') ? -1 : 1,
    );
    expect(byResult).toMatchObject([
      {
        person: 'tunnel-desk',
        personName: 'Tunnel Desk',
        resource: { id: tunnel.id, name: 'branch-1' },
        before: FULL_WITHOUT_KEY,
        request: { ...FULL_WITHOUT_KEY, description: 'elsewhere' },
        outcome: { result: 'changed-elsewhere' },
      },
      {
        resource: { id: other.id, name: 'elsewhere' },
        request: { name: 'elsewhere' },
        outcome: { result: 'made-elsewhere' },
      },
    ]);
    expect((await askApi(`${desk.origin}/api/audit/verify`)).envelope.result).toMatchObject({ intact: true });
    expect(desk.logLines.join('')).toContain('"fields":["description"]');
    expect(JSON.stringify(await auditEntries(desk))).not.toContain(PSK);
  });

  it('is told once, and once that it is gone', async () => {
    const { desk, sandbox, receiver } = await startChecking();
    const tunnel = await made(desk, FULL_REQUEST);
    await changeElsewhere(sandbox, tunnel.id, { ...FULL_WITHOUT_KEY, description: 'elsewhere' });
    await foundByThen(desk, 1);
    await expect.poll(receiver.alerts).toMatchObject([
      {
        kind: 'drift',
        account: { id: ACCOUNT_ID, label: 'Head office' },
        count: 1,
        tunnels: [{ id: tunnel.id, name: 'branch-1', drift: 'changed', fields: ['description'] }],
        text: 'Head office: 1 tunnel was changed elsewhere: branch-1 (description)',
      },
    ]);
    await checkOnce(sandbox);
    expect(await findings(desk)).toHaveLength(1);
    const [drift] = (await driftLater(desk)).tunnels;
    if (drift === undefined) throw new Error('nothing has drifted');
    await accept(desk, drift);
    letPass(300_000);
    await expect.poll(() => receiver.alerts().map(({ kind }) => kind)).toEqual(['drift', 'drift-gone']);
    await checkOnce(sandbox);
    expect(receiver.alerts()).toHaveLength(2);
    expectNoWebhookSecretIn(desk.logLines.join(''));
  });

  it('is another one where the tunnel is changed again', async () => {
    const { desk, sandbox } = await startChecking();
    const tunnel = await made(desk, SMALLEST_REQUEST);
    await changeElsewhere(sandbox, tunnel.id, { ...SMALLEST_REQUEST, description: 'x' });
    await foundByThen(desk, 1);
    await deleteElsewhere(sandbox, tunnel.id);
    const [newest] = await foundByThen(desk, 2);
    expect(newest).toMatchObject({ outcome: { result: 'deleted-elsewhere' }, before: SMALLEST_REQUEST, request: {} });
  });

  it('is told once through a restart', async () => {
    const DATA_DIR = temporaryFolder();
    const { desk, sandbox, receiver } = await startChecking({ DATA_DIR });
    const tunnel = await made(desk, SMALLEST_REQUEST);
    await changeElsewhere(sandbox, tunnel.id, { ...SMALLEST_REQUEST, description: 'x' });
    await foundByThen(desk, 1);
    await expect.poll(receiver.alerts).toHaveLength(1);
    await desk.app.close();
    const again = await startDesk({
      ...upstreamAt(sandbox.baseUrl),
      ...receiver.environment,
      DATA_DIR,
      DRIFT_CHECK_MINUTES: '5',
    });
    await checkOnce(sandbox);
    expect(await findings(again)).toHaveLength(1);
    expect(receiver.alerts()).toHaveLength(1);
  });

  it('is not made by a desk that does not check', async () => {
    const { desk, sandbox } = await startWithSandbox();
    await readDrift(desk);
    await createIn(sandbox, ELSEWHERE);
    letPass(3_600_000);
    expect((await driftLater(desk)).tunnels).toHaveLength(1);
    expect(await auditEntries(desk)).toEqual([]);
  });
});

it('tells what it has recorded where the rest cannot be', async () => {
  const tunnels = Array.from({ length: 60 }, (_each, index) => ({
    ...({ kind: 'made', tunnelId: `${index}`, name: `branch-${index}`, state: 'x' } as const),
  }));
  const head = { comparedAt: '2026-11-30T02:14:00.000Z', isComplete: true };
  const touched = { ids: new Set<string>(), names: new Set<string>() };
  const told: Alert[] = [];
  const checks = createDriftChecks({
    driftCheckMs: 60_000,
    accounts: [{ id: ACCOUNT_ID }],
    driftReader: { read: async () => ({ kind: 'compared', head, tunnels, found: new Map(), touched }) },
    knownTunnels: {
      findings: async () => [],
      addFinding: async (_note, { tunnelId }) => {
        if (tunnelId === '55') throw new Error('the disk is full');
        return true;
      },
      removeFinding: async () => undefined,
    },
    alerts: { tell: (alert) => void told.push(alert) },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  checks.start();
  await expect.poll(() => told).toMatchObject([{ kind: 'drift', tunnels: { length: 50 } }]);
  await checks.stop();
});

/** A whole check: it has ended once the next one reads the list. */
async function checkOnce({ methods }: { readonly methods: readonly string[] }): Promise<void> {
  const before = methods.length;
  const passing = () => {
    letPass(300_000);
    return methods.length - before;
  };
  await expect.poll(passing).toBeGreaterThan(1);
}
