// The outcome of a create, by the idempotency key it was sent under: GET /api/creates/{key}.

import { z } from 'zod';
import { ipsecTunnelSchema } from '../ipsec-tunnels/tunnel.ts';

/** The header that names a submission: the same key again gets the first outcome, and nothing is sent. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
/** On a response that repeats the first outcome. */
export const IDEMPOTENCY_REPLAYED_HEADER = 'idempotency-replayed';

export const idempotencyKeySchema = z.uuid();

export const createOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created'), tunnel: ipsecTunnelSchema }),
  /** Refused, never sent, or looked for and not there. */
  z.object({ kind: z.literal('not-created') }),
  /** It could not be looked for. */
  z.object({ kind: z.literal('unknown') }),
]);
export type CreateOutcome = z.infer<typeof createOutcomeSchema>;
