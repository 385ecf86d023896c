// The application: its session, its shell and its pages.

import { Button } from '@cloudflare/kumo/components/button';
import { QueryClientProvider } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import { lazy, Suspense, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { CreateTunnelPage } from '../ipsec-tunnels/create/create-tunnel-page.tsx';
import { CREATED_PATH, NEW_PATH } from '../ipsec-tunnels/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { useSession } from './session.ts';
import { Shell } from './shell.tsx';

const TunnelCreatedPage = lazy(async () => {
  const { TunnelCreatedPage: component } = await import('../ipsec-tunnels/created/tunnel-created-page.tsx');
  return { default: component };
});

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <SessionGate />
    </QueryClientProvider>
  );
}

function SessionGate() {
  const { data: session, isPending, isFetching, refetch } = useSession();
  if (session !== undefined) return <Pages session={session} />;
  return (
    <Shell>
      {isPending ? (
        <p className="text-kumo-subtle" role="status">
          Loading…
        </p>
      ) : (
        <div role="alert" className="flex flex-col items-start gap-3">
          <h1 className="font-semibold text-xl">This page can't reach its server</h1>
          <p>Nothing was created. Check that the desk is running, then try again.</p>
          <Button loading={isFetching} onClick={() => refetch()}>
            Try again
          </Button>
        </div>
      )}
    </Shell>
  );
}

function Pages({ session }: { readonly session: Session }) {
  const [accountId, setAccountId] = useState<string>();
  return (
    <Shell session={session} account={session.accounts.find(({ id }) => id === accountId)}>
      <Switch>
        <Route path={NEW_PATH}>
          <CreateTunnelPage session={session} onAccountChange={setAccountId} />
        </Route>
        <Route path={CREATED_PATH}>
          <Suspense>
            <TunnelCreatedPage onAccountChange={setAccountId} />
          </Suspense>
        </Route>
        <Route>
          <Redirect to={NEW_PATH} replace />
        </Route>
      </Switch>
    </Shell>
  );
}
