// This server's own errors as responses: in Cloudflare's envelope, with a code of ours and a message without secrets.

import { type EnvelopeMessage, failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, type ErrorName } from '@tunnel-desk/shared/api/errors';
import { type Issue, issueText, toIssues, toPointer } from '@tunnel-desk/shared/issues';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { StorageUnavailable } from '../storage/storage-unavailable.ts';

/** Ends the request with one error of ours. */
export function sendError(reply: FastifyReply, name: ErrorName, message: string): FastifyReply {
  return sendErrors(reply, name, [{ code: ERRORS[name].code, message }]);
}

/** Ends the request with several errors of one name. */
export function sendErrors(reply: FastifyReply, name: ErrorName, errors: EnvelopeMessage[]): FastifyReply {
  return reply.code(ERRORS[name].status).send(failureEnvelope(errors));
}

/** Ends the request whose body a schema refused: an error for every issue, with the JSON pointer of its place. */
export function sendBodyIssues(reply: FastifyReply, error: z.ZodError): FastifyReply {
  const { code } = ERRORS.invalidBody;
  const toError = (issue: Issue) => ({
    code,
    message: issueText(issue),
    source: { pointer: toPointer(issue.path) },
  });
  return sendErrors(reply, 'invalidBody', toIssues(error).map(toError));
}

/**
 * Responds to what Fastify itself refuses, to reads of a database that is not there, and to bugs. Messages of the JSON parser are repeated neither in the response nor
 * in the log: they quote the body, and with it a pre-shared key.
 */
export function registerErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const [name, message] = describe(error, request);
    if (name === 'internal') {
      request.log.error({ err: { type: error.name, code: error.code, stack: error.stack } }, 'unexpected error');
    } else if (name === 'auditUnavailable') {
      request.log.error({ reason: error.message }, 'the database cannot be read');
    }
    return sendError(reply, name, message);
  });
}

function describe(error: FastifyError, { routeOptions }: FastifyRequest): [ErrorName, string] {
  if (error instanceof StorageUnavailable) return ['auditUnavailable', 'the database of this desk cannot be read'];
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return ['notJson', 'the Content-Type must be application/json'];
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return ['bodyTooLarge', `the body is larger than ${Math.floor((routeOptions.bodyLimit ?? 0) / 1024)} KiB`];
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return ['malformedJson', 'the body is empty, and must be a JSON object'];
    // A "__proto__" key among them.
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return ['malformedJson', 'the body is not valid JSON'];
    default:
      break;
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return ['badRequest', 'the request is not valid HTTP for this server'];
  }
  return ['internal', 'this server failed; its log has the details under this request ID'];
}
