// The IPsec tunnel routes: the same paths, bodies and responses as Cloudflare's, with the token added here.

import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { HEALTH_CHECK_TARGET_HEADER, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { Account, Session } from '@tunnel-desk/shared/api/session';
import {
  IDEMPOTENCY_KEY_HEADER,
  IDEMPOTENCY_REPLAYED_HEADER,
  idempotencyKeySchema,
} from '@tunnel-desk/shared/api/submissions';
import { createIpsecTunnelRequestSchema, type IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { issueText, toIssues, toPointer } from '@tunnel-desk/shared/issues';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { identityIn } from '../api/authentication.ts';
import { inAccount } from '../api/prefix.ts';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { summaryOf } from '../cloudflare/response.ts';
import { sendError, sendErrors } from '../http/errors.ts';
import { sendResponse } from '../http/response.ts';
import type { Submissions } from '../submissions/submissions.ts';
import type { IpsecTunnelCreate } from './create.ts';
import { responseToList } from './responses.ts';

export interface IpsecTunnelRoutesOptions {
  readonly accounts: readonly Account[];
  readonly rules: Session['rules'];
  readonly cloudflare: Pick<CloudflareClient, 'listIpsecTunnels'>;
  readonly submissions: Submissions;
  readonly createIpsecTunnel: IpsecTunnelCreate;
}

interface AccountRoute {
  Params: { account_id: string };
}

const PATH = inAccount(ipsecTunnelsPath(':account_id'));

const createQuerySchema = z.strictObject({ validate_only: z.enum(['true', 'false']).optional() });
const healthCheckTargetHeaderSchema = z.enum(['true', 'false']).optional();
const idempotencyKeyHeaderSchema = idempotencyKeySchema.optional();

/** For the plugin of an account, whose ID and the person's role there are checked already. */
export function registerIpsecTunnelRoutes(app: FastifyInstance, options: IpsecTunnelRoutesOptions): void {
  const { accounts, rules, cloudflare, submissions, createIpsecTunnel } = options;
  const schemas = new Map(accounts.map(({ id }) => [id, schemasFor(id, rules)]));

  app.get<AccountRoute>(PATH, async (request, reply) => {
    const accountId = request.params.account_id;
    const healthCheckTarget = parseTargetHeader(request);
    if (healthCheckTarget === undefined) return refuseTargetHeader(reply);
    const response = await cloudflare.listIpsecTunnels(accountId, { healthCheckTarget });
    request.logDetails = { accountId, upstream: summaryOf(response) };
    return sendResponse(reply, responseToList(response));
  });

  app.post<AccountRoute>(PATH, async (request, reply) => {
    const accountId = request.params.account_id;
    const query = createQuerySchema.safeParse(request.query);
    if (!query.success) {
      return sendError(
        reply,
        'invalidQuery',
        'the only query parameter is validate_only, written at most once, as true or false; anything else could create a real tunnel by mistake',
      );
    }
    const healthCheckTarget = parseTargetHeader(request);
    if (healthCheckTarget === undefined) return refuseTargetHeader(reply);
    const key = idempotencyKeyHeaderSchema.safeParse(request.headers[IDEMPOTENCY_KEY_HEADER]);
    if (!key.success) return sendError(reply, 'invalidHeader', 'the header Idempotency-Key must be a UUID');
    const body = schemas.get(accountId)?.[healthCheckTarget].safeParse(request.body);
    if (body === undefined) throw new Error('the account was allowed, and has no schema');
    if (!body.success) return sendErrors(reply, 'invalidBody', toErrors(body.error));

    const validateOnly = query.data.validate_only === 'true';
    const { response, isReplay, upstream, result } = await submissions.submit(createIpsecTunnel, {
      requestId: request.id,
      person: identityIn(request),
      accountId,
      resource: { name: body.data.name },
      request: body.data,
      options: healthCheckTarget,
      validateOnly,
      idempotencyKey: key.data,
    });
    request.logDetails = { accountId, validateOnly, isReplay, result, upstream: upstream && summaryOf(upstream) };
    if (isReplay) reply.header(IDEMPOTENCY_REPLAYED_HEADER, 'true');
    return sendResponse(reply, response);
  });
}

/** The form of health-check targets a call asks for; `undefined` when its header is neither true nor false. */
function parseTargetHeader({ headers }: FastifyRequest): IpsecTunnelRules['healthCheckTarget'] | undefined {
  const { success, data } = healthCheckTargetHeaderSchema.safeParse(headers[HEALTH_CHECK_TARGET_HEADER]);
  if (!success) return undefined;
  return data === 'true' ? 'object' : 'string';
}

function refuseTargetHeader(reply: FastifyReply): FastifyReply {
  return sendError(reply, 'invalidHeader', `the header ${HEALTH_CHECK_TARGET_HEADER} must be true or false`);
}

function schemasFor(accountId: string, rules: Session['rules']) {
  const schemaFor = (healthCheckTarget: IpsecTunnelRules['healthCheckTarget']) =>
    createIpsecTunnelRequestSchema({ accountId, ...rules, healthCheckTarget });
  return { string: schemaFor('string'), object: schemaFor('object') };
}

function toErrors(error: z.ZodError): EnvelopeMessage[] {
  return toIssues(error).map((issue) => ({
    code: ERRORS.invalidBody.code,
    message: issueText(issue),
    source: { pointer: toPointer(issue.path) },
  }));
}
