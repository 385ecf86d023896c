// The page of a tunnel that does not exist: what the audit log knows of it, and how to make it again.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { Link } from 'wouter';
import { restoreTunnelPath, tunnelsPath } from '../../app/paths.ts';
import { Time } from '../../ui/time.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { driftQuery } from '../api/drift.ts';
import { ipsecTunnelQuery } from '../api/get-ipsec-tunnel.ts';
import { recreatePath, useLastChange } from '../delete/last-change.ts';
import { PageNotice } from './page-notice.tsx';

export interface GoneTunnelProps {
  readonly accountId: string;
  readonly tunnelId: string;
  /** Its name, where it was deleted here just now. */
  readonly justDeleted?: string | undefined;
}

export function GoneTunnel({ accountId, tunnelId, justDeleted }: GoneTunnelProps) {
  const { entry: last, isPending } = useLastChange(accountId, tunnelId);
  const { isFetching, refetch } = useQuery({ ...ipsecTunnelQuery(accountId, tunnelId), refetchOnMount: false });
  const { data: drift } = useQuery(driftQuery(accountId));
  // What was never changed here is in no audit entry, and yet known.
  const known = last ? undefined : drift?.tunnels.find((told) => told.tunnelId === tunnelId && told.kind === 'deleted');
  if (isPending) {
    return (
      <p role="status" className="text-kumo-subtle">
        Looking for the tunnel…
      </p>
    );
  }
  const deleted = last?.outcome?.result === 'deleted' ? last.resource.name : justDeleted;
  return (
    <PageNotice title={deleted === undefined ? 'No such tunnel' : `${deleted} was deleted`}>
      {last ? (
        <>
          <WhatIsKnown entry={last} />
          <p className="text-kumo-subtle text-sm">
            Tunnel ID <span className="font-mono [overflow-wrap:anywhere]">{tunnelId}</span>
          </p>
        </>
      ) : justDeleted !== undefined ? (
        <p>Its traffic has stopped.</p>
      ) : known !== undefined ? (
        <p className="[overflow-wrap:anywhere]">
          <VisibleText text={known.name} /> was deleted elsewhere than at this desk.
        </p>
      ) : (
        <p className="[overflow-wrap:anywhere]">
          The account has no tunnel with the ID <span className="font-mono">{tunnelId}</span>. It may have been deleted.
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {last && (
          <Link href={recreatePath(accountId, last)} className="py-1 underline">
            Recreate it…
          </Link>
        )}
        {known && (
          <Link href={restoreTunnelPath(accountId, tunnelId)} className="py-1 underline">
            Restore it…
          </Link>
        )}
        <Link href={tunnelsPath(accountId)} className="py-1 underline">
          All tunnels
        </Link>
        <Button loading={isFetching} onClick={() => void refetch()}>
          Look again
        </Button>
      </div>
    </PageNotice>
  );
}

function WhatIsKnown({ entry }: { readonly entry: AuditEntry }) {
  const { outcome, personName, resource } = entry;
  const who = (
    <>
      <VisibleText text={personName} /> on <Time at={outcome?.at ?? entry.at} />
    </>
  );
  if (outcome?.result === 'deleted') return <p>Deleted by {who}. Its traffic has stopped.</p>;
  return (
    <p>
      It was deleted elsewhere than at this desk. It was last {outcome?.result} here as{' '}
      <span className="font-medium">
        <VisibleText text={resource.name} />
      </span>
      , by {who}.
    </p>
  );
}
