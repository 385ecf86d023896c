// The IPsec tunnel routes: the same paths, bodies and answers as Cloudflare's, with the token added here.

import type { Envelope, EnvelopeNote } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { HEALTH_CHECK_TARGET_HEADER, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { Account, Session } from '@tunnel-desk/shared/api/session';
import {
  createIpsecTunnelRequestSchema,
  type IpsecTunnelRules,
} from '@tunnel-desk/shared/ipsec-tunnels/create-request';
import { cloudflareIdentifier } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import { faultText, toPointer, toProblems } from '@tunnel-desk/shared/problem';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requirePermission } from '../auth/permission.ts';
import type { CloudflareClient, UpstreamAnswer } from '../cloudflare/client.ts';
import { refuse, refuseWithNotes } from '../http/refusals.ts';

export interface IpsecTunnelRoutesOptions {
  readonly accounts: readonly Account[];
  readonly rules: Session['rules'];
  readonly cloudflare: CloudflareClient;
}

interface AccountRoute {
  Params: { account_id: string };
}

const createQuerySchema = z.strictObject({ validate_only: z.enum(['true', 'false']).optional() });
const healthCheckTargetHeaderSchema = z.enum(['true', 'false']).optional();

export function registerIpsecTunnelRoutes(app: FastifyInstance, options: IpsecTunnelRoutesOptions): void {
  const { accounts, rules, cloudflare } = options;
  const schemas = new Map(accounts.map(({ id }) => [id, schemasFor(id, rules)]));
  const path = ipsecTunnelsPath(':account_id');

  /** Refuses before the body is read, so that a stranger's account costs nothing. */
  const requireAllowedAccount = async (request: FastifyRequest<AccountRoute>, reply: FastifyReply) => {
    const accountId = request.params.account_id;
    if (!cloudflareIdentifier.safeParse(accountId).success) {
      return refuse(reply, 'invalidAccountId', 'the account ID must be 32 lowercase hexadecimal characters');
    }
    if (!schemas.has(accountId)) {
      return refuse(reply, 'accountNotAllowed', 'this server does not serve that account');
    }
    return undefined;
  };

  app.get<AccountRoute>(path, { onRequest: [requireAllowedAccount, requirePermission] }, async (request, reply) => {
    const accountId = request.params.account_id;
    const answer = await cloudflare.listIpsecTunnels(accountId);
    request.logDetails = { accountId, upstream: summaryOf(answer) };
    return forward(reply, answer);
  });

  app.post<AccountRoute>(path, { onRequest: [requireAllowedAccount, requirePermission] }, async (request, reply) => {
    const accountId = request.params.account_id;
    const query = createQuerySchema.safeParse({ ...(request.query as object) });
    if (!query.success) {
      return refuse(
        reply,
        'invalidQuery',
        'the only query parameter is validate_only, written at most once, as true or false; anything else could create a real tunnel by mistake',
      );
    }
    const header = healthCheckTargetHeaderSchema.safeParse(request.headers[HEALTH_CHECK_TARGET_HEADER]);
    if (!header.success) {
      return refuse(reply, 'invalidHeader', `the header ${HEALTH_CHECK_TARGET_HEADER} must be true or false`);
    }
    const healthCheckTarget = header.data === 'true' ? 'object' : 'string';
    const body = schemas.get(accountId)?.[healthCheckTarget].safeParse(request.body);
    if (body === undefined) throw new Error('the account was allowed, and has no schema');
    if (!body.success) return refuseWithNotes(reply, 'invalidBody', toNotes(body.error));

    const validateOnly = query.data.validate_only === 'true';
    const answer = await cloudflare.createIpsecTunnel(accountId, body.data, { validateOnly, healthCheckTarget });
    request.logDetails = { accountId, validateOnly, upstream: summaryOf(answer) };
    return forward(reply, answer);
  });
}

function schemasFor(accountId: string, rules: Session['rules']) {
  const schemaFor = (healthCheckTarget: IpsecTunnelRules['healthCheckTarget']) =>
    createIpsecTunnelRequestSchema({ accountId, ...rules, healthCheckTarget });
  return { string: schemaFor('string'), object: schemaFor('object') };
}

function toNotes(error: z.ZodError): EnvelopeNote[] {
  return toProblems(error).map((problem) => ({
    code: ERRORS.invalidBody.code,
    message: faultText(problem),
    source: { pointer: toPointer(problem.path) },
  }));
}

/** Answers with what the upstream said, or with what became of the call. */
function forward(reply: FastifyReply, answer: UpstreamAnswer): FastifyReply {
  if ('cfRay' in answer && answer.cfRay !== undefined) reply.header('cf-ray', answer.cfRay);
  if ('retryAfter' in answer && answer.retryAfter !== undefined) reply.header('retry-after', answer.retryAfter);
  switch (answer.kind) {
    case 'answered':
      return reply.code(answer.status).send(answer.envelope satisfies Envelope);
    case 'unreachable':
      return refuse(
        reply,
        'upstreamUnreachable',
        `Cloudflare could not be reached (${answer.reason}); nothing was sent`,
      );
    case 'connection-lost':
      return refuse(reply, 'upstreamConnectionLost', `the connection to Cloudflare broke off (${answer.reason})`);
    case 'timed-out':
      return refuse(reply, 'upstreamTimedOut', 'Cloudflare did not answer in time');
    case 'unintelligible':
      return answer.status === 429
        ? refuse(reply, 'upstreamRateLimited', 'Cloudflare asked this server to slow down')
        : refuse(
            reply,
            'upstreamUnintelligible',
            `something answered with status ${answer.status}, but not as Cloudflare's API does`,
          );
  }
}

/** What a log line may say of an answer. */
function summaryOf(answer: UpstreamAnswer): Record<string, unknown> {
  const { kind } = answer;
  if (kind === 'answered') {
    const { status, cfRay, envelope } = answer;
    return { kind, status, cfRay, codes: envelope.errors.map(({ code }) => code) };
  }
  return { ...answer };
}
