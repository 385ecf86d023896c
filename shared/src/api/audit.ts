// The audit log as this server tells it: what was about to be sent to Cloudflare, and how it ended.

import { z } from 'zod';

/**
 * How a submission ended.
 * `validated`, `created`, `refused`: Cloudflare's own response. `not-validated`: a validation without a usable response.
 * `not-created`: nothing was sent, or the resource was looked for until it was certain that it is not there. `unknown`: not
 * known yet. `interrupted`: the server was stopped before the outcome was recorded. Both are looked for until they are known.
 */
export const AUDIT_RESULTS = [
  'validated',
  'not-validated',
  'created',
  'refused',
  'not-created',
  'unknown',
  'interrupted',
] as const;
export type AuditResult = (typeof AUDIT_RESULTS)[number];

export const AUDIT_ACTIONS = ['create', 'validate'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const RESOURCE_KINDS = ['ipsec-tunnel'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

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
  /** The body as it was sent, without its secrets. */
  request: z.looseObject({}),
  /** The last of its outcomes; `null` while it is under way. */
  outcome: auditOutcomeSchema.nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** The result of `GET /api/audit`, newest first. */
export const auditPageSchema = z.object({
  entries: z.array(auditEntrySchema),
  /** The `before` of the next page; `null` on the last one. */
  next: z.int().nullable(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;
