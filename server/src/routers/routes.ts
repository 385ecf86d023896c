// What was entered about the routers of an account's tunnels: read by whoever sees the account, entered by whoever may change
// it. It stays at this desk, and nothing here reaches Cloudflare.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { routerSettingsPath, tunnelRouterSettingsPath } from '@tunnel-desk/shared/api/paths';
import { type KeptRouterSettings, routerSettingsSchema } from '@tunnel-desk/shared/routers/settings';
import type { FastifyInstance } from 'fastify';
import { identityIn } from '../api/authentication.ts';
import { inAccount } from '../api/prefix.ts';
import { sendBodyIssues, sendError } from '../http/errors.ts';
import { refuseQuery } from '../http/no-query.ts';
import { sendSlices } from '../http/send-slices.ts';
import { refuseTunnelId, type TunnelRoute } from '../ipsec-tunnels/tunnel-id.ts';
import type { RouterSettingsStore } from './router-settings-store.ts';

export interface RouterSettingsRoutesOptions {
  readonly routerSettings: RouterSettingsStore;
}

interface AccountRoute {
  Params: { account_id: string };
}

const PATH = inAccount(routerSettingsPath(':account_id'));
const TUNNEL_PATH = inAccount(tunnelRouterSettingsPath(':account_id', ':tunnel_id'));

/** For the plugin of an account, whose ID and the person's role there are checked already. */
export function registerRouterSettingsRoutes(
  app: FastifyInstance,
  { routerSettings }: RouterSettingsRoutesOptions,
): void {
  app.get<AccountRoute>(PATH, async (request, reply) => {
    const { account_id: accountId } = request.params;
    request.logDetails = { accountId };
    return sendSlices(reply, routerSettings.all(accountId));
  });

  app.put<TunnelRoute>(TUNNEL_PATH, { onRequest: [refuseTunnelId, refuseQuery] }, async (request, reply) => {
    const { account_id: accountId, tunnel_id: tunnelId } = request.params;
    request.logDetails = { accountId, tunnelId };
    const body = settingsSchemaOf(tunnelId).safeParse(request.body);
    if (!body.success) return sendBodyIssues(reply, body.error);
    const kept: KeptRouterSettings = { tunnelId, settings: body.data };
    try {
      await routerSettings.keep(accountId, kept, identityIn(request).id);
    } catch (error) {
      request.log.error({ err: error }, 'what was entered about a router cannot be kept');
      return sendError(reply, 'auditUnavailable', 'the database of this desk cannot be written, so nothing was kept');
    }
    return successEnvelope(kept);
  });

  const refusals = [
    { url: PATH, method: ['POST', 'PUT', 'PATCH', 'DELETE'], allow: 'GET, HEAD' },
    { url: TUNNEL_PATH, method: ['GET', 'POST', 'PATCH', 'DELETE'], allow: 'PUT' },
  ];
  for (const { url, method, allow } of refusals) {
    app.route({
      url,
      method,
      config: { mayBeEmpty: true },
      handler: (_request, reply) => sendError(reply.header('allow', allow), 'methodNotAllowed', READ_ALL_KEEP_ONE),
    });
  }
}

/** The settings of this tunnel's router: it cannot be the other tunnel to it. */
function settingsSchemaOf(tunnelId: string) {
  return routerSettingsSchema.refine(({ pairedWith }) => pairedWith !== tunnelId, {
    error: 'a tunnel cannot be paired with itself',
    path: ['pairedWith'],
  });
}

const READ_ALL_KEEP_ONE =
  'what was entered about routers is read for an account, and kept by PUT for one tunnel at a time';
