// A desk that is killed in the middle of creates, again and again: nothing is lost, doubled or told wrongly.

import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AuditEntry, auditEntrySchema } from '@tunnel-desk/shared/api/audit';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, AUDIT_EXPORT_PATH, HEALTH_PATH, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { expect, it, onTestFinished } from 'vitest';
import { ACCOUNT_ID, API_TOKEN } from '../bench/samples.ts';
import { type ServerProcess, startNodeServer, temporaryFolder } from '../support/processes.ts';

const ROUNDS = 20;
const CREATES = 50;
/** A kill comes at any moment up to this many milliseconds after a response. */
const LONGEST_WAIT = 40;
const TUNNELS_PATH = ipsecTunnelsPath(ACCOUNT_ID);

interface Create {
  readonly key: string;
  readonly body: { readonly name: string; readonly cloudflare_endpoint: string; readonly interface_address: string };
}

async function startSandboxProcess(): Promise<string> {
  const child = fork(fileURLToPath(new URL('sandbox.ts', import.meta.url)), {
    env: { ACCOUNT_ID, API_TOKEN },
  });
  onTestFinished(() => child.disconnect());
  const [baseUrl]: unknown[] = await once(child, 'message');
  return String(baseUrl);
}

function startDesk(sandboxUrl: string, dataDir: string): Promise<ServerProcess> {
  return startNodeServer('server/start.js', {
    environment: {
      UPSTREAM: 'cloudflare',
      CLOUDFLARE_API_BASE_URL: sandboxUrl,
      CLOUDFLARE_API_TOKEN: API_TOKEN,
      CLOUDFLARE_ACCOUNTS: ACCOUNT_ID,
      DATA_DIR: dataDir,
      RATE_LIMIT_PER_MINUTE: '0',
      // The sandbox carries a create out at once or never, so there is no use in waiting long.
      SETTLE_SECONDS: '1',
    },
    readyPath: HEALTH_PATH,
  });
}

function createsOf(round: number): Create[] {
  return Array.from({ length: CREATES }, (_, index) => ({
    key: randomUUID(),
    body: {
      name: `round-${round}-${index}`,
      cloudflare_endpoint: '198.51.100.1',
      interface_address: `10.${round}.0.${2 * index}/31`,
    },
  }));
}

/** The envelope of the response; `undefined` when no complete response came. */
async function send({ origin }: ServerProcess, { key, body }: Create) {
  try {
    const response = await fetch(origin + API_PREFIX + TUNNELS_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    return envelopeSchema.parse(await response.json());
  } catch {
    return undefined;
  }
}

/** Waits for none, some or nearly all of the responses, however fast the machine is, and then a little longer. */
async function untilSomewhereIn(sent: readonly Promise<unknown>[]): Promise<void> {
  let toCome = Math.floor(Math.random() * sent.length);
  const enough = Promise.withResolvers<void>();
  if (toCome === 0) enough.resolve();
  for (const answer of sent) {
    answer.then(() => {
      toCome -= 1;
      if (toCome === 0) enough.resolve();
    });
  }
  await enough.promise;
  await delay(Math.random() * LONGEST_WAIT);
}

async function trailOf({ origin }: ServerProcess): Promise<AuditEntry[]> {
  const text = await (await fetch(origin + AUDIT_EXPORT_PATH)).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => auditEntrySchema.parse(JSON.parse(line)));
}

async function tunnelsIn(sandboxUrl: string): Promise<string[]> {
  const response = await fetch(sandboxUrl + TUNNELS_PATH, { headers: { authorization: `Bearer ${API_TOKEN}` } });
  const { result } = envelopeSchema.parse(await response.json());
  return tunnelListSchema.parse(result).ipsec_tunnels.map(({ name, id }) => `${name} ${id}`);
}

/** Once nothing is left open, the audit log has the true outcome of every create. */
async function expectTrueTrail(desk: ServerProcess, sandboxUrl: string): Promise<AuditEntry[]> {
  const isOpen = ({ outcome }: AuditEntry) => outcome === null || /interrupted|unknown/.test(outcome.result);
  await expect.poll(async () => (await trailOf(desk)).filter(isOpen), { timeout: 30_000 }).toEqual([]);
  const entries = await trailOf(desk);
  const names = entries.map(({ tunnelName }) => tunnelName);
  expect(new Set(names).size, 'every create has one intent').toBe(names.length);
  const created = entries
    .filter(({ outcome }) => outcome?.result === 'created')
    .map(({ tunnelName, outcome }) => `${tunnelName} ${outcome?.tunnelId}`);
  expect(created.toSorted()).toEqual((await tunnelsIn(sandboxUrl)).toSorted());
  return entries;
}

it(`${ROUNDS} kills during ${CREATES} creates each leave no tunnel unrecorded and no outcome wrong`, async () => {
  const sandboxUrl = await startSandboxProcess();
  const dataDir = temporaryFolder();
  let desk = await startDesk(sandboxUrl, dataDir);
  const seen = { answered: 0, unanswered: 0, reconciled: 0, unrecorded: 0 };

  for (let round = 0; round < ROUNDS; round++) {
    const creates = createsOf(round);
    const sent = creates.map((create) => send(desk, create));
    await untilSomewhereIn(sent);
    process.kill(desk.pid, 'SIGKILL');
    await desk.ended;
    const answers = await Promise.all(sent);

    desk = await startDesk(sandboxUrl, dataDir);
    const entries = await expectTrueTrail(desk, sandboxUrl);
    const outcomes = new Map(entries.map(({ tunnelName, outcome }) => [tunnelName, outcome]));
    for (const [index, { key, body }] of creates.entries()) {
      const answer = answers[index];
      const outcome = outcomes.get(body.name);
      if (answer !== undefined)
        expect(outcome, 'what got a response is on record').toMatchObject({ result: 'created' });
      const again = await send(desk, { key, body });
      // A recorded create gets its first outcome; one that was not recorded is sent now.
      if (outcome?.result === 'not-created') expect(again?.errors[0]?.code).toBe(ERRORS.notDone.code);
      else expect(again?.success, body.name).toBe(true);
      seen[answer === undefined ? 'unanswered' : 'answered'] += 1;
      if (outcome === undefined) seen.unrecorded += 1;
      else if (outcome?.reconciled) seen.reconciled += 1;
    }
    await expectTrueTrail(desk, sandboxUrl);
  }

  console.log(seen);
  // Otherwise the kills came too early or too late to show anything.
  expect(seen.unanswered).toBeGreaterThan(0);
  expect(seen.answered).toBeGreaterThan(0);
  expect(seen.reconciled).toBeGreaterThan(0);

  process.kill(desk.pid, 'SIGTERM');
  expect(await desk.ended).toBe(0);
  const file = new DatabaseSync(join(dataDir, 'audit.sqlite'));
  expect(file.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  file.close();
});
