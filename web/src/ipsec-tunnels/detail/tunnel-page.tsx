// One tunnel: what it is, what can be done with it, and right after it was created or changed, what that means.

import { Button } from '@cloudflare/kumo/components/button';
import { CheckCircleIcon } from '@phosphor-icons/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { newTunnelPath } from '../../app/paths.ts';
import { TunnelActivity } from '../../audit/tunnel-activity.tsx';
import { useLeaveGuard } from '../../forms/leave-guard.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { Card } from '../../ui/card.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { ipsecTunnelQuery } from '../api/get-ipsec-tunnel.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { IS_NEXT, openNextWith } from '../create/next-form.ts';
import { tunnelDraft } from '../form/duplicate.ts';
import { EMPTY_FORM } from '../form/fields.ts';
import { healthOf, type ShownHealth } from '../health/health-by-name.ts';
import { useAccountHealth } from '../health/use-account-health.ts';
import { RouterCard } from '../router/router-card.tsx';
import { ChangedElsewhere } from './changed-elsewhere.tsx';
import { createdIn, isKeyAtRisk } from './created-tunnel.ts';
import { GoneTunnel } from './gone-tunnel.tsx';
import { HealthCard } from './health-card.tsx';
import { NextSteps } from './next-steps.tsx';
import { PageNotice } from './page-notice.tsx';
import { SavedNote } from './saved-note.tsx';
import { savedIn } from './saved-state.ts';
import { TunnelActions } from './tunnel-actions.tsx';
import { MoreFields, TunnelCards } from './tunnel-cards.tsx';
import { TunnelState } from './tunnel-state.tsx';
import { TwoEnds } from './two-ends.tsx';
import { UsedBy } from './used-by.tsx';
import { WhyDown } from './why-down.tsx';

export interface TunnelPageProps {
  readonly session: Session;
  readonly accountId: string;
  readonly tunnelId: string;
}

/** How often it is read again while the page is in view, in milliseconds: its BGP state changes by itself. */
const REFRESH_MS = 60_000;

export function TunnelPage({ session, accountId, tunnelId }: TunnelPageProps) {
  const historyState = useHistoryState();
  const created = createdIn(historyState, tunnelId);
  const [justDeleted, setJustDeleted] = useState<string>();
  const queries = useQueryClient();
  const { data, isError, isFetching, refetch } = useQuery({
    ...ipsecTunnelQuery(accountId, tunnelId),
    refetchInterval: ({ state }) => (state.data ? REFRESH_MS : false),
    // What the list or the create told of it shows until it is read.
    placeholderData: () => {
      const listed = queries.getQueryData(ipsecTunnelsQuery(accountId).queryKey)?.find(({ id }) => id === tunnelId);
      const tunnel = listed ?? created?.tunnel;
      return tunnel && { tunnel, etag: undefined };
    },
  });
  useLeaveGuard(
    useMemo(
      () => ({
        wouldLose: () => isKeyAtRisk(tunnelId),
        question:
          'Leave this page? You have neither copied nor revealed the pre-shared key. It is lost when you reload or close this tab.',
        // Which part of the past is shown stands in the query.
        isSamePage: (pathname) => pathname === window.location.pathname,
      }),
      [tunnelId],
    ),
  );
  // Cloudflare may take a moment to tell of a tunnel that it has just created.
  const tunnel = data?.tunnel ?? created?.tunnel;
  if (data === null && (created === undefined || justDeleted !== undefined)) {
    return <GoneTunnel accountId={accountId} tunnelId={tunnelId} justDeleted={justDeleted} />;
  }
  if (tunnel !== undefined) {
    const onDeleted = () => {
      setJustDeleted(tunnel.name);
      queries.setQueryData(ipsecTunnelQuery(accountId, tunnelId).queryKey, null);
    };
    return (
      <Tunnel
        session={session}
        accountId={accountId}
        tunnel={tunnel}
        historyState={historyState}
        onDeleted={onDeleted}
      />
    );
  }
  if (isError) {
    return (
      <PageNotice title="This tunnel can't be shown">
        <p>Cloudflare or this desk did not tell it just now.</p>
        <Button loading={isFetching} onClick={() => void refetch()}>
          Look again
        </Button>
      </PageNotice>
    );
  }
  return (
    <p role="status" className="text-kumo-subtle">
      Loading…
    </p>
  );
}

interface TunnelProps {
  readonly session: Session;
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
  readonly historyState: unknown;
  readonly onDeleted: () => void;
}

function Tunnel({ session, accountId, tunnel, historyState, onDeleted }: TunnelProps) {
  const created = createdIn(historyState, tunnel.id);
  const saved = savedIn(historyState, tunnel.id);
  const account = session.accounts.find(({ id }) => id === accountId);
  const [isRotating, setIsRotating] = useState(false);
  const accountHealth = useAccountHealth(accountId);
  const health = healthOf(accountHealth.known, tunnel.name);
  usePageTitle(tunnel.name);
  return (
    <div className="flex max-w-[70rem] flex-col gap-5 pb-6">
      <Heading tunnel={tunnel} health={health} outcome={created ? 'created' : saved ? 'saved' : undefined} />
      {account && (
        <TunnelActions
          account={account}
          tunnel={tunnel}
          pskSource={created?.pskSource ?? 'later'}
          isRotating={isRotating}
          onRotate={setIsRotating}
          onDeleted={onDeleted}
        />
      )}
      {saved && <SavedNote saved={saved} />}
      {created && (
        <Card title="What to do next">
          <NextSteps
            tunnel={tunnel}
            hasKey={created.hasKey || tunnel.psk_metadata?.last_generated_on !== undefined}
            onSetKey={account?.mayChange ? () => setIsRotating(true) : undefined}
          />
          <div>
            <CreateDifferent accountId={accountId} />
          </div>
        </Card>
      )}
      {account && <ChangedElsewhere account={account} tunnelId={tunnel.id} />}
      {account && health && !created && (
        <WhyDown account={account} tunnel={tunnel} health={health} onRotate={() => setIsRotating(true)} />
      )}
      <HealthCard accountId={accountId} tunnel={tunnel} view={accountHealth} />
      <TwoEnds tunnel={tunnel} />
      <Columns>
        <TunnelCards accountId={accountId} tunnel={tunnel} health={health} isKeyElsewhere={created !== undefined} />
        <UsedBy accountId={accountId} tunnel={tunnel} />
        <MoreFields tunnel={tunnel} />
      </Columns>
      {account && <RouterCard session={session} account={account} tunnel={tunnel} />}
      <Card title="Activity">
        <TunnelActivity accountId={accountId} tunnelId={tunnel.id} tunnelName={tunnel.name} />
      </Card>
    </div>
  );
}

/** Cards in two columns where there is room, each as high as it needs. */
function Columns({ children }: { readonly children: ReactNode }) {
  return <div className="gap-5 [&>*]:mb-5 [&>*]:break-inside-avoid lg:columns-2">{children}</div>;
}

interface HeadingProps {
  readonly tunnel: IpsecTunnel;
  readonly health: ShownHealth | undefined;
  /** What was done to it just now. */
  readonly outcome: 'created' | 'saved' | undefined;
}

function Heading({ tunnel, health, outcome }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const title = outcome === undefined ? tunnel.name : `${tunnel.name} was ${outcome}`;
  return (
    <div className="flex flex-col gap-1">
      <div role="status" className="flex min-w-0 items-start gap-2">
        {outcome && <CheckCircleIcon aria-hidden className="mt-1 size-6 shrink-0 text-kumo-success" weight="fill" />}
        <h1 ref={heading} tabIndex={-1} className="line-clamp-3 font-semibold text-2xl [overflow-wrap:anywhere]">
          <VisibleText text={title} />
        </h1>
      </div>
      {outcome === 'created' && <p className="text-kumo-subtle">It carries traffic once your router is set up.</p>}
      <TunnelState tunnel={tunnel} health={health} />
    </div>
  );
}

function CreateDifferent({ accountId }: { readonly accountId: string }) {
  const [, navigate] = useLocation();
  const startAfresh = () => {
    tunnelDraft.clear();
    openNextWith(EMPTY_FORM);
    navigate(newTunnelPath(accountId), { state: IS_NEXT });
  };
  return <Button onClick={startAfresh}>Create a different one</Button>;
}
