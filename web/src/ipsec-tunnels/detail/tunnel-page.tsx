// One tunnel: what it is, and right after it was created, what to do next.

import { Button } from '@cloudflare/kumo/components/button';
import { CheckCircleIcon } from '@phosphor-icons/react';
import { useQuery } from '@tanstack/react-query';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { editTunnelPath, newTunnelPath } from '../../app/paths.ts';
import { useLeaveGuard } from '../../forms/leave-guard.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { Card } from '../../ui/card.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { IS_NEXT, openNextWith } from '../create/next-form.ts';
import { duplicateFrom, tunnelDraft } from '../form/duplicate.ts';
import { EMPTY_FORM, type PskSource } from '../form/fields.ts';
import { createdIn, isKeyAtRisk } from './created-tunnel.ts';
import { NextSteps } from './next-steps.tsx';
import { TunnelValues } from './tunnel-values.tsx';

export interface TunnelPageProps {
  readonly accountId: string;
  readonly tunnelId: string;
}

export function TunnelPage({ accountId, tunnelId }: TunnelPageProps) {
  const created = createdIn(useHistoryState(), tunnelId);
  const { data: tunnels, isPending, isError, isFetching, refetch } = useQuery(ipsecTunnelsQuery(accountId));
  const tunnel = tunnels?.find(({ id }) => id === tunnelId) ?? created?.tunnel;
  usePageTitle(tunnel?.name ?? 'IPsec tunnel');
  useLeaveGuard(
    useMemo(
      () => ({
        wouldLose: () => isKeyAtRisk(tunnelId),
        question:
          'Leave this page? You have neither copied nor revealed the pre-shared key. It is lost when you reload or close this tab.',
        isSamePage: () => false,
      }),
      [tunnelId],
    ),
  );
  if (tunnel !== undefined) {
    return (
      <Page title={created ? `${tunnel.name} was created` : tunnel.name} isNew={created !== undefined}>
        <Card title="Tunnel">
          <TunnelValues accountId={accountId} tunnel={tunnel} />
        </Card>
        {created && (
          <Card title="What to do next">
            <NextSteps tunnel={tunnel} hasKey={created.hasKey} />
          </Card>
        )}
        <NextTunnel accountId={accountId} tunnel={tunnel} pskSource={created?.pskSource ?? 'later'} />
      </Page>
    );
  }
  if (isPending) return <p role="status">Loading…</p>;
  return (
    <Page title={isError ? "This tunnel can't be shown" : 'No such tunnel'} isNew={false}>
      <p>
        {isError
          ? "The account's tunnels can't be listed just now."
          : `The account has no tunnel with the ID ${tunnelId}. It may have been deleted.`}
      </p>
      <Button loading={isFetching} onClick={() => refetch()}>
        Look again
      </Button>
    </Page>
  );
}

interface PageProps {
  readonly title: string;
  readonly isNew: boolean;
  readonly children: ReactNode;
}

function Page({ title, isNew, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-stretch gap-5 pb-6">
      <div role="status" className="flex items-start gap-3">
        {isNew && <CheckCircleIcon aria-hidden className="mt-1 size-6 shrink-0 text-kumo-success" weight="fill" />}
        <div className="min-w-0">
          <h1 ref={heading} tabIndex={-1} className="line-clamp-3 font-semibold text-2xl [overflow-wrap:anywhere]">
            <VisibleText text={title} />
          </h1>
          {isNew && <p className="text-kumo-subtle">It carries traffic once your router is set up.</p>}
        </div>
      </div>
      {children}
    </div>
  );
}

interface NextTunnelProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
  readonly pskSource: PskSource;
}

function NextTunnel({ accountId, tunnel, pskSource }: NextTunnelProps) {
  const [, navigate] = useLocation();
  const open = () => navigate(newTunnelPath(accountId), { state: IS_NEXT });
  const createAnother = () => {
    openNextWith(duplicateFrom(tunnel, { accountId }, pskSource));
    open();
  };
  const startAfresh = () => {
    tunnelDraft.clear();
    openNextWith(EMPTY_FORM);
    open();
  };
  useQuickActions([
    { label: 'Edit this tunnel', shortcut: 'e', run: () => navigate(editTunnelPath(accountId, tunnel.id)) },
    { label: 'Create another like this', run: createAnother },
  ]);
  return (
    <div className="flex flex-wrap gap-3">
      <Button variant="primary" onClick={createAnother}>
        Create another like this
      </Button>
      <Button onClick={startAfresh}>Create a different one</Button>
    </div>
  );
}
