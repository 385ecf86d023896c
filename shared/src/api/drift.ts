// What was done to an account's tunnels elsewhere: how they differ from what this desk last made, saved or accepted. No key is
// among it, and that one was replaced elsewhere cannot be seen here.

import { z } from 'zod';
import { closedObject } from '../issues.ts';

/** What was done elsewhere: fields were changed, the tunnel was deleted, or one was made that this desk does not know. */
export const DRIFT_KINDS = ['changed', 'deleted', 'made'] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

/**
 * How the desk came to know a tunnel as it was: somebody made, saved or accepted it so, or it was there when the desk compared
 * the account's tunnels for the first time (`first-seen`), which takes all it does not know yet as it is.
 */
export const KNOWN_HOWS = ['made', 'saved', 'accepted', 'first-seen'] as const;

const knownBySchema = z.object({
  /** Absent for `first-seen`. */
  personName: z.string().optional(),
  how: z.enum(KNOWN_HOWS),
});
export type KnownBy = z.infer<typeof knownBySchema>;

/** What the desk knew of a tunnel. */
const knownShape = {
  /** As a create request has it, without the key, and with a health-check target as a text: what a restored one is sent as. */
  known: z.looseObject({ name: z.string() }),
  /** When the desk last knew it so: ISO 8601, UTC. */
  since: z.string(),
  knownBy: knownBySchema,
};

const driftedFieldSchema = z.object({
  /** Its dotted path, such as `bgp.customer_asn`. */
  field: z.string(),
  /** Absent where there was nothing, which is the same as Cloudflare's default. */
  known: z.unknown().optional(),
  /** Absent where there is nothing now. */
  found: z.unknown().optional(),
});
export type DriftedField = z.infer<typeof driftedFieldSchema>;

const commonShape = {
  tunnelId: z.string(),
  /** As it is called now, or was called last. */
  name: z.string(),
  /** Stands for what is there now; to be sent back with its acceptance. Equal for equal values, however they are spelled. */
  state: z.string(),
};

export const driftedTunnelSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('changed'),
    ...commonShape,
    ...knownShape,
    fields: z.array(driftedFieldSchema).min(1),
    /** As Cloudflare has it, where it does: RFC 3339. */
    modifiedOn: z.string().optional(),
  }),
  z.object({ kind: z.literal('deleted'), ...commonShape, ...knownShape }),
  z.object({ kind: z.literal('made'), ...commonShape, createdOn: z.string().optional() }),
]);
export type DriftedTunnel = z.infer<typeof driftedTunnelSchema>;

export const driftHeadSchema = z.object({
  /** When the list was asked for that was compared, at most 30 s ago: ISO 8601, UTC. */
  comparedAt: z.string(),
  /** Since when this desk compares the account's tunnels; absent as long as no whole list could be read. */
  comparingSince: z.string().optional(),
  /** Whether Cloudflare's list was whole: where it was not, no tunnel is told as deleted. */
  isComplete: z.boolean(),
});
export type DriftHead = z.infer<typeof driftHeadSchema>;

/**
 * The result of `GET /api/accounts/{account}/drift`. Where Cloudflare's list cannot be read, the response is its error, as to
 * the list itself. A tunnel that this desk is changing, or has changed since the list was read, is not among them.
 */
export const driftSchema = driftHeadSchema.extend({ tunnels: z.array(driftedTunnelSchema) });
export type AccountDrift = z.infer<typeof driftSchema>;

/**
 * The body of `POST /api/accounts/{account}/drift/{tunnel}/accept`, for operators: takes what is there now as known. Where that
 * is not the state any more, the response is 412 with the code 90041, and nothing was accepted.
 */
export const acceptDriftSchema = closedObject({ state: z.string().min(1).max(100) });

/** Its result: what the desk knows now. Without both where it knows that the tunnel is gone. */
export const acceptedDriftSchema = z.object({
  tunnelId: z.string(),
  since: z.string().optional(),
  knownBy: knownBySchema.optional(),
});
export type AcceptedDrift = z.infer<typeof acceptedDriftSchema>;
