// A response of the API as a value, so that it can be recorded and sent again.

import { type EnvelopeMessage, envelopeSchema, failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, type ErrorName } from '@tunnel-desk/shared/api/errors';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

export const apiResponseSchema = z.object({
  status: z.int(),
  envelope: envelopeSchema,
  cfRay: z.string().optional(),
  retryAfter: z.string().optional(),
});

export type ApiResponse = z.infer<typeof apiResponseSchema>;

/** An error of this server's own, followed by its causes. */
export function failure(name: ErrorName, message: string, causes: readonly EnvelopeMessage[] = []): ApiResponse {
  const { code, status } = ERRORS[name];
  return { status, envelope: failureEnvelope([{ code, message }, ...causes]) };
}

export function sendResponse(reply: FastifyReply, { status, envelope, cfRay, retryAfter }: ApiResponse): FastifyReply {
  if (cfRay !== undefined) reply.header('cf-ray', cfRay);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply.code(status).send(envelope);
}
