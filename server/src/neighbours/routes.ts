// The lists of what an account has beside its IPsec tunnels, passed on as Cloudflare responds.

import type { FastifyInstance } from 'fastify';
import { inAccount } from '../api/prefix.ts';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { NEIGHBOUR_LISTS } from '../cloudflare/neighbour-lists.ts';
import { summaryOf } from '../cloudflare/response.ts';
import { sendResponse } from '../http/response.ts';
import { readTargetForm } from '../ipsec-tunnels/call.ts';
import { responseTo } from '../ipsec-tunnels/responses.ts';

export interface NeighbourRoutesOptions {
  readonly cloudflare: Pick<CloudflareClient, 'listNeighbours'>;
}

interface AccountRoute {
  Params: { account_id: string };
}

/** For the plugin of an account, whose ID and the person's role there are checked already. */
export function registerNeighbourRoutes(app: FastifyInstance, { cloudflare }: NeighbourRoutesOptions): void {
  for (const list of NEIGHBOUR_LISTS) {
    app.get<AccountRoute>(inAccount(list.path(':account_id')), async (request, reply) => {
      const accountId = request.params.account_id;
      const healthCheckTarget = readTargetForm(request, reply);
      if (healthCheckTarget === undefined) return reply;
      const response = await cloudflare.listNeighbours(list, accountId, { healthCheckTarget });
      request.logDetails = { accountId, upstream: summaryOf(response) };
      return sendResponse(reply, responseTo(response));
    });
  }
}
