// The ID of a tunnel in a path, checked before the body is read.

import { cloudflareIdentifier } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from '../http/errors.ts';

export interface TunnelRoute {
  Params: { account_id: string; tunnel_id: string };
}

/** An ID in another form could lead to another path at Cloudflare. */
export async function refuseTunnelId(
  request: FastifyRequest<TunnelRoute>,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { tunnel_id: tunnelId } = request.params;
  if (tunnelId === undefined || cloudflareIdentifier.safeParse(tunnelId).success) return undefined;
  return sendError(reply, 'invalidTunnelId', 'the tunnel ID must be 32 lowercase hexadecimal characters');
}
