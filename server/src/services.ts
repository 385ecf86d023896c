// What the server works with: opened before the app is put together, and closed after it.

import type { FastifyBaseLogger } from 'fastify';
import { openSqliteTrail } from './audit/sqlite-trail.ts';
import type { AuditTrail } from './audit/trail.ts';
import { type CloudflareClient, createCloudflareClient } from './cloudflare/client.ts';
import type { Config } from './config.ts';
import { createSubmissions, type Submissions } from './ipsec-tunnels/submissions.ts';
import { type MetricsServer, openMetrics } from './metrics/scraping.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { Secret } from './secret.ts';
import { StartupError } from './startup-error.ts';

export interface Services {
  readonly trail: AuditTrail;
  /** Nothing is measured when absent. */
  readonly metricsServer: MetricsServer | undefined;
  readonly cloudflare: CloudflareClient;
  readonly submissions: Submissions;
  close(): Promise<void>;
}

/** The same at every start, unlike the sandbox's token; nothing that is tried out there is worth guessing at. */
const SANDBOX_SECRET = new Secret('sandbox');

/**
 * Opens them all; in sandbox mode the stand-in for Cloudflare is among them. Throws a {@link StartupError} where the audit
 * trail cannot be opened.
 */
export async function openServices(
  config: Config,
  log: FastifyBaseLogger,
  trail: AuditTrail = openTrail(config),
): Promise<Services> {
  const metricsServer = config.metrics && (await openMetrics(config.metrics));
  const metrics = metricsServer?.metrics;
  const upstream = await openUpstream(config, log);
  const cloudflare = createCloudflareClient({
    ...upstream,
    timeoutMs: config.upstreamTimeoutMs,
    proxy: config.outgoingProxy,
    observe: metrics?.observeUpstreamCall,
  });
  const submissions = createSubmissions({
    cloudflare,
    trail,
    log,
    secret: config.upstream.kind === 'sandbox' ? SANDBOX_SECRET : upstream.token,
    onOutcome: metrics?.countSubmission,
  });
  return {
    trail,
    metricsServer,
    cloudflare,
    submissions,
    async close() {
      await cloudflare.close();
      await trail.close();
      await upstream.close();
      metricsServer?.close();
    },
  };
}

/** What is only tried out in the sandbox never stands among what was really done. */
function openTrail({ dataDir, upstream }: Config): AuditTrail {
  try {
    return openSqliteTrail(dataDir, upstream.kind === 'sandbox' ? 'sandbox-audit.sqlite' : 'audit.sqlite');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(`DATA_DIR: the audit trail in ${dataDir} cannot be opened: ${reason}`);
  }
}

/** Where calls go and with which token: the configured Cloudflare, or a sandbox started for this server alone. */
async function openUpstream({ upstream, accounts, rules }: Config, log: FastifyBaseLogger) {
  if (upstream.kind === 'cloudflare') return { ...upstream, close: async () => undefined };
  const sandbox = await startSandbox({ accountIds: accounts.map(({ id }) => id), rules });
  log.warn('SANDBOX MODE: nothing here reaches Cloudflare, and its tunnels are gone when this server stops');
  return sandbox;
}
