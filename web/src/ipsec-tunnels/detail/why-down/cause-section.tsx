// Why a tunnel is not well: the likely causes, and what to look at on its router.

import { useQuery } from '@tanstack/react-query';
import type { SessionAccount } from '@tunnel-desk/shared/api/session';
import { diagnose } from '@tunnel-desk/shared/health/diagnosis';
import { indexTunnels } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useMemo } from 'react';
import { newestEntriesQuery } from '../../../audit/audit-queries.ts';
import { readFilter } from '../../../audit/filter.ts';
import { ipsecTunnelsQuery } from '../../api/list-ipsec-tunnels.ts';
import { routerSettingsQuery } from '../../api/list-router-settings.ts';
import { routesQuery } from '../../api/list-routes.ts';
import type { ShownHealth } from '../../health/health-by-name.ts';
import { keptFor } from '../../router/initial-settings.ts';
import { CauseList } from './cause-list.tsx';
import { RouterLooks } from './router-looks.tsx';

export interface CauseSectionProps {
  readonly account: SessionAccount;
  readonly tunnel: IpsecTunnel;
  readonly health: ShownHealth;
  /** Opens the dialog that gives the tunnel another key. */
  readonly onRotate: () => void;
}

/** As many as the strips of its health look through. */
const ENTRIES = 50;

export function CauseSection({ account, tunnel, health, onRotate }: CauseSectionProps) {
  const filter = { ...readFilter(''), account: account.id, tunnel_id: tunnel.id };
  const tunnels = useQuery(ipsecTunnelsQuery(account.id));
  const routes = useQuery(routesQuery(account.id));
  const settings = useQuery(routerSettingsQuery(account.id));
  const entries = useQuery(newestEntriesQuery(filter, ENTRIES));
  const others = useMemo(
    () => indexTunnels((tunnels.data ?? []).filter(({ id }) => id !== tunnel.id)),
    [tunnels.data, tunnel.id],
  );
  if ([tunnels, routes, settings, entries].some(({ isPending }) => isPending)) {
    return <p role="status">Looking at what is known…</p>;
  }
  const routerKind = settings.data ? keptFor(tunnel.id, settings.data)?.kind : undefined;
  const causes = diagnose({
    tunnel,
    health,
    others,
    routes: routes.data ?? undefined,
    routerKind,
    changes: entries.data,
    now: Date.now(),
    formatMoment,
  });
  const unread = [
    tunnels.data ? undefined : "the account's other tunnels",
    routes.data ? undefined : 'the static routes',
    settings.data ? undefined : 'what is kept of its router',
    entries.data ? undefined : 'what was done to it',
  ].filter((each) => each !== undefined);
  return (
    <>
      {causes.length === 0 ? (
        <p className="text-sm">Nothing that is known here explains it. Look at the router.</p>
      ) : (
        <CauseList account={account} tunnelId={tunnel.id} causes={causes} onRotate={onRotate} />
      )}
      {unread.length > 0 && (
        <p className="text-kumo-subtle text-sm">
          This could not be read, so nothing was concluded from it: {unread.join(', ')}.
        </p>
      )}
      <RouterLooks kind={routerKind} hasBgp={tunnel.bgp !== undefined} isOpen={causes.length === 0} />
    </>
  );
}

/** "02:13" today, with its date on another day; in the person's own time. */
function formatMoment(moment: string): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return moment;
  return (at.toDateString() === new Date().toDateString() ? CLOCK : DATE_AND_CLOCK).format(at);
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DATE_AND_CLOCK = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
