// The audit log: the submission journal as people read it.

import type { AuditPage, AuditResult, ResourceKind } from '@tunnel-desk/shared/api/audit';

export interface EntryFilter {
  readonly person?: string | undefined;
  /** Entries of these accounts alone; of every account when absent. */
  readonly accountIds?: readonly string[] | undefined;
  readonly resourceKind?: ResourceKind | undefined;
  readonly resourceName?: string | undefined;
  readonly result?: AuditResult | undefined;
}

export interface AuditLog {
  /** Newest first, from below the ID `before`. */
  page(filter: EntryFilter, limit: number, before?: number): Promise<AuditPage>;
}
