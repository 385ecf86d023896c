// GET /api/session: what the page needs to know before the first field.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { SESSION_PATH } from '@tunnel-desk/shared/api/paths';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { FastifyInstance } from 'fastify';
import packageJson from '../package.json' with { type: 'json' };
import type { Config } from './config.ts';

export function registerSessionRoute(app: FastifyInstance, config: Config): void {
  const session: Session = {
    mode: config.upstream.kind,
    accounts: [...config.accounts],
    rules: config.rules,
    cloudflareEndpoints: [...config.cloudflareEndpoints],
    version: packageJson.version,
  };
  app.get(SESSION_PATH, async () => successEnvelope(session));
}
