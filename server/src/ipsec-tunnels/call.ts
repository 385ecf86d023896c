// What a call to the tunnels' routes says beside its body: query and headers, each read strictly.

import { HEALTH_CHECK_TARGET_HEADER } from '@tunnel-desk/shared/api/paths';
import { IDEMPOTENCY_KEY_HEADER, idempotencyKeySchema } from '@tunnel-desk/shared/api/submissions';
import type { IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sendError } from '../http/errors.ts';

export interface ChangeCall {
  readonly healthCheckTarget: IpsecTunnelRules['healthCheckTarget'];
  readonly validateOnly: boolean;
  readonly idempotencyKey: string | undefined;
}

const querySchema = z.strictObject({ validate_only: z.enum(['true', 'false']).optional() });
const targetHeaderSchema = z.enum(['true', 'false']).optional();
const keyHeaderSchema = idempotencyKeySchema.optional();

/** Reads what a change is called with; `undefined` where it was refused, and the refusal sent. */
export function readChangeCall(request: FastifyRequest, reply: FastifyReply): ChangeCall | undefined {
  const query = querySchema.safeParse(request.query);
  if (!query.success) {
    sendError(
      reply,
      'invalidQuery',
      'the only query parameter is validate_only, written at most once, as true or false; anything else could change something by mistake',
    );
    return undefined;
  }
  const healthCheckTarget = readTargetForm(request, reply);
  if (healthCheckTarget === undefined) return undefined;
  const key = keyHeaderSchema.safeParse(request.headers[IDEMPOTENCY_KEY_HEADER]);
  if (!key.success) {
    sendError(reply, 'invalidHeader', 'the header Idempotency-Key must be a UUID');
    return undefined;
  }
  return { healthCheckTarget, validateOnly: query.data.validate_only === 'true', idempotencyKey: key.data };
}

/** The form of health-check targets that a call asks for; `undefined` where it was refused, and the refusal sent. */
export function readTargetForm(
  { headers }: FastifyRequest,
  reply: FastifyReply,
): IpsecTunnelRules['healthCheckTarget'] | undefined {
  const { success, data } = targetHeaderSchema.safeParse(headers[HEALTH_CHECK_TARGET_HEADER]);
  if (success) return data === 'true' ? 'object' : 'string';
  sendError(reply, 'invalidHeader', `the header ${HEALTH_CHECK_TARGET_HEADER} must be true or false`);
  return undefined;
}
