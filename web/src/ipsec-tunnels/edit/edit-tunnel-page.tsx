// The page on which a tunnel is changed: reads it as it is now, and opens the form on that.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import { ipsecTunnelQuery } from '../api/get-ipsec-tunnel.ts';
import { GoneTunnel } from '../detail/gone-tunnel.tsx';
import { PageNotice } from '../detail/page-notice.tsx';
import { EditTunnel } from './edit-tunnel.tsx';

export interface EditTunnelPageProps {
  readonly session: Session;
  readonly accountId: string;
  readonly tunnelId: string;
}

export function EditTunnelPage({ session, accountId, tunnelId }: EditTunnelPageProps) {
  const { data, isFetchedAfterMount, isError, isFetching, refetch } = useQuery({
    ...ipsecTunnelQuery(accountId, tunnelId),
    // What was read before this page was opened may be another version by now.
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
  });
  if (isFetchedAfterMount && data) return <EditTunnel session={session} accountId={accountId} opened={data} />;
  if (isFetchedAfterMount && data === null) return <GoneTunnel accountId={accountId} tunnelId={tunnelId} />;
  if (isError) {
    return (
      <PageNotice title="This tunnel can't be read">
        <p>Cloudflare or this desk did not tell it just now. Nothing was changed.</p>
        <Button loading={isFetching} onClick={() => void refetch()}>
          Read it again
        </Button>
      </PageNotice>
    );
  }
  return (
    <p role="status" className="text-kumo-subtle">
      Reading the tunnel…
    </p>
  );
}
