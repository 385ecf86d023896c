// What became of a create, asked for by the idempotency key it was sent under: GET /api/creates/{key}.

import { z } from 'zod';
import { ipsecTunnelSchema } from '../ipsec-tunnels/tunnel.ts';

/** The header that names a submission: the same key again gives the first outcome, and sends nothing. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
/** On a response that was given before. */
export const IDEMPOTENCY_REPLAYED_HEADER = 'idempotency-replayed';

/** A UUID, in lower case once it is parsed: RFC 9562 has keys that differ only in case be the same. */
export const idempotencyKeySchema = z.uuid().toLowerCase();

export const createOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created'), tunnel: ipsecTunnelSchema }),
  /** Refused, never sent, or looked for and not there. */
  z.object({ kind: z.literal('not-created') }),
  /** It could not be looked for. */
  z.object({ kind: z.literal('unknown') }),
]);
export type CreateOutcome = z.infer<typeof createOutcomeSchema>;
