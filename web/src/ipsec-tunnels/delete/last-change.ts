// What the audit log has of a tunnel that is gone: the entry that it can be made again from.

import { useQuery } from '@tanstack/react-query';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { newTunnelPath } from '../../app/paths.ts';
import { newestEntriesQuery } from '../../audit/audit-queries.ts';
import { readFilter } from '../../audit/filter.ts';

/** How many of the newest entries are searched for what changed it last: validations are among them. */
const ENTRIES = 50;
const CHANGED = new Set<string>(['created', 'updated', 'deleted']);

export interface LastChange {
  /** `undefined` while it is looked for, and where this desk never changed the tunnel. */
  readonly entry: AuditEntry | undefined;
  readonly isPending: boolean;
}

/** The newest change of this tunnel that was made here. */
export function useLastChange(accountId: string, tunnelId: string): LastChange {
  const filter = { ...readFilter(''), account: accountId, tunnel_id: tunnelId };
  const { data: entries, isPending } = useQuery(newestEntriesQuery(filter, ENTRIES));
  return { entry: entries?.find(({ outcome }) => CHANGED.has(outcome?.result ?? '')), isPending };
}

/** The form, filled with what this entry recorded. */
export function recreatePath(accountId: string, entry: AuditEntry): string {
  return `${newTunnelPath(accountId)}?recreate=${entry.id}`;
}
