// Whether the person may do in an account what they ask for, decided before the body is read.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from '../http/errors.ts';
import { identityIn } from './authentication.ts';
import { mayCreate, mayValidate } from './identity.ts';

interface AccountRoute {
  Params: { account_id: string };
}

/** A hook for the routes of an account. Anything but a read or a plain `validate_only=true` counts as a create. */
export async function requirePermission(
  request: FastifyRequest<AccountRoute>,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { account_id } = request.params;
  const identity = identityIn(request);
  if (!mayValidate(identity, account_id)) {
    return sendError(reply, 'notPermitted', 'your role does not reach this account');
  }
  if (!isHarmless(request) && !mayCreate(identity, account_id)) {
    return sendError(reply, 'notPermitted', 'your role in this account is to validate, not to create');
  }
  return undefined;
}

function isHarmless({ method, query }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return typeof query === 'object' && query !== null && 'validate_only' in query && query.validate_only === 'true';
}
