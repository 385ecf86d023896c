// The audit log as this server tells it: what was about to be sent to Cloudflare, and how it ended.

import { z } from 'zod';

/**
 * How a submission ended.
 * `validated`, `refused`, and `created`, `updated`, `deleted` and `generated`: Cloudflare's own response, or what was found by
 * looking. `accepted`: this desk takes a tunnel as it is for known. `changed-elsewhere`, `deleted-elsewhere` and `made-elsewhere`:
 * what a comparison found that was done without this desk. `not-validated`: a validation without a usable response. `not-created` and its like: nothing was sent, or the
 * resource was looked at until it was certain that nothing was done. `unknown`: not known yet. `interrupted`: the server was
 * stopped before the outcome was recorded. Both are looked for until they are known.
 */
export const AUDIT_RESULTS = [
  'validated',
  'not-validated',
  'created',
  'updated',
  'deleted',
  'generated',
  'refused',
  'not-created',
  'not-updated',
  'not-deleted',
  'not-generated',
  'unknown',
  'interrupted',
  'accepted',
  'changed-elsewhere',
  'deleted-elsewhere',
  'made-elsewhere',
] as const;
export type AuditResult = (typeof AUDIT_RESULTS)[number];

/**
 * `validate` is that of a create. `accept-drift` and `find-drift` send nothing to Cloudflare: somebody accepts what was done
 * elsewhere, or the desk by itself finds it.
 */
export const AUDIT_ACTIONS = [
  'create',
  'update',
  'delete',
  'generate-psk',
  'validate',
  'validate-update',
  'validate-delete',
  'validate-generate-psk',
  'accept-drift',
  'find-drift',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const RESOURCE_KINDS = ['ipsec-tunnel'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** Stands for a pre-shared key in a recorded request: that there was one. No request with it would be valid. */
export const PSK_NOT_RECORDED = true;

const auditOutcomeSchema = z.object({
  /** ISO 8601, UTC. */
  at: z.string(),
  result: z.enum(AUDIT_RESULTS),
  /** The HTTP status of the response; absent where there was none. */
  status: z.int().optional(),
  /** Cloudflare's error codes, or this server's own. */
  codes: z.array(z.int()),
  cfRay: z.string().optional(),
  /** The ID of an IPsec tunnel; `resource.id` has it for every kind. */
  tunnelId: z.string().optional(),
  durationMs: z.number().optional(),
  /** Whether it was found by looking at what exists, not told by the call's own response. */
  reconciled: z.boolean(),
});
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

export const auditEntrySchema = z.object({
  id: z.int(),
  /** ISO 8601, UTC. */
  at: z.string(),
  requestId: z.string(),
  /** As the sign-in identifies them, which never changes. */
  person: z.string(),
  /** What they were called at the time. */
  personName: z.string(),
  accountId: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  /** What it was done to, by its name at the time; the ID once it is known. */
  resource: z.object({ kind: z.enum(RESOURCE_KINDS), id: z.string().optional(), name: z.string() }),
  /** The name again, as entries have always told it. */
  tunnelName: z.string(),
  /**
   * The body as it was sent; in place of its pre-shared key stands {@link PSK_NOT_RECORDED}. For drift, the resource as it is,
   * and nothing in it where that was deleted.
   */
  request: z.looseObject({}),
  /** The resource as it was right before, or as this desk knew it; absent for a create, and for what the desk did not know. */
  before: z.looseObject({}).optional(),
  /** The last of its outcomes; `null` while it is under way. */
  outcome: auditOutcomeSchema.nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** The result of `GET /api/audit`, newest first: at most as many entries as were asked for, fewer where they are long. */
export const auditPageSchema = z.object({
  entries: z.array(auditEntrySchema),
  /** The `before` of the next page; `null` on the last one. */
  next: z.int().nullable(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

/** A link of the hash chain: an intent or an outcome. All but the resource's ID are `null` where none covers the record. */
const chainLinkSchema = z.object({
  /** Counts intents and outcomes together, from 1 on, in the order in which they were committed. */
  position: z.int().nullable(),
  hash: z.string().nullable(),
  /** The hash of what only the server reads of the record. */
  seal: z.string(),
  /** The resource's ID as this record has it. */
  resourceId: z.string().nullable(),
});

/** A line of the export: an entry as it was when the export began, and what it takes to recompute its part of the chain. */
export const exportedEntrySchema = auditEntrySchema.extend({
  chain: chainLinkSchema.extend({
    /** Of all its outcomes, oldest first. */
    outcomes: z.array(
      chainLinkSchema.extend({
        id: z.int(),
        /** Those that a later one replaced; the last one is the entry's own. */
        outcome: auditOutcomeSchema.omit({ tunnelId: true }).optional(),
      }),
    ),
  }),
});
export type ExportedEntry = z.infer<typeof exportedEntrySchema>;

export const chainHeadSchema = z.object({
  /** How many records the chain has: intents and outcomes together. */
  count: z.int(),
  /** The hash of its last link; zeros where there is none. */
  hash: z.string(),
});
/** Where the hash chain ends. */
export type ChainHead = z.infer<typeof chainHeadSchema>;

/** The result of `GET /api/audit/verify`. */
export const auditVerificationSchema = z.object({
  /** Whether everything is as it was written: the file undamaged, the chain unbroken, and nothing lost that was there. */
  intact: z.boolean(),
  head: chainHeadSchema,
  /** What is wrong with the file itself, in the database's own words. */
  damage: z.string().optional(),
  /** Where the chain breaks first. */
  broken: z
    .object({
      position: z.int().optional(),
      /** The entry whose record it is, where it is known. */
      entryId: z.int().optional(),
      reason: z.string(),
    })
    .optional(),
  /** An end of the chain that was noted outside the database, and that the chain no longer has. */
  lost: chainHeadSchema.optional(),
});
export type AuditVerification = z.infer<typeof auditVerificationSchema>;
