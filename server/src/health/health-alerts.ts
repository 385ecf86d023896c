// Reads the health of every account once a minute by itself, and tells of tunnels that went down and came up again, each once.

import type { TunnelHealth } from '@tunnel-desk/shared/api/health';
import type { Account } from '@tunnel-desk/shared/api/session';
import type { FastifyBaseLogger } from 'fastify';
import type { Alerts } from '../alerts/alerts.ts';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { createRounds } from '../rounds.ts';
import { createDownWatch, type DownChanges, type DownWatch, downIn } from './down-watch.ts';
import type { HealthReader } from './health-reader.ts';
import type { ToldDown } from './told-down.ts';

/** From the end of one round to the next: the reader has a new reading by then. */
const INTERVAL_MS = 60_000;
/** How many are named in a line of the log. */
const MAX_NAMES = 10;

export interface HealthAlerts {
  /** Reads now, and then once a minute. */
  start(): void;
  /** Fulfilled once nothing is under way. */
  stop(): Promise<void>;
}

export interface HealthAlertsOptions {
  /** Whether anybody is told: nothing is read otherwise. */
  readonly isTold: boolean;
  readonly accounts: readonly Pick<Account, 'id'>[];
  readonly healthReader: Pick<HealthReader, 'read'>;
  readonly cloudflare: Pick<CloudflareClient, 'listIpsecTunnels'>;
  readonly toldDown: ToldDown;
  readonly alerts: Pick<Alerts, 'tell'>;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
}

export function createHealthAlerts(options: HealthAlertsOptions): HealthAlerts {
  const { isTold, accounts, healthReader, cloudflare, toldDown, alerts, log } = options;
  const watches = accounts.map(({ id }) => ({ accountId: id, watch: createDownWatch() }));
  const { isStopped, ...rounds } = createRounds(checkAll, isTold ? INTERVAL_MS : undefined);

  async function check(accountId: string, watch: DownWatch): Promise<void> {
    const health = await healthReader.read(accountId);
    if (isStopped() || health.kind !== 'known') return;
    const told = await toldDown.find(accountId);
    // What was down before anybody was to be told is no news.
    if (told === undefined) return toldDown.save(accountId, downIn(health));
    const changes = watch.observe(health, told);
    if (changes.down.length + changes.up.length + changes.gone.length > 0) await tell(accountId, told, changes);
  }

  async function tell(accountId: string, told: ReadonlySet<string>, { down, up, gone }: DownChanges): Promise<void> {
    const present = down.length + up.length > 0 ? await presentTunnels(accountId) : undefined;
    if (isStopped()) return;
    const remaining = new Set(told);
    for (const name of [...up.map((tunnel) => tunnel.name), ...gone]) remaining.delete(name);
    for (const { name } of down) remaining.add(name);
    await toldDown.save(accountId, remaining);
    tellOf(accountId, 'tunnels-down', down, present);
    tellOf(accountId, 'tunnels-up', up, present);
  }

  /** The IDs of the account's tunnels by their names; `undefined` where the list could not be read. */
  async function presentTunnels(accountId: string) {
    const upstream = await cloudflare.listIpsecTunnels(accountId, { healthCheckTarget: 'object' });
    if (upstream.kind !== 'response' || !upstream.success) return undefined;
    const { tunnels, isComplete } = upstream.result;
    return { ids: new Map(tunnels.map(({ name, id }) => [name, id])), isComplete };
  }

  /** Not of those that are no IPsec tunnels of the account, or none any more: they have measurements too. */
  function tellOf(
    accountId: string,
    kind: 'tunnels-down' | 'tunnels-up',
    changed: readonly TunnelHealth[],
    present: Awaited<ReturnType<typeof presentTunnels>>,
  ): void {
    const tunnels = changed
      .filter(({ name }) => !present?.isComplete || present.ids.has(name))
      .map(({ name, since }) => ({ id: present?.ids.get(name), name, since: since?.at }));
    if (tunnels.length === 0) return;
    const details = { accountId, count: tunnels.length, tunnels: tunnels.slice(0, MAX_NAMES).map(({ name }) => name) };
    if (kind === 'tunnels-down') log.warn(details, 'tunnels went down');
    else log.info(details, 'tunnels came up again');
    alerts.tell({ kind, accountId, at: new Date(), tunnels });
  }

  async function checkAll(): Promise<void> {
    const checks = watches.map(({ accountId, watch }) =>
      check(accountId, watch).catch((error: unknown) => {
        if (!isStopped()) log.error({ err: error, accountId }, 'tunnels that go down could not be looked for');
      }),
    );
    await Promise.all(checks);
  }

  return rounds;
}
