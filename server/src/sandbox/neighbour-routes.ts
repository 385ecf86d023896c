// The lists of an account's GRE tunnels, interconnects, BGP filter profiles and static routes over HTTP.

import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { bgpFilterProfilesPath, greTunnelsPath, interconnectsPath, routesPath } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance } from 'fastify';
import type { Neighbours } from './neighbours.ts';
import { healthCheckTargetForm, presentHealthCheck } from './present.ts';

interface AccountRoute {
  Params: { account_id: string };
}

export function registerNeighbours(app: FastifyInstance, neighboursOf: (accountId: string) => Neighbours): void {
  app.get<AccountRoute>(greTunnelsPath(':account_id'), async ({ params, headers }) => {
    const form = healthCheckTargetForm(headers);
    const tunnels = neighboursOf(params.account_id).greTunnels.map((tunnel) => ({
      ...tunnel,
      health_check: presentHealthCheck(tunnel.health_check, tunnel.customer_gre_endpoint, form),
    }));
    return successEnvelope({ gre_tunnels: tunnels });
  });

  app.get<AccountRoute>(interconnectsPath(':account_id'), async ({ params, headers }) => {
    const form = healthCheckTargetForm(headers);
    const interconnects = neighboursOf(params.account_id).interconnects.map((interconnect) => ({
      ...interconnect,
      health_check: presentHealthCheck(interconnect.health_check, '', form),
    }));
    return successEnvelope({ interconnects });
  });

  // Cloudflare's only list here that is the result itself.
  app.get<AccountRoute>(bgpFilterProfilesPath(':account_id'), async ({ params }) =>
    successEnvelope(neighboursOf(params.account_id).bgpFilterProfiles),
  );

  app.get<AccountRoute>(routesPath(':account_id'), async ({ params }) =>
    successEnvelope({ routes: neighboursOf(params.account_id).routes }),
  );
}
