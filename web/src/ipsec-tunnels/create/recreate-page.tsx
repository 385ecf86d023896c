// Opens the form filled with what the audit log recorded of a tunnel, without a key, which it never records.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { Link } from 'wouter';
import { newTunnelPath } from '../../app/paths.ts';
import { auditEntryQuery } from '../../audit/audit-queries.ts';
import { PageNotice } from '../detail/page-notice.tsx';
import { FillForm } from './fill-form.tsx';

export interface RecreatePageProps {
  readonly accountId: string;
  /** The audit entry in which the tunnel is recorded. */
  readonly entryId: number;
}

export function RecreatePage({ accountId, entryId }: RecreatePageProps) {
  const { data: entry, isPending, isError, isFetching, refetch } = useQuery(auditEntryQuery(entryId));
  const recorded = entry?.accountId === accountId ? recordedTunnel(entry) : undefined;
  if (isPending) {
    return (
      <p role="status" className="text-kumo-subtle">
        Reading what the tunnel was…
      </p>
    );
  }
  if (isError) {
    return (
      <PageNotice title="The audit log can't be read">
        <p>Nothing was created.</p>
        <Button loading={isFetching} onClick={() => void refetch()}>
          Read it again
        </Button>
      </PageNotice>
    );
  }
  if (entry === null || recorded === undefined) {
    return (
      <PageNotice title="There is nothing to recreate">
        <p>The audit log of this account has no such record, or none that you may read.</p>
        <Link href={newTunnelPath(accountId)} className="py-1 underline">
          Create a tunnel
        </Link>
      </PageNotice>
    );
  }
  return <FillForm accountId={accountId} recorded={recorded} name={entry.resource.name} />;
}

/** The tunnel as the entry knows it last: as it was before its deletion, or as it was to become. */
function recordedTunnel({ action, request, before }: AuditEntry): object | undefined {
  return action === 'create' || action === 'update' ? request : before;
}
