// The plugin for /accounts/:account_id: for every route in it, the account and the person's role there are checked here,
// before the body is read.

import type { Account } from '@tunnel-desk/shared/api/session';
import { cloudflareIdentifier } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mayChange, mayValidate } from '../auth/identity.ts';
import type { BatchStore } from '../batches/batch-store.ts';
import { registerBatchRoutes } from '../batches/routes.ts';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { Config } from '../config.ts';
import type { HealthReader } from '../health/health-reader.ts';
import { registerHealthRoutes } from '../health/routes.ts';
import { sendError } from '../http/errors.ts';
import type { IpsecTunnelChanges } from '../ipsec-tunnels/changes.ts';
import { registerIpsecTunnelRoutes } from '../ipsec-tunnels/routes.ts';
import type { DriftReader } from '../known-tunnels/drift-reader.ts';
import type { KnownTunnels } from '../known-tunnels/known-tunnels.ts';
import { registerDriftRoutes } from '../known-tunnels/routes.ts';
import { registerNeighbourRoutes } from '../neighbours/routes.ts';
import type { RouterSettingsStore } from '../routers/router-settings-store.ts';
import { registerRouterSettingsRoutes } from '../routers/routes.ts';
import type { Submissions } from '../submissions/submissions.ts';
import { identityIn } from './authentication.ts';

export interface AccountOptions {
  readonly config: Pick<Config, 'accounts' | 'rules'>;
  readonly cloudflare: CloudflareClient;
  readonly submissions: Submissions;
  readonly changes: IpsecTunnelChanges;
  readonly routerSettings: RouterSettingsStore;
  readonly batches: BatchStore;
  readonly healthReader: HealthReader;
  readonly knownTunnels: KnownTunnels;
  readonly driftReader: DriftReader;
}

interface AccountRoute {
  Params: { account_id: string };
}

export async function account(app: FastifyInstance, { config, ...services }: AccountOptions): Promise<void> {
  const served = new Set(config.accounts.map(({ id }) => id));
  app.addHook<AccountRoute>('onRequest', (request, reply, done) => {
    const isRefused = refuseAccount(request, reply, served) ?? refuseRole(request, reply);
    if (!isRefused) done();
  });
  registerIpsecTunnelRoutes(app, { ...config, ...services });
  registerNeighbourRoutes(app, services);
  registerRouterSettingsRoutes(app, services);
  registerBatchRoutes(app, { ...config, ...services });
  registerHealthRoutes(app, services);
  registerDriftRoutes(app, services);
}

/** The ID of the account that the route is about. */
export function accountIdIn({ params }: FastifyRequest<AccountRoute>): Account['id'] {
  return params.account_id;
}

function refuseAccount(
  request: FastifyRequest<AccountRoute>,
  reply: FastifyReply,
  served: ReadonlySet<string>,
): FastifyReply | undefined {
  const accountId = accountIdIn(request);
  if (served.has(accountId)) return undefined;
  return cloudflareIdentifier.safeParse(accountId).success
    ? sendError(reply, 'accountNotAllowed', 'this server does not serve that account')
    : sendError(reply, 'invalidAccountId', 'the account ID must be 32 lowercase hexadecimal characters');
}

/** Anything but a read or a plain `validate_only=true` counts as a change. */
function refuseRole(request: FastifyRequest<AccountRoute>, reply: FastifyReply): FastifyReply | undefined {
  const accountId = accountIdIn(request);
  const identity = identityIn(request);
  if (!mayValidate(identity, accountId)) {
    return sendError(reply, 'notPermitted', 'your role does not include this account');
  }
  if (!changesNothing(request) && !mayChange(identity, accountId)) {
    return sendError(
      reply,
      'notPermitted',
      'your role in this account is to read and validate, not to change anything',
    );
  }
  return undefined;
}

function changesNothing({ method, query }: FastifyRequest<AccountRoute>): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return typeof query === 'object' && query !== null && 'validate_only' in query && query.validate_only === 'true';
}
