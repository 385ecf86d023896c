// What was done to an account's tunnels elsewhere: read by whoever sees the account, and accepted by whoever may change it.
// Restoring one is an update like any other, or a create where it was deleted.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AcceptedDrift, acceptDriftSchema } from '@tunnel-desk/shared/api/drift';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { acceptDriftPath, driftPath } from '@tunnel-desk/shared/api/paths';
import { knownRequest } from '@tunnel-desk/shared/ipsec-tunnels/drift';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { identityIn } from '../api/authentication.ts';
import { inAccount } from '../api/prefix.ts';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { summaryOf } from '../cloudflare/response.ts';
import { sendBodyIssues, sendError } from '../http/errors.ts';
import { refuseQuery } from '../http/no-query.ts';
import { sendResponse } from '../http/response.ts';
import { sendSlices } from '../http/send-slices.ts';
import { seenIn } from '../ipsec-tunnels/look-at-tunnels.ts';
import { responseTo, responseToNotRead } from '../ipsec-tunnels/responses.ts';
import { refuseTunnelId, type TunnelRoute } from '../ipsec-tunnels/tunnel-id.ts';
import { driftOf, stateTag } from './compare.ts';
import type { DriftReader } from './drift-reader.ts';
import type { KnownTunnel, KnownTunnels } from './known-tunnels.ts';

export interface DriftRoutesOptions {
  readonly cloudflare: Pick<CloudflareClient, 'getIpsecTunnel'>;
  readonly knownTunnels: KnownTunnels;
  readonly driftReader: DriftReader;
}

interface AccountRoute {
  Params: { account_id: string };
}

const PATH = inAccount(driftPath(':account_id'));
const ACCEPT_PATH = inAccount(acceptDriftPath(':account_id', ':tunnel_id'));
/** How many tunnels are written at a time. */
const SLICE = 100;

/** For the plugin of an account, whose ID and the person's role there are checked already. */
export function registerDriftRoutes(app: FastifyInstance, options: DriftRoutesOptions): void {
  const { cloudflare, knownTunnels, driftReader } = options;

  app.get<AccountRoute>(PATH, { onRequest: refuseQuery }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    request.logDetails = { accountId };
    const reading = await driftReader.read(accountId);
    if (reading.kind === 'failed') {
      request.logDetails = { accountId, upstream: summaryOf(reading.upstream) };
      return sendResponse(reply, responseTo(reading.upstream));
    }
    const { head, tunnels } = reading;
    const opening = `${JSON.stringify(head).slice(0, -1)},"tunnels":[`;
    return sendSlices(reply, inSlices(tunnels), { opening, closing: ']}' });
  });

  app.post<TunnelRoute>(ACCEPT_PATH, { onRequest: [refuseTunnelId, refuseQuery] }, async (request, reply) => {
    const { account_id: accountId, tunnel_id: tunnelId } = request.params;
    request.logDetails = { accountId, tunnelId };
    const body = acceptDriftSchema.safeParse(request.body);
    if (!body.success) return sendBodyIssues(reply, body.error);
    // Before the tunnel: whatever is known anew from here on keeps this from being accepted.
    const known = await knownTunnels.find(accountId, tunnelId);
    const response = await cloudflare.getIpsecTunnel(accountId, tunnelId, { healthCheckTarget: 'object' });
    request.logDetails = { accountId, tunnelId, upstream: summaryOf(response) };
    const seen = seenIn(response);
    if (seen.kind === 'unseen') return sendResponse(reply, responseToNotRead(response));
    const tunnel = seen.kind === 'there' ? seen.tunnel : undefined;
    if (body.data.state !== stateTag(tunnel)) return refuse(accountId, reply);
    if (isKnownSo(known, tunnel)) return successEnvelope(acceptedAs(tunnelId, known));
    return accept(request, reply, known, tunnel);
  });

  async function accept(
    request: FastifyRequest<TunnelRoute>,
    reply: FastifyReply,
    before: KnownTunnel | undefined,
    tunnel: IpsecTunnel | undefined,
  ) {
    const { account_id: accountId, tunnel_id: tunnelId } = request.params;
    const name = tunnel?.name ?? before?.request.name ?? '';
    const now = tunnel && knownRequest(tunnel);
    const values = { name, before: before?.request, now };
    const note = { requestId: request.id, person: identityIn(request), accountId, tunnelId, ...values };
    let isAccepted: boolean;
    try {
      isAccepted = await knownTunnels.accept(note, before?.version);
    } catch (error) {
      request.log.error({ err: error }, 'what was done elsewhere cannot be accepted');
      return sendError(
        reply,
        'auditUnavailable',
        'the database of this desk cannot be written, so nothing was accepted',
      );
    }
    const known = await knownTunnels.find(accountId, tunnelId);
    // Somebody else may have accepted the same meanwhile.
    if (!isAccepted && !isKnownSo(known, tunnel)) return refuse(accountId, reply);
    return successEnvelope(acceptedAs(tunnelId, known));
  }

  function refuse(accountId: string, reply: FastifyReply): FastifyReply {
    driftReader.expire(accountId);
    return sendError(reply, 'driftChanged', 'the tunnel is not as the state says any more; nothing was accepted');
  }

  const refusals = [
    { url: PATH, method: ['POST', 'PUT', 'PATCH', 'DELETE'], allow: 'GET, HEAD' },
    { url: ACCEPT_PATH, method: ['GET', 'PUT', 'PATCH', 'DELETE'], allow: 'POST' },
  ];
  for (const { url, method, allow } of refusals) {
    app.route({
      url,
      method,
      config: { mayBeEmpty: true },
      handler: (_request, reply) => sendError(reply.header('allow', allow), 'methodNotAllowed', READ_AND_ACCEPTED),
    });
  }
}

const READ_AND_ACCEPTED =
  'what was done elsewhere is read for an account, and accepted by POST for one tunnel at a time';

/** Whether the desk knows it as it is already: accepted twice, or put back. */
function isKnownSo(known: KnownTunnel | undefined, tunnel: IpsecTunnel | undefined): boolean {
  if (known === undefined) return tunnel === undefined;
  return driftOf(known, tunnel, true) === undefined;
}

function acceptedAs(tunnelId: string, known: KnownTunnel | undefined): AcceptedDrift {
  return { tunnelId, ...(known && { since: known.since, knownBy: known.knownBy }) };
}

/** Others have a turn after each of them, even where the client takes all at once. */
async function* inSlices<Entry>(entries: readonly Entry[]): AsyncGenerator<readonly Entry[]> {
  for (let from = 0; from < entries.length; from += SLICE) {
    yield entries.slice(from, from + SLICE);
    await nextTurn();
  }
}
