// What the audit log knows of a tunnel, where the person may read it.

import { queryOptions } from '@tanstack/react-query';
import { type AuditEntry, auditPageSchema } from '@tunnel-desk/shared/api/audit';
import { AUDIT_PATH } from '@tunnel-desk/shared/api/paths';
import { callApi } from '../../lib/api-client.ts';

/** The newest entry about this tunnel that changed it; `null` where there is none that the person may read. */
export function lastChangeQuery(accountId: string, tunnelId: string) {
  return queryOptions({
    queryKey: ['audit', 'last-change', accountId, tunnelId],
    queryFn: async (): Promise<AuditEntry | null> => {
      const entries = await readEntries({ account: accountId, tunnel_id: tunnelId, limit: '50' });
      return entries.find(({ outcome }) => CHANGED.has(outcome?.result ?? '')) ?? null;
    },
  });
}

/** One entry; `null` where there is none, or none that the person may read. */
export function auditEntryQuery(id: number) {
  return queryOptions({
    queryKey: ['audit', 'entry', id],
    queryFn: async (): Promise<AuditEntry | null> => {
      const [entry] = await readEntries({ before: String(id + 1), limit: '1' });
      return entry?.id === id ? entry : null;
    },
  });
}

const CHANGED = new Set<string>(['created', 'updated', 'deleted']);

async function readEntries(query: Readonly<Record<string, string>>): Promise<AuditEntry[]> {
  const response = await callApi(`${AUDIT_PATH}?${new URLSearchParams(query)}`);
  if (response.kind !== 'response') throw new Error('the audit log could not be read');
  // Refused: it is not for this person.
  if (!response.envelope.success) return [];
  return auditPageSchema.parse(response.envelope.result).entries;
}
