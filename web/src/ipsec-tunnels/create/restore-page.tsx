// Opens the form filled with what this desk knew of a tunnel that was deleted elsewhere, without a key, which it never keeps.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { tunnelsPath } from '../../app/paths.ts';
import { driftQuery } from '../api/drift.ts';
import { PageNotice } from '../detail/page-notice.tsx';
import { FillForm } from './fill-form.tsx';

export interface RestorePageProps {
  readonly accountId: string;
  readonly tunnelId: string;
}

export function RestorePage({ accountId, tunnelId }: RestorePageProps) {
  const { data, isPending, isFetching, refetch } = useQuery({ ...driftQuery(accountId), refetchInterval: false });
  const drift = data?.tunnels.find((told) => told.tunnelId === tunnelId);
  if (isPending) {
    return (
      <p role="status" className="text-kumo-subtle">
        Reading what the tunnel was…
      </p>
    );
  }
  if (data === undefined) {
    return (
      <PageNotice title="What the tunnel was can't be read">
        <p>Nothing was created.</p>
        <Button loading={isFetching} onClick={() => void refetch()}>
          Read it again
        </Button>
      </PageNotice>
    );
  }
  if (drift?.kind !== 'deleted') {
    return (
      <PageNotice title="There is nothing to restore">
        <p>This desk does not know of a tunnel with this ID that was deleted elsewhere: it was restored or accepted.</p>
        <Link href={tunnelsPath(accountId)} className="py-1 underline">
          All tunnels
        </Link>
      </PageNotice>
    );
  }
  return <FillForm accountId={accountId} recorded={drift.known} name={drift.name} />;
}
