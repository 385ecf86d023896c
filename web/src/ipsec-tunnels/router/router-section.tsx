// The configuration of the router at the other end: what only a person knows, what does not suit, and the files.

import { useQuery } from '@tanstack/react-query';
import type { Session, SessionAccount } from '@tunnel-desk/shared/api/session';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { KeptRouterSettings } from '@tunnel-desk/shared/routers/settings';
import { useState } from 'react';
import { LiveFormContext } from '../../forms/use-live-form.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { routerSettingsQuery } from '../api/list-router-settings.ts';
import { initialSettings } from './initial-settings.ts';
import { KeepingStatus } from './keeping-status.tsx';
import { lastKind } from './last-kind.ts';
import { RouterAdvice } from './router-advice.tsx';
import { readableSettings } from './router-fields.ts';
import { RouterFiles } from './router-files.tsx';
import { issuesOfRequest } from './router-rules.ts';
import { SettingsFields } from './settings-fields.tsx';
import { inOrder, possiblePartners } from './tunnels-of-router.ts';
import { useKeeping } from './use-keeping.ts';
import { useRouterForm } from './use-router-form.ts';

export interface RouterSectionProps {
  readonly session: Session;
  readonly account: SessionAccount;
  readonly tunnel: IpsecTunnel;
}

export function RouterSection(props: RouterSectionProps) {
  // Somebody else may have entered more since this tab read it, which a form opened on less would replace.
  const { data: kept, isFetchedAfterMount } = useQuery({
    ...routerSettingsQuery(props.account.id),
    refetchOnMount: 'always',
  });
  if (kept === undefined || !isFetchedAfterMount) {
    return (
      <p role="status" className="min-h-64 text-kumo-subtle">
        Loading…
      </p>
    );
  }
  return (
    <>
      {kept === null && (
        <p role="status" className="text-kumo-warning text-sm">
          What was entered here before can't be read just now. It works all the same, and nothing new is kept.
        </p>
      )}
      <Router {...props} kept={kept ?? NOTHING_KEPT} mayKeep={props.account.mayChange && kept !== null} />
    </>
  );
}

const NOTHING_KEPT: readonly KeptRouterSettings[] = [];

interface RouterProps extends RouterSectionProps {
  readonly kept: readonly KeptRouterSettings[];
  /** Not where it is not known what is kept: that would be replaced unseen. */
  readonly mayKeep: boolean;
}

function Router({ session, account, tunnel, kept, mayKeep }: RouterProps) {
  const { name: person } = session.person;
  const [initial] = useState(() => initialSettings(tunnel, kept, lastKind(person)));
  const { liveForm, request } = useRouterForm(initial);
  const settings = readableSettings(request, tunnel);
  const issues = issuesOfRequest(request);
  const { data: all } = useQuery(ipsecTunnelsQuery(account.id));
  const partners = possiblePartners(tunnel, all ?? [], settings.pairedWith);
  const partner = partners.find(({ id }) => id === settings.pairedWith);
  const tunnels = inOrder(partner === undefined ? [tunnel] : [tunnel, partner]);
  const keeping = useKeeping({
    accountId: account.id,
    tunnelId: tunnel.id,
    initial,
    settings: mayKeep && issues.length === 0 ? settings : undefined,
  });
  return (
    <LiveFormContext value={liveForm}>
      <RouterAdvice account={account} tunnels={tunnels} settings={settings} />
      <SettingsFields person={person} partners={partners} />
      <KeepingStatus keeping={keeping} mayChange={account.mayChange} />
      <RouterFiles
        accountId={account.id}
        tunnels={tunnels}
        settings={settings}
        issues={issues}
        deskVersion={session.version}
      />
    </LiveFormContext>
  );
}
