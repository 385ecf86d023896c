// The outcome of a submission, by the idempotency key it was sent under: GET /api/submissions/{key}.

import { z } from 'zod';
import { ipsecTunnelSchema } from '../ipsec-tunnels/tunnel.ts';

/** The header that names a submission: the same key again gets the first outcome, and nothing is sent. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
/** On a response that repeats the first outcome. */
export const IDEMPOTENCY_REPLAYED_HEADER = 'idempotency-replayed';

/** A UUID, in lower case once it is parsed: RFC 9562 has keys that differ only in case be the same. */
export const idempotencyKeySchema = z.uuid().toLowerCase();

/** What is known so far of a submission whose outcome is not. Times are ISO 8601, UTC. */
const openOutcomeSchema = z.object({
  /** When the desk last saw that it had had no effect so far; absent before the first such look. */
  lookedAt: z.iso.datetime().optional(),
  /** Until when the desk keeps looking before it says that nothing was done. */
  until: z.iso.datetime().optional(),
  /** What was found that is neither the tunnel nor its absence, as a sentence. */
  found: z.string().optional(),
});
export type OpenOutcome = z.infer<typeof openOutcomeSchema>;

export const submissionOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('done'),
    /** As it was created or changed; absent after a delete or the generation of a key. */
    tunnel: ipsecTunnelSchema.optional(),
  }),
  /** Refused, never sent, or looked for until it was certain that nothing was done. */
  z.object({ kind: z.literal('not-done') }),
  /** Not known yet: the desk keeps looking. */
  openOutcomeSchema.extend({ kind: z.literal('unknown') }),
]);
export type SubmissionOutcome = z.infer<typeof submissionOutcomeSchema>;
