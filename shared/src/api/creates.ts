// The outcome of a create, by the idempotency key it was sent under: GET /api/creates/{key}.

import { z } from 'zod';
import { ipsecTunnelSchema } from '../ipsec-tunnels/tunnel.ts';

/** The header that names a submission: the same key again gets the first outcome, and nothing is sent. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
/** On a response that repeats the first outcome. */
export const IDEMPOTENCY_REPLAYED_HEADER = 'idempotency-replayed';

/** A UUID, in lower case once it is parsed: RFC 9562 has keys that differ only in case be the same. */
export const idempotencyKeySchema = z.uuid().toLowerCase();

/** What is known so far of a create whose outcome is not. Times are ISO 8601, UTC. */
const openOutcomeSchema = z.object({
  /** When a complete list of the account last did not have the tunnel; absent before the first such list. */
  lookedAt: z.iso.datetime().optional(),
  /** Until when the desk keeps looking before it says that nothing was created. */
  until: z.iso.datetime().optional(),
  /** What was found that is neither the tunnel nor its absence, as a sentence. */
  found: z.string().optional(),
});
export type OpenOutcome = z.infer<typeof openOutcomeSchema>;

export const createOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created'), tunnel: ipsecTunnelSchema }),
  /** Refused, never sent, or looked for until it was certain that it is not there. */
  z.object({ kind: z.literal('not-created') }),
  /** Not known yet: the desk keeps looking. */
  openOutcomeSchema.extend({ kind: z.literal('unknown') }),
]);
export type CreateOutcome = z.infer<typeof createOutcomeSchema>;
