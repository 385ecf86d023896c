// The IPsec tunnel routes: the same paths, bodies and answers as Cloudflare's, with the token added here.

import { type Envelope, type EnvelopeNote, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
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
import type { UpstreamAnswer } from '../cloudflare/answer.ts';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { leavesOpen, type Reconciliation, reconcile } from '../cloudflare/reconcile.ts';
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
    if (schemas.has(accountId)) return undefined;
    return cloudflareIdentifier.safeParse(accountId).success
      ? refuse(reply, 'accountNotAllowed', 'this server does not serve that account')
      : refuse(reply, 'invalidAccountId', 'the account ID must be 32 lowercase hexadecimal characters');
  };

  app.get<AccountRoute>(path, { onRequest: [requireAllowedAccount, requirePermission] }, async (request, reply) => {
    const accountId = request.params.account_id;
    const healthCheckTarget = parseTargetHeader(request);
    if (healthCheckTarget === undefined) return refuseTargetHeader(reply);
    const answer = await cloudflare.listIpsecTunnels(accountId, { healthCheckTarget });
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
    const healthCheckTarget = parseTargetHeader(request);
    if (healthCheckTarget === undefined) return refuseTargetHeader(reply);
    const body = schemas.get(accountId)?.[healthCheckTarget].safeParse(request.body);
    if (body === undefined) throw new Error('the account was allowed, and has no schema');
    if (!body.success) return refuseWithNotes(reply, 'invalidBody', toNotes(body.error));

    const validateOnly = query.data.validate_only === 'true';
    const startedAt = new Date();
    const answer = await cloudflare.createIpsecTunnel(accountId, body.data, { validateOnly, healthCheckTarget });
    request.logDetails = { accountId, validateOnly, upstream: summaryOf(answer) };
    if (validateOnly || !leavesOpen(answer)) return forward(reply, answer);

    const sent = { accountId, request: body.data, startedAt };
    const found = await reconcile(cloudflare, sent, { healthCheckTarget });
    request.logDetails = { ...request.logDetails, reconciled: found.kind };
    return forwardReconciled(reply, answer, found);
  });
}

/** The form of health-check targets a call asks for; `undefined` when its header is neither true nor false. */
function parseTargetHeader({ headers }: FastifyRequest): IpsecTunnelRules['healthCheckTarget'] | undefined {
  const { success, data } = healthCheckTargetHeaderSchema.safeParse(headers[HEALTH_CHECK_TARGET_HEADER]);
  if (!success) return undefined;
  return data === 'true' ? 'object' : 'string';
}

function refuseTargetHeader(reply: FastifyReply): FastifyReply {
  return refuse(reply, 'invalidHeader', `the header ${HEALTH_CHECK_TARGET_HEADER} must be true or false`);
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

/** Answers a create whose own answer left it open with what was found out. */
function forwardReconciled(reply: FastifyReply, answer: UpstreamAnswer, found: Reconciliation): FastifyReply {
  switch (found.kind) {
    case 'created':
      return reply.send(
        successEnvelope(found.tunnel, [
          { code: RECONCILED_CODE, message: "Cloudflare's answer was lost; the tunnel was found by looking." },
        ]),
      );
    case 'not-created':
      return refuse(
        reply,
        'notCreated',
        "Cloudflare's answer was lost; the tunnel was looked for and does not exist, so it is safe to try again",
      );
    case 'unknown':
      return forward(reply, answer);
  }
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
