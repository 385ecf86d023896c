// The audit trail as this server tells it: what was about to be sent to Cloudflare, and what became of it.

import { z } from 'zod';

/**
 * How a create or a validation ended.
 * `validated`, `created`, `refused`: Cloudflare's own answer. `not-validated`: a validation without a usable answer.
 * `not-created`: nothing was sent, or the tunnel was looked for and is not there. `unknown`: it could not be looked for.
 * `interrupted`: the server was stopped in between; a create is then looked for at the next start.
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

const auditOutcomeSchema = z.object({
  /** ISO 8601, UTC. */
  at: z.string(),
  result: z.enum(AUDIT_RESULTS),
  /** The HTTP status that was answered; absent where nobody was there to be answered. */
  status: z.int().optional(),
  /** Cloudflare's error codes, or this server's own. */
  codes: z.array(z.int()),
  cfRay: z.string().optional(),
  tunnelId: z.string().optional(),
  durationMs: z.number().optional(),
  /** Whether it was found out by looking, not answered. */
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
  tunnelName: z.string(),
  /** The body as it was sent, without its pre-shared key. */
  request: z.looseObject({
    name: z.string(),
    cloudflare_endpoint: z.string(),
    interface_address: z.string(),
    customer_endpoint: z.string().optional(),
  }),
  /** The last of its outcomes; `null` while it is on its way. */
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
