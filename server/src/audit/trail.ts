// The audit trail: what was about to be sent, durable before it leaves, and what became of it.

/** What is about to be sent to Cloudflare. */
export interface Intent {
  readonly requestId: string;
  readonly person: string;
  readonly accountId: string;
  readonly action: 'create' | 'validate';
  readonly tunnelName: string;
  /** The request as JSON, without its pre-shared key. */
  readonly request: string;
  /** Makes a create repeatable: the same key is sent once. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string } | undefined;
}

/**
 * How it ended. `created` and `not-created` were answered or found out; `unknown` could not be found out;
 * `interrupted` is what a start writes for an intent that the last stop left open.
 */
export const RESULTS = ['created', 'validated', 'refused', 'not-created', 'unknown', 'interrupted'] as const;
export type Result = (typeof RESULTS)[number];

export interface Outcome {
  readonly result: Result;
  /** What the caller was answered. */
  readonly status?: number | undefined;
  /** Cloudflare's error codes, or this server's own. */
  readonly codes?: readonly number[] | undefined;
  readonly cfRay?: string | undefined;
  readonly tunnelId?: string | undefined;
  readonly durationMs?: number | undefined;
  /** Whether it was found by looking, not answered. */
  readonly reconciled?: boolean | undefined;
  /** The answer's body, for repeating it under the same idempotency key. */
  readonly answer?: string | undefined;
}

/** An intent with the last of its outcomes. */
export interface Entry extends Omit<Intent, 'idempotency'> {
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly outcome: (Outcome & { readonly at: string }) | undefined;
}

export interface EntryFilter {
  readonly person?: string | undefined;
  readonly accountId?: string | undefined;
  readonly tunnelName?: string | undefined;
  readonly result?: Result | undefined;
}

export interface Page {
  readonly entries: readonly Entry[];
  /** Where the next page begins; absent on the last one. */
  readonly next: number | undefined;
}

/** Writes are durable when they return; a write that fails throws, and then nothing may be sent. Nothing is ever changed. */
export interface AuditTrail {
  /** Records an intent and returns its ID. */
  begin(intent: Intent): number;
  /** Records how an intent ended. An intent may get several outcomes; the last one counts. */
  finish(entryId: number, outcome: Outcome): void;
  /** The create that was sent under this key, if one was, with the fingerprint of its request. */
  findByIdempotencyKey(key: string): { readonly entry: Entry; readonly fingerprint: string } | undefined;
  /** The intents without an outcome, or whose last outcome is `interrupted`, oldest first. */
  open(): Entry[];
  /** Newest first, from below `before`. */
  page(filter: EntryFilter, limit: number, before?: number): Page;
  /** Whether a write would succeed. */
  isWritable(): boolean;
  close(): void;
}
