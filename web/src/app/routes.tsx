// Every page and its path.

import type { Session, SessionAccount } from '@tunnel-desk/shared/api/session';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Redirect, Route, Switch, useSearch } from 'wouter';
import { ChooseAccountPage } from './choose-account-page.tsx';
import { startAccount } from './last-account.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { ACTIVITY_PATH, HOME_PATH, NEW_TUNNEL_PATH, newTunnelPath, tunnelsPath } from './paths.ts';

// Each page is loaded when it is first opened: none has to wait for what only another one needs.
const loadTunnelListPage = () => import('../ipsec-tunnels/list/tunnel-list-page.tsx');
const TunnelListPage = page(async () => (await loadTunnelListPage()).TunnelListPage);
const CreateTunnelPage = page(
  async () => (await import('../ipsec-tunnels/create/create-tunnel-page.tsx')).CreateTunnelPage,
);
const TunnelPage = page(async () => (await import('../ipsec-tunnels/detail/tunnel-page.tsx')).TunnelPage);
const RecreatePage = page(async () => (await import('../ipsec-tunnels/create/recreate-page.tsx')).RecreatePage);
const RestorePage = page(async () => (await import('../ipsec-tunnels/create/restore-page.tsx')).RestorePage);
const ImportPage = page(async () => (await import('../ipsec-tunnels/import/import-page.tsx')).ImportPage);
const EditTunnelPage = page(async () => (await import('../ipsec-tunnels/edit/edit-tunnel-page.tsx')).EditTunnelPage);
const BatchPage = page(async () => (await import('../ipsec-tunnels/batch/batch-page.tsx')).BatchPage);
const ActivityPage = page(async () => (await import('../activity/activity-page.tsx')).ActivityPage);

export function Routes({ session }: { readonly session: Session }) {
  const { accounts } = session;
  const onlyAccount = accounts.length === 1 ? accounts[0]?.id : undefined;
  const start = startAccount(accounts);
  const search = useSearch();
  const [, recreate] = RECREATE.exec(search) ?? [];
  const [, restore] = RESTORE.exec(search) ?? [];
  const served = (accountId: string, render: (account: SessionAccount) => ReactNode) => {
    const account = accounts.find(({ id }) => id === accountId);
    return account ? render(account) : <NotFoundPage />;
  };
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path={HOME_PATH}>
          {start === undefined ? (
            <ChooseAccountPage accounts={accounts} />
          ) : (
            <Redirect to={tunnelsPath(start.id)} replace />
          )}
        </Route>
        {/* The form stays as it is while another account is chosen, which changes its path: one route has both of its paths. */}
        <Route path={FORM_PATHS}>
          {({ accountId = '' }) => {
            if (accountId === '' && onlyAccount !== undefined) {
              // A draft in a link goes along.
              return <Redirect to={newTunnelPath(onlyAccount) + window.location.hash} replace />;
            }
            if (accountId === '') return <CreateTunnelPage session={session} accountId="" />;
            return served(accountId, ({ id }) => {
              if (recreate !== undefined) return <RecreatePage accountId={id} entryId={Number(recreate)} />;
              if (restore !== undefined) return <RestorePage accountId={id} tunnelId={restore} />;
              return <CreateTunnelPage session={session} accountId={id} />;
            });
          }}
        </Route>
        <Route path="/accounts/:accountId/ipsec-tunnels">
          {({ accountId }) =>
            served(accountId, (account) => <TunnelListPage key={account.id} session={session} account={account} />)
          }
        </Route>
        <Route path="/accounts/:accountId/ipsec-tunnels/import">
          {({ accountId }) =>
            served(accountId, (account) => <ImportPage key={account.id} session={session} account={account} />)
          }
        </Route>
        <Route path="/accounts/:accountId/ipsec-tunnels/:tunnelId">
          {({ accountId, tunnelId }) =>
            served(accountId, ({ id }) => (
              <TunnelPage key={tunnelId} session={session} accountId={id} tunnelId={tunnelId} />
            ))
          }
        </Route>
        <Route path="/accounts/:accountId/ipsec-tunnels/:tunnelId/edit">
          {({ accountId, tunnelId }) =>
            served(accountId, ({ id }) => (
              <EditTunnelPage key={tunnelId} session={session} accountId={id} tunnelId={tunnelId} />
            ))
          }
        </Route>
        <Route path="/accounts/:accountId/ipsec-tunnels/batches/:batchId">
          {({ accountId, batchId }) =>
            served(accountId, (account) => (
              <BatchPage key={batchId} session={session} account={account} batchId={batchId} />
            ))
          }
        </Route>
        <Route path={ACTIVITY_PATH}>
          <ActivityPage session={session} />
        </Route>
        {OLD_PATHS.map((path) => (
          <Route key={path} path={path}>
            <Redirect to={newTunnelPath(onlyAccount ?? '')} replace />
          </Route>
        ))}
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Suspense>
  );
}

// Where one begins most often: its page comes beside the session, not after it. A failure shows where it is rendered.
if (/^\/(?:accounts\/[^/]+\/ipsec-tunnels\/?)?$/.test(window.location.pathname)) loadTunnelListPage().catch(() => {});

const FORM_PATHS = new RegExp(`^(?:/accounts/(?<accountId>[^/]+)/ipsec-tunnels/new|${NEW_TUNNEL_PATH})/?$`);
/** Has the form filled with what the audit log recorded of a tunnel: the ID of its entry. */
const RECREATE = /(?:^|[?&])recreate=([1-9]\d{0,14})(?:&|$)/;
/** The same with what this desk knew of a tunnel that was deleted elsewhere: its ID. */
const RESTORE = /(?:^|[?&])restore=([0-9a-f]{32})(?:&|$)/;
/** Of earlier versions. */
const OLD_PATHS = ['/tunnels/new', '/tunnels/created'];

function page<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await load() }));
}

function Loading() {
  return (
    <p className="text-kumo-subtle" role="status">
      Loading…
    </p>
  );
}
