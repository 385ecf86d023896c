// What the sandbox responds with when it refuses, in the codes that Cloudflare is known to use.

import { failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import { type Issue, issueText, toPointer } from '@tunnel-desk/shared/issues';
import type { FastifyReply } from 'fastify';

export const CODES = {
  authentication: 10000,
  notOnboarded: 1012,
  noSuchTunnel: 1032,
  noSuchRoute: 7003,
  /** Stands for Cloudflare's free-text messages about invalid fields. */
  invalid: 1001,
} as const;

export function refuse(reply: FastifyReply, status: number, code: number, message: string): FastifyReply {
  return reply.code(status).send(failureEnvelope([{ code, message }]));
}

export function refuseIssues(reply: FastifyReply, issues: readonly Issue[]): FastifyReply {
  const errors = issues.map((issue) => ({
    code: CODES.invalid,
    message: issueText(issue),
    source: { pointer: toPointer(issue.path) },
  }));
  return reply.code(400).send(failureEnvelope(errors));
}
