// What the server works with: opened before the app is put together, and closed after it.

import type { FastifyBaseLogger } from 'fastify';
import { type Alerts, createAlerts } from './alerts/alerts.ts';
import { type CloudflareClient, createCloudflareClient } from './cloudflare/client.ts';
import type { Config } from './config.ts';
import { prepareDataFolder } from './data-folder.ts';
import { createHealthAlerts, type HealthAlerts } from './health/health-alerts.ts';
import { createHealthReader, type HealthReader } from './health/health-reader.ts';
import { type IpsecTunnelChanges, ipsecTunnelChanges } from './ipsec-tunnels/changes.ts';
import { createDriftChecks, type DriftChecks } from './known-tunnels/drift-checks.ts';
import { createDriftReader, type DriftReader } from './known-tunnels/drift-reader.ts';
import { type MetricsServer, openMetrics } from './metrics/scraping.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { Secret } from './secret.ts';
import { printablePath, StartupError } from './startup-error.ts';
import { openStorage, type Storage } from './storage/storage.ts';
import { createSubmissions, type Submissions } from './submissions/submissions.ts';

export interface Services {
  readonly storage: Storage;
  /** Nothing is measured when absent. */
  readonly metricsServer: MetricsServer | undefined;
  readonly cloudflare: CloudflareClient;
  readonly submissions: Submissions;
  readonly changes: IpsecTunnelChanges;
  readonly healthReader: HealthReader;
  readonly driftReader: DriftReader;
  readonly driftChecks: DriftChecks;
  readonly alerts: Alerts;
  readonly healthAlerts: HealthAlerts;
  /** Fulfilled once all can be used; rejected with a {@link StartupError} where the database cannot be opened. */
  readonly opened: Promise<void>;
  close(): Promise<void>;
}

/** A change reads the tunnel, is sent, and is then looked for, each within the time of a call; and one to be sure. */
const OPEN_CALLS = 4;
/** The same at every start, unlike the sandbox's token; nothing that is tried out there is worth guessing at. */
const SANDBOX_SECRET = new Secret('sandbox');

/**
 * Opens them all; in sandbox mode the stand-in for Cloudflare is among them. The database may still be opening on its own
 * thread. Throws a {@link StartupError} where the data folder cannot be used.
 */
export async function openServices(
  config: Config,
  log: FastifyBaseLogger,
  storage: Storage = openConfiguredStorage(config),
): Promise<Services> {
  const opened = untilOpened(storage, config, log);
  // Whoever waits for it is told; until then it must not pass for a rejection that nobody handles.
  opened.catch(() => undefined);
  const metricsServer = config.metrics && (await openMetrics(config.metrics));
  const metrics = metricsServer?.metrics;
  const upstream = await openUpstream(config, log);
  const cloudflare = createCloudflareClient({
    ...upstream,
    timeoutMs: config.upstreamTimeoutMs,
    proxy: config.outgoingProxy,
    observe: metrics?.observeUpstreamCall,
  });
  const healthReader = createHealthReader({ cloudflare, log, observe: metrics?.observeHealth });
  // Health is measured while nobody looks too, so that an alert can be set on it.
  metrics?.beforePrint(() => {
    for (const { id } of config.accounts) void healthReader.read(id);
  });
  const changes = ipsecTunnelChanges(cloudflare);
  const submissions = createSubmissions({
    journal: storage.journal,
    changes: Object.values(changes),
    accountIds: config.accounts.map(({ id }) => id),
    log,
    secret: config.upstream.kind === 'sandbox' ? SANDBOX_SECRET : upstream.token,
    settleMs: config.settleMs,
    lookLimitMs: config.upstreamTimeoutMs,
    onOutcome: metrics?.countSubmission,
  });
  const { knownTunnels } = storage;
  const driftReader = createDriftReader({
    ...{ cloudflare, knownTunnels, observe: metrics?.observeDrift },
    openMs: OPEN_CALLS * config.upstreamTimeoutMs + config.settleMs,
  });
  const alerts = createAlerts({ ...config, webhook: config.alertWebhook, proxy: config.outgoingProxy, log });
  const driftChecks = createDriftChecks({ ...config, driftReader, knownTunnels, alerts, log });
  const { toldDown } = storage;
  const isTold = config.alertWebhook !== undefined;
  const healthAlerts = createHealthAlerts({ ...config, isTold, healthReader, cloudflare, toldDown, alerts, log });
  return {
    storage,
    metricsServer,
    cloudflare,
    submissions,
    changes,
    healthReader,
    driftReader,
    driftChecks,
    alerts,
    healthAlerts,
    opened,
    async close() {
      const stopped = Promise.all([submissions.stop(), driftChecks.stop(), healthAlerts.stop()]);
      await cloudflare.close();
      await stopped;
      await alerts.close();
      await storage.close();
      await upstream.close();
      metricsServer?.close();
    },
  };
}

/** What is only tried out in the sandbox never stands among what was really done. */
function openConfiguredStorage({ dataDir, upstream }: Config): Storage {
  prepareDataFolder(dataDir);
  return openStorage(dataDir, { fileName: upstream.kind === 'sandbox' ? 'sandbox-audit.sqlite' : 'audit.sqlite' });
}

async function untilOpened({ opened }: Storage, { dataDir }: Config, log: FastifyBaseLogger): Promise<void> {
  try {
    const { head, lost } = await opened;
    log.info({ auditHead: head }, 'The audit trail is open');
    if (lost !== undefined) {
      log.error(
        { auditHead: head, lost },
        `AUDIT TRAIL: entries are missing or changed: it had ${lost.count} records with the head ${lost.hash}, and has them no more`,
      );
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(`DATA_DIR: the audit trail in ${printablePath(dataDir)} cannot be opened: ${reason}`);
  }
}

/** Where calls go and with which token: the configured Cloudflare, or a sandbox started for this server alone. */
async function openUpstream({ upstream, accounts, rules }: Config, log: FastifyBaseLogger) {
  if (upstream.kind === 'cloudflare') return { ...upstream, close: async () => undefined };
  const { tunnels } = upstream;
  const sandbox = await startSandbox({ accountIds: accounts.map(({ id }) => id), rules, tunnels });
  log.warn('SANDBOX MODE: nothing here reaches Cloudflare, and its tunnels are gone when this server stops');
  return sandbox;
}
