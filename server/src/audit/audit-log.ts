// The audit log: the submission journal as people read it.

import type {
  AuditAction,
  AuditPage,
  AuditResult,
  AuditVerification,
  ResourceKind,
} from '@tunnel-desk/shared/api/audit';

/** What an entry must be: all that is given here at once. */
export interface EntryFilter {
  readonly person?: string | undefined;
  /** Entries of these accounts alone; of every account when absent. */
  readonly accountIds?: readonly string[] | undefined;
  /** No entries of these accounts. */
  readonly exceptAccountIds?: readonly string[] | undefined;
  readonly action?: AuditAction | undefined;
  readonly resourceKind?: ResourceKind | undefined;
  readonly resourceName?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly result?: AuditResult | undefined;
  /** Not begun before this moment. */
  readonly since?: Date | undefined;
  /** Begun before this moment. */
  readonly until?: Date | undefined;
}

/** Entries match it, or one of several. No entry matches two of them. */
export type EntryFilters = EntryFilter | readonly EntryFilter[];

export interface AuditLog {
  /**
   * Newest first, from behind the entry with the ID `before`: at most so many, and fewer where they are long. The newest is
   * that with the highest ID, and where a filter is by time, the latest.
   */
  page(filters: EntryFilters, limit: number, before?: number): Promise<AuditPage>;
  /**
   * All there is now, newest first, a few at a time: read no further than they are asked for. As
   * `exportedEntrySchema` has them.
   */
  export(filters: EntryFilters): AsyncGenerator<readonly object[]>;
  /** Recomputes the hash chain over all that is on disk. */
  verify(): Promise<AuditVerification>;
}
