// The audit log: the submission journal as people read it.

import type { AuditPage, AuditResult, AuditVerification, ResourceKind } from '@tunnel-desk/shared/api/audit';

export interface EntryFilter {
  readonly person?: string | undefined;
  /** Entries of these accounts alone; of every account when absent. */
  readonly accountIds?: readonly string[] | undefined;
  readonly resourceKind?: ResourceKind | undefined;
  readonly resourceName?: string | undefined;
  readonly result?: AuditResult | undefined;
}

export interface AuditLog {
  /** Newest first, from below the ID `before`: at most so many, and fewer where they are long. */
  page(filter: EntryFilter, limit: number, before?: number): Promise<AuditPage>;
  /**
   * All there is now, newest first, a few at a time: read no further than they are asked for. As
   * `exportedEntrySchema` has them.
   */
  export(filter: EntryFilter): AsyncGenerator<readonly object[]>;
  /** Recomputes the hash chain over all that is on disk. */
  verify(): Promise<AuditVerification>;
}
