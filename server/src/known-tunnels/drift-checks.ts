// Looks by itself, from time to time, for what was done to tunnels elsewhere: what it newly finds is recorded, logged and told
// once, and told once more when it is gone.

import { randomUUID } from 'node:crypto';
import type { DriftedTunnel } from '@tunnel-desk/shared/api/drift';
import type { Account } from '@tunnel-desk/shared/api/session';
import { knownRequest } from '@tunnel-desk/shared/ipsec-tunnels/drift';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { FastifyBaseLogger } from 'fastify';
import type { AlertedTunnel, Alerts } from '../alerts/alerts.ts';
import { summaryOf } from '../cloudflare/response.ts';
import { createRounds } from '../rounds.ts';
import { type DriftReader, type DriftReading, isTouched } from './drift-reader.ts';
import type { DriftNote, ElsewhereResult, Finding, KnownTunnels } from './known-tunnels.ts';

/** As whom the desk records what it finds by itself. */
export const DESK_ITSELF = { id: 'tunnel-desk', name: 'Tunnel Desk' };
/** How many are recorded in one commit. */
const SLICE = 50;

export interface DriftChecks {
  /** Looks now, and then from time to time. */
  start(): void;
  /** Fulfilled once no check is under way. */
  stop(): Promise<void>;
}

export interface DriftChecksOptions {
  /** From one check to the next, in milliseconds; none is made when absent. */
  readonly driftCheckMs: number | undefined;
  readonly accounts: readonly Pick<Account, 'id'>[];
  readonly driftReader: Pick<DriftReader, 'read'>;
  readonly knownTunnels: Pick<KnownTunnels, 'findings' | 'addFinding' | 'removeFinding'>;
  readonly alerts: Pick<Alerts, 'tell'>;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
}

type Compared = Extract<DriftReading, { kind: 'compared' }>;

export function createDriftChecks(options: DriftChecksOptions): DriftChecks {
  const { driftCheckMs, accounts, driftReader, knownTunnels, alerts, log } = options;
  const { isStopped, ...rounds } = createRounds(checkAll, driftCheckMs);

  async function checkAll(): Promise<void> {
    for (const { id } of accounts) {
      if (isStopped()) return;
      try {
        await check(id);
      } catch (error) {
        if (!isStopped()) log.error({ err: error, accountId: id }, 'what was done elsewhere could not be looked for');
      }
    }
  }

  async function check(accountId: string): Promise<void> {
    const reading = await driftReader.read(accountId);
    if (isStopped()) return;
    if (reading.kind === 'failed') {
      const upstream = summaryOf(reading.upstream);
      log.warn({ accountId, upstream }, 'what was done elsewhere could not be looked for');
      return;
    }
    const earlier = await knownTunnels.findings(accountId);
    await tellNew(accountId, reading, earlier);
    await tellGone(accountId, reading, earlier);
  }

  async function tellNew(
    accountId: string,
    { tunnels, found: present }: Compared,
    earlier: readonly Finding[],
  ): Promise<void> {
    const told = new Set(earlier.map(keyOf));
    const fresh = tunnels.filter((tunnel) => !told.has(keyOf(tunnel)));
    const found: AlertedTunnel[] = [];
    try {
      for (let from = 0; from < fresh.length; from += SLICE) {
        const slice = fresh.slice(from, from + SLICE);
        const recorded = await Promise.all(
          slice.map((tunnel) => record(accountId, tunnel, present.get(tunnel.tunnelId))),
        );
        found.push(...slice.filter((_, index) => recorded[index]).map(toAlerted));
      }
    } finally {
      // What is on record is told, whatever could not be recorded after it: that is found again.
      for (const { id, name, drift, fields } of found) {
        log.warn({ accountId, tunnelId: id, tunnel: name, drift, fields }, 'a tunnel was changed elsewhere');
      }
      alerts.tell({ kind: 'drift', accountId, at: new Date(), tunnels: found });
    }
  }

  /** Nothing is gone that cannot be seen just now. */
  async function tellGone(
    accountId: string,
    { head, tunnels, touched }: Compared,
    earlier: readonly Finding[],
  ): Promise<void> {
    if (!head.isComplete) return;
    const drifted = new Set(tunnels.map(({ tunnelId }) => tunnelId));
    const gone = earlier.filter(({ tunnelId, name }) => !drifted.has(tunnelId) && !isTouched(touched, tunnelId, name));
    for (let from = 0; from < gone.length; from += SLICE) {
      const slice = gone.slice(from, from + SLICE);
      await Promise.all(slice.map(({ tunnelId }) => knownTunnels.removeFinding(accountId, tunnelId)));
    }
    for (const { tunnelId, name } of gone) {
      log.info({ accountId, tunnelId, tunnel: name }, 'a tunnel is as this desk knows it again');
    }
    const told = gone.map(({ tunnelId: id, name }) => ({ id, name }));
    alerts.tell({ kind: 'drift-gone', accountId, at: new Date(), tunnels: told });
  }

  function record(accountId: string, tunnel: DriftedTunnel, present: IpsecTunnel | undefined): Promise<boolean> {
    const { tunnelId, name, kind, state } = tunnel;
    const before = kind === 'made' ? undefined : tunnel.known;
    const values = { name, before, now: present && knownRequest(present) };
    const note: DriftNote = { requestId: randomUUID(), person: DESK_ITSELF, accountId, tunnelId, ...values };
    return knownTunnels.addFinding(note, { tunnelId, name, kind, state }, RESULTS[kind]);
  }

  return rounds;
}

const RESULTS: Readonly<Record<DriftedTunnel['kind'], ElsewhereResult>> = {
  changed: 'changed-elsewhere',
  deleted: 'deleted-elsewhere',
  made: 'made-elsewhere',
};

function keyOf({ tunnelId, kind, state }: Pick<Finding, 'tunnelId' | 'kind' | 'state'>): string {
  return `${tunnelId} ${kind} ${state}`;
}

function toAlerted(tunnel: DriftedTunnel): AlertedTunnel {
  const { tunnelId: id, name, kind: drift } = tunnel;
  return { id, name, drift, ...(tunnel.kind === 'changed' && { fields: tunnel.fields.map(({ field }) => field) }) };
}
