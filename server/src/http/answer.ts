// An answer of the API as a value, so that it can be recorded, and given again.

import { type EnvelopeMessage, envelopeSchema, failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, type ErrorName } from '@tunnel-desk/shared/api/errors';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

export const answerSchema = z.object({
  status: z.int(),
  envelope: envelopeSchema,
  cfRay: z.string().optional(),
  retryAfter: z.string().optional(),
});

export type Answer = z.infer<typeof answerSchema>;

/** An error of this server's own, with what else is to be said behind it. */
export function failure(name: ErrorName, message: string, causes: readonly EnvelopeMessage[] = []): Answer {
  const { code, status } = ERRORS[name];
  return { status, envelope: failureEnvelope([{ code, message }, ...causes]) };
}

export function sendAnswer(reply: FastifyReply, { status, envelope, cfRay, retryAfter }: Answer): FastifyReply {
  if (cfRay !== undefined) reply.header('cf-ray', cfRay);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply.code(status).send(envelope);
}
