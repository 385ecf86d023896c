// Calls that take no query parameters.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './errors.ts';

/** Above all no validate_only, which a viewer may send: such a call has none, and would do what it was sent all the same. */
export async function refuseQuery({ query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (Object.keys(Object(query)).length === 0) return undefined;
  return sendError(reply, 'invalidQuery', 'this call takes no query parameters');
}
