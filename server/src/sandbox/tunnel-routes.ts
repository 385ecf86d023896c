// The IPsec tunnels of the sandbox's accounts over HTTP.

import { randomBytes } from 'node:crypto';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { generatePskPath, ipsecTunnelPath, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { Session } from '@tunnel-desk/shared/api/session';
import {
  type CreateIpsecTunnelRequest,
  createIpsecTunnelRequestSchema,
} from '@tunnel-desk/shared/ipsec-tunnels/request';
import { toIssues } from '@tunnel-desk/shared/issues';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { healthCheckTargetForm, present, pskMetadata, remoteIdentities } from './present.ts';
import { CODES, refuse, refuseIssues } from './responses.ts';
import type { StoredTunnel, TunnelStore } from './tunnel-store.ts';

export interface TunnelRoutesOptions {
  readonly storeOf: (accountId: string) => TunnelStore;
  readonly rules: Session['rules'];
  /** In milliseconds since the epoch. */
  readonly now: () => number;
  /** For how long a list does not have a new tunnel, in milliseconds. */
  readonly listLagMs: number;
  /** How many tunnels a page of the list has; all of them in one when absent. */
  readonly pageSize: number | undefined;
}

interface AccountRoute {
  Params: { account_id: string };
  Querystring: { validate_only?: string; page?: string; per_page?: string };
}

interface TunnelRoute {
  Params: { account_id: string; tunnel_id: string };
  Querystring: { validate_only?: string };
}

const NOT_PERSISTED = [{ code: CODES.invalid, message: 'Validated by the sandbox; not persisted.' }];
const PSK_BYTES = 32;

export function registerTunnels(app: FastifyInstance, options: TunnelRoutesOptions): void {
  const { storeOf, rules, now, listLagMs, pageSize } = options;
  const path = ipsecTunnelsPath(':account_id');
  const tunnelPath = ipsecTunnelPath(':account_id', ':tunnel_id');

  function presentFor({ params, headers }: FastifyRequest<AccountRoute>, tunnel: StoredTunnel) {
    const healthCheckTarget = healthCheckTargetForm(headers);
    return present(tunnel, { accountId: params.account_id, healthCheckTarget, now: now() });
  }

  function parseBody({ params, headers, body }: FastifyRequest<AccountRoute>) {
    const healthCheckTarget = healthCheckTargetForm(headers);
    return createIpsecTunnelRequestSchema({ accountId: params.account_id, ...rules, healthCheckTarget }).safeParse(
      body,
    );
  }

  app.get<AccountRoute>(path, async (request) => {
    const tunnels = storeOf(request.params.account_id)
      .list()
      .filter(({ createdOn }) => listLagMs === 0 || Date.parse(createdOn) <= now() - listLagMs)
      .map((tunnel) => presentFor(request, tunnel));
    return pageSize === undefined
      ? successEnvelope({ ipsec_tunnels: tunnels })
      : pageOf(tunnels, Number(request.query.per_page ?? pageSize), Number(request.query.page ?? 1));
  });

  app.post<AccountRoute>(path, async (request, reply) => {
    const parsed = parseBody(request);
    if (!parsed.success) return refuseIssues(reply, toIssues(parsed.error));
    const store = storeOf(request.params.account_id);
    const conflicts = store.conflictsWith(parsed.data);
    if (conflicts.length > 0) return refuseIssues(reply, conflicts);
    if (isValidateOnly(request)) return successEnvelope(withoutPsk(parsed.data), NOT_PERSISTED);
    return successEnvelope(presentFor(request, store.create(parsed.data)));
  });

  app.get<TunnelRoute>(tunnelPath, async (request, reply) => {
    const { tunnel } = find(request);
    if (tunnel === undefined) return refuseUnknown(reply);
    return successEnvelope({ ipsec_tunnel: presentFor(request, tunnel) });
  });

  app.put<TunnelRoute>(tunnelPath, async (request, reply) => {
    const { store, tunnel } = find(request);
    if (tunnel === undefined) return refuseUnknown(reply);
    const parsed = parseBody(request);
    if (!parsed.success) return refuseIssues(reply, toIssues(parsed.error));
    const preview = store.preview(tunnel, parsed.data);
    const conflicts = store.conflictsWith(preview.settings, tunnel);
    if (conflicts.length > 0) return refuseIssues(reply, conflicts);
    if (isValidateOnly(request)) {
      const result = { modified: false, modified_ipsec_tunnel: presentFor(request, preview) };
      return successEnvelope(result, NOT_PERSISTED);
    }
    const modified = store.update(tunnel, parsed.data);
    return successEnvelope({ modified: true, modified_ipsec_tunnel: presentFor(request, modified) });
  });

  app.delete<TunnelRoute>(tunnelPath, async (request, reply) => {
    const { store, tunnel } = find(request);
    if (tunnel === undefined) return refuseUnknown(reply);
    const presented = presentFor(request, tunnel);
    if (isValidateOnly(request)) {
      return successEnvelope({ deleted: false, deleted_ipsec_tunnel: presented }, NOT_PERSISTED);
    }
    store.delete(tunnel);
    return successEnvelope({ deleted: true, deleted_ipsec_tunnel: presented });
  });

  app.post<TunnelRoute>(generatePskPath(':account_id', ':tunnel_id'), async (request, reply) => {
    const { store, tunnel } = find(request);
    if (tunnel === undefined) return refuseUnknown(reply);
    const identity = {
      ipsec_tunnel_id: tunnel.id,
      ipsec_id: remoteIdentities(request.params.account_id, tunnel.id).fqdn_id,
    };
    if (isValidateOnly(request)) {
      return successEnvelope({ ...identity, psk_metadata: pskMetadata(tunnel) }, NOT_PERSISTED);
    }
    const psk = randomBytes(PSK_BYTES).toString('base64url');
    return successEnvelope({ ...identity, psk, psk_metadata: pskMetadata(store.setKey(tunnel)) });
  });

  function find({ params }: FastifyRequest<TunnelRoute>) {
    const store = storeOf(params.account_id);
    return { store, tunnel: store.get(params.tunnel_id) };
  }
}

function isValidateOnly({ query }: { readonly query: { readonly validate_only?: string } }): boolean {
  return query.validate_only === 'true';
}

function refuseUnknown(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, CODES.noSuchTunnel, 'No such IPsec tunnel');
}

/** A page in the form of Cloudflare's paged lists. */
function pageOf(tunnels: readonly unknown[], pageSize: number, page: number) {
  const entries = tunnels.slice((page - 1) * pageSize, page * pageSize);
  const count = {
    count: entries.length,
    total_count: tunnels.length,
    total_pages: Math.ceil(tunnels.length / pageSize),
  };
  return { ...successEnvelope({ ipsec_tunnels: entries }), result_info: { page, per_page: pageSize, ...count } };
}

function withoutPsk({ psk: _, ...rest }: CreateIpsecTunnelRequest) {
  return rest;
}
