// A desk that is killed in the middle of creates, again and again: nothing is lost, doubled or told wrongly.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { expect, it } from 'vitest';
import { ACCOUNT_ID } from '../bench/samples.ts';
import { type ServerProcess, temporaryFolder } from '../support/processes.ts';
import { kill, startDesk, startSandboxProcess, trailOf, tunnelsIn } from './killed-desk.ts';

const ROUNDS = 20;
const CREATES = 50;
/** A kill comes at any moment up to this many milliseconds after a response. */
const LONGEST_WAIT = 40;
const TUNNELS_PATH = ipsecTunnelsPath(ACCOUNT_ID);

interface Create {
  readonly key: string;
  readonly body: { readonly name: string; readonly cloudflare_endpoint: string; readonly interface_address: string };
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
  const there = (await tunnelsIn(sandboxUrl)).map(({ name, id }) => `${name} ${id}`);
  expect(created.toSorted()).toEqual(there.toSorted());
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
    await kill(desk);
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
