// What load balancers and containers ask for, by address and without signing in: whether the desk is alive and ready.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { HEALTH_PATH } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance } from 'fastify';
import { cacheFor } from './cache-for.ts';
import { isTokenActive } from './cloudflare/token-check.ts';
import type { Config } from './config.ts';
import { forbidCaching } from './http/caching.ts';
import { type ReadinessChecks, registerReadiness } from './readiness.ts';
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

/** They come under any host name: a page that was rebound to this address learns nothing else. */
export async function probes(app: FastifyInstance, { config, services, checks }: ProbesOptions): Promise<void> {
  const { cloudflare, storage } = services;
  forbidCaching(app);
  app.get(HEALTH_PATH, async () => successEnvelope({ status: 'alive' }));
  registerReadiness(app, {
    auditTrail: cacheFor(STORAGE_CHECK_MS, () => storage.probe().then(() => true)),
    token: cacheFor(TOKEN_CHECK_MS, (log) => isTokenActive(cloudflare, config.accounts[0]?.id, log)),
    ...checks,
  });
}
