// What load balancers and containers ask for, by address and without signing in: whether the desk is alive and ready.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { HEALTH_PATH, READY_PATH } from '@tunnel-desk/shared/api/paths';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { cacheFor } from './cache-for.ts';
import { isTokenActive } from './cloudflare/token-check.ts';
import type { Config } from './config.ts';
import { forbidCaching } from './http/caching.ts';
import { type Readiness, type ReadinessChecks, readinessBy } from './readiness.ts';
import type { Services } from './services.ts';

/** How long a check of the token is good for, in milliseconds: nobody can make us ask Cloudflare more often. */
const TOKEN_CHECK_MS = 60_000;
/** The same for the database, where a check is a write. */
const STORAGE_CHECK_MS = 1_000;

export interface ProbesOptions {
  readonly config: Pick<Config, 'accounts'>;
  readonly services: Pick<Services, 'cloudflare' | 'storage'>;
  /** Those that signing in brings along. */
  readonly checks: ReadinessChecks;
}

/** What one probe finds, with the log for what a check has to say. */
export type Probe = (log: FastifyBaseLogger) => Readiness | Promise<Readiness>;

/** By their paths. */
export type Probes = ReadonlyMap<string, Probe>;

export function createProbes({ config, services, checks }: ProbesOptions): Probes {
  const { cloudflare, storage } = services;
  const alive: Readiness = { status: 200, envelope: successEnvelope({ status: 'alive' }), failing: [] };
  const allChecks = {
    auditTrail: cacheFor(STORAGE_CHECK_MS, () => storage.probe().then(() => true)),
    token: cacheFor(TOKEN_CHECK_MS, (log) => isTokenActive(cloudflare, config.accounts[0]?.id, log)),
    ...checks,
  };
  return new Map<string, Probe>([
    [HEALTH_PATH, () => alive],
    [READY_PATH, (log) => readinessBy(allChecks, log)],
  ]);
}

/** They come under any host name: a page that was rebound to this address learns nothing else. */
export async function probeRoutes(app: FastifyInstance, { probes }: { readonly probes: Probes }): Promise<void> {
  forbidCaching(app);
  for (const [path, probe] of probes) {
    app.get(path, async (request, reply) => {
      const { status, envelope, failing } = await probe(request.log);
      if (failing.length > 0) request.logDetails = { failing };
      return reply.code(status).send(envelope);
    });
  }
}
