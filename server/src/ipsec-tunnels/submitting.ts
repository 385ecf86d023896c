// What every route that submits a change does with its request and its reply.

import { IDEMPOTENCY_REPLAYED_HEADER } from '@tunnel-desk/shared/api/submissions';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { identityIn } from '../api/authentication.ts';
import { summaryOf } from '../cloudflare/response.ts';
import type { RecordedChange } from '../submissions/change.ts';
import type { Submitted } from '../submissions/submissions.ts';
import type { ChangeCall } from './call.ts';

interface AccountRoute {
  Params: { account_id: string };
}

/** What every submission of a request has. */
export function commonOf(
  request: FastifyRequest<AccountRoute>,
  { validateOnly, idempotencyKey }: Pick<ChangeCall, 'validateOnly' | 'idempotencyKey'>,
) {
  const { account_id: accountId } = request.params;
  return { requestId: request.id, person: identityIn(request), accountId, validateOnly, idempotencyKey };
}

/** Notes in the request's log line, and in the response's head, how it was submitted. */
export function noted(
  request: FastifyRequest<AccountRoute>,
  reply: FastifyReply,
  { action }: RecordedChange,
  { validateOnly }: Pick<ChangeCall, 'validateOnly'>,
  submitted: Submitted,
): Submitted {
  const { isReplay, result, upstream } = submitted;
  const { account_id: accountId, ...rest } = request.params;
  const details = { ...rest, action, validateOnly, isReplay, result, upstream: upstream && summaryOf(upstream) };
  request.logDetails = { accountId, ...details };
  if (isReplay) reply.header(IDEMPOTENCY_REPLAYED_HEADER, 'true');
  return submitted;
}
