// The application: its session, its shell and its pages.

import { Button } from '@cloudflare/kumo/components/button';
import { QueryClientProvider } from '@tanstack/react-query';
import { SIGNED_OUT_PATH } from '@tunnel-desk/shared/api/paths';
import type { Session } from '@tunnel-desk/shared/api/session';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Route, Switch, useRoute } from 'wouter';
import { queryClient } from '../lib/query-client.ts';
import { rememberAccount, startAccount } from './last-account.ts';
import { Notice } from './notice.tsx';
import { Routes } from './routes.tsx';
import { useSession } from './session.ts';
import { Shell } from './shell.tsx';
import { rememberSignedIn, signIn } from './sign-in.ts';

// Few see these, and never beside the form.
const SignInGate = lazy(async () => ({ default: (await import('./sign-in-gate.tsx')).SignInGate }));
const SignedOutPage = lazy(async () => ({ default: (await import('./sign-in-gate.tsx')).SignedOutPage }));

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Switch>
        <Route path={SIGNED_OUT_PATH}>
          <Shell>
            <Suspense>
              <SignedOutPage />
            </Suspense>
          </Shell>
        </Route>
        <Route>
          <SessionGate />
        </Route>
      </Switch>
    </QueryClientProvider>
  );
}

function SessionGate() {
  const { data: state, isPending, isFetching, refetch } = useSession();
  useEffect(() => {
    if (state?.kind === 'signed-in') rememberSignedIn();
  }, [state]);
  if (state?.kind === 'signed-in') return <Pages session={state.session} />;
  const tryAgain = (
    <Button loading={isFetching} onClick={() => refetch()}>
      Try again
    </Button>
  );
  return (
    <Shell>
      {isPending && (
        <p className="text-kumo-subtle" role="status">
          Loading…
        </p>
      )}
      {state?.kind === 'not-signed-in' && (
        <Suspense>
          <SignInGate />
        </Suspense>
      )}
      {state?.kind === 'not-permitted' && (
        <Notice title="You have no role at this desk">
          <p>You are signed in. Ask your administrator for a role, then sign in again.</p>
          <Button onClick={signIn}>Sign in again</Button>
        </Notice>
      )}
      {state?.kind === 'identity-unavailable' && (
        <Notice title="This desk can't check who you are just now">
          <p>Nothing was created. Try again in a moment.</p>
          {tryAgain}
        </Notice>
      )}
      {state?.kind === 'asked-to-wait' && (
        <Notice title="This desk asks you to wait a minute">
          <p>It was asked for too much in one minute. Nothing was created.</p>
          {tryAgain}
        </Notice>
      )}
      {state === undefined && !isPending && (
        <Notice title="This page can't reach its server">
          <p>Nothing was created. Check that the desk is running, then try again.</p>
          {tryAgain}
        </Notice>
      )}
    </Shell>
  );
}

function Pages({ session }: { readonly session: Session }) {
  const [, params] = useRoute('/accounts/:accountId/*?');
  const account = session.accounts.find(({ id }) => id === params?.accountId);
  const [lastAccount, setLastAccount] = useState(() => account ?? startAccount(session.accounts));
  if (account !== undefined && account !== lastAccount) setLastAccount(account);
  useEffect(() => {
    if (account !== undefined) rememberAccount(account);
  }, [account]);
  return (
    <Shell session={session} account={account} lastAccount={lastAccount}>
      <Routes session={session} />
    </Shell>
  );
}
