// The submission journal: what is about to be sent, durable before it is sent, and how it ended.

import type { AuditAction, AuditEntry, AuditOutcome, ResourceKind } from '@tunnel-desk/shared/api/audit';
import type { Identity } from '../auth/identity.ts';
import type { ApiResponse } from '../http/response.ts';

/** What is about to be sent to Cloudflare. */
export interface Intent {
  readonly requestId: string;
  readonly person: Pick<Identity, 'id' | 'name'>;
  readonly accountId: string;
  readonly action: AuditAction;
  readonly resource: IntendedResource;
  /** The body without its secrets. */
  readonly request: object;
  /** The resource as it is, of one that exists already. */
  readonly before?: object | undefined;
  /** What else the call is made with, in the resource's own words. */
  readonly options: string;
  readonly idempotency?: Idempotency | undefined;
}

export interface IntendedResource {
  readonly kind: ResourceKind;
  /** Of one that exists already. */
  readonly id?: string | undefined;
  readonly name: string;
}

/** Makes a submission repeatable: under the same key it is sent once. */
export interface Idempotency {
  readonly key: string;
  /** Distinguishes the request from any other without telling what is in it. */
  readonly fingerprint: string;
}

export interface Outcome extends Omit<AuditOutcome, 'at' | 'tunnelId'> {
  readonly resourceId?: string | undefined;
  /** Kept so that the same idempotency key can be given the same response again. */
  readonly response?: ApiResponse | undefined;
  /** What the desk knows of the resource from then on, noted together with the outcome. */
  readonly after?: ResourceAfter | undefined;
}

/** A resource after a change of it. */
export interface ResourceAfter {
  readonly id: string;
  /** Without its secrets; absent where it is gone. */
  readonly values: object | undefined;
}

/** A submission as the journal has it: its entry in the audit log, and what only the server itself reads. */
export interface RecordedSubmission {
  readonly entry: AuditEntry;
  readonly options: string;
  readonly idempotency: Idempotency | undefined;
  readonly response: ApiResponse | undefined;
}

export type Begun =
  | { readonly kind: 'begun'; readonly id: number }
  /** Another submission has the idempotency key. Nothing was recorded, and nothing may be sent. */
  | { readonly kind: 'key-taken'; readonly first: RecordedSubmission };

/**
 * Append-only: nothing in it is ever changed or removed. A write is durable once its promise is fulfilled. Calls take effect
 * in the order in which they are made.
 */
export interface Journal {
  /** Records an intent, unless its idempotency key is taken. When it rejects, nothing may be sent. */
  begin(intent: Intent): Promise<Begun>;
  /** Records the outcome of an intent. There may be several, as when one is found out later; the last one counts. */
  finish(id: number, outcome: Outcome): Promise<void>;
  /** Records the outcome unless its resource is what another submission has made: one resource belongs to one alone. */
  claim(id: number, outcome: Outcome & { readonly resourceId: string }): Promise<boolean>;
  /** Which of these resources submissions have made. */
  claimed(resourceIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The submission that was sent under this key, if there was one. */
  find(idempotencyKey: string): Promise<RecordedSubmission | undefined>;
  /** What may have changed something and has `interrupted` or `unknown` as its last outcome, oldest first. */
  unsettled(): Promise<RecordedSubmission[]>;
}
