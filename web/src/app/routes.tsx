// Every page and its path.

import type { Session } from '@tunnel-desk/shared/api/session';
import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { CreateTunnelPage } from '../ipsec-tunnels/create/create-tunnel-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { ACTIVITY_PATH, HOME_PATH, NEW_TUNNEL_PATH, newTunnelPath } from './paths.ts';

const TunnelPage = lazy(async () => ({
  default: (await import('../ipsec-tunnels/detail/tunnel-page.tsx')).TunnelPage,
}));

const ActivityPage = lazy(async () => ({ default: (await import('../activity/activity-page.tsx')).ActivityPage }));

export function Routes({ session }: { readonly session: Session }) {
  const isServed = (accountId: string) => session.accounts.some(({ id }) => id === accountId);
  const onlyAccount = session.accounts.length === 1 ? session.accounts[0]?.id : undefined;
  const start = newTunnelPath(onlyAccount ?? '');
  // The form stays as it is while another account is chosen, which changes its path: one route has both of its paths.
  return (
    <Switch>
      <Route path={HOME_PATH}>
        <Redirect to={start} replace />
      </Route>
      <Route path={FORM_PATHS}>
        {({ accountId = '' }) => {
          if (accountId === '' && onlyAccount !== undefined) {
            // A draft in a link goes along.
            return <Redirect to={start + window.location.hash} replace />;
          }
          if (accountId !== '' && !isServed(accountId)) return <NotFoundPage />;
          return <CreateTunnelPage session={session} accountId={accountId} />;
        }}
      </Route>
      <Route path="/accounts/:accountId/ipsec-tunnels/:tunnelId">
        {({ accountId, tunnelId }) =>
          isServed(accountId) ? (
            <Suspense>
              <TunnelPage key={tunnelId} accountId={accountId} tunnelId={tunnelId} />
            </Suspense>
          ) : (
            <NotFoundPage />
          )
        }
      </Route>
      <Route path={ACTIVITY_PATH}>
        <Suspense>
          <ActivityPage session={session} />
        </Suspense>
      </Route>
      {OLD_PATHS.map((path) => (
        <Route key={path} path={path}>
          <Redirect to={start} replace />
        </Route>
      ))}
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}

const FORM_PATHS = new RegExp(`^(?:/accounts/(?<accountId>[^/]+)/ipsec-tunnels/new|${NEW_TUNNEL_PATH})/?$`);
/** Of earlier versions. */
const OLD_PATHS = ['/tunnels/new', '/tunnels/created'];
