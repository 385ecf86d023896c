// GET /api/session: what the page needs to know before the first field.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { SESSION_PATH, SIGN_OUT_PATH } from '@tunnel-desk/shared/api/paths';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { FastifyInstance } from 'fastify';
import packageJson from '../../package.json' with { type: 'json' };
import { mayChange, mayValidate } from '../auth/identity.ts';
import type { Config } from '../config.ts';
import { identityIn } from './authentication.ts';
import { inApi } from './prefix.ts';

export function registerSessionRoute(app: FastifyInstance, config: Config): void {
  const common = {
    mode: config.upstream.kind,
    rules: config.rules,
    cloudflareEndpoints: [...config.cloudflareEndpoints],
    version: packageJson.version,
  };
  const signOut = config.auth.kind === 'oidc' ? { signOutPath: SIGN_OUT_PATH } : {};
  app.get(inApi(SESSION_PATH), async (request) => {
    const identity = identityIn(request);
    const session: Session = {
      ...common,
      person: { name: identity.name, ...signOut },
      accounts: config.accounts
        .filter(({ id }) => mayValidate(identity, id))
        .map((account) => ({ ...account, mayChange: mayChange(identity, account.id) })),
    };
    return successEnvelope(session);
  });
}
