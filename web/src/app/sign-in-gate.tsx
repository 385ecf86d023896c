// What a person sees who is not signed in: how to sign in, and how the last sign-in ended.

import { Button } from '@cloudflare/kumo/components/button';
import { SIGN_IN_ENDINGS, type SignInEnding, signInPath } from '@tunnel-desk/shared/api/paths';
import { useEffect, useState } from 'react';
import { Notice } from './notice.tsx';
import { signIn, signInOnce } from './sign-in.ts';

/** Starts the sign-in by itself, or lets the person start it where that has just failed. */
export function SignInGate() {
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => setHasFailed(!signInOnce()), []);
  if (!hasFailed) return <p role="status">Signing in…</p>;
  return (
    <Notice title="You are not signed in">
      <p>Nothing was created. If signing in doesn't help, ask your administrator: the server's log says why.</p>
      <Button onClick={signIn}>Sign in</Button>
    </Notice>
  );
}

const ENDINGS: Record<SignInEnding, { readonly title: string; readonly whatNow: string }> = {
  'signed-out': { title: 'You are signed out', whatNow: 'Sign in again to continue.' },
  failed: {
    title: 'The sign-in failed',
    whatNow: 'Nothing was created. Try again; if it fails again, tell your administrator.',
  },
  unavailable: {
    title: "The sign-in service can't be reached",
    whatNow: 'Nothing was created. Try again in a moment.',
  },
};

/** The page at {@link SIGNED_OUT_PATH}, where the server sends a browser whose sign-in is over. */
export function SignedOutPage() {
  const [query] = useState(() => new URLSearchParams(window.location.search));
  const ending = SIGN_IN_ENDINGS.find((known) => known === query.get('ending')) ?? 'signed-out';
  const { title, whatNow } = ENDINGS[ending];
  return (
    <Notice title={title}>
      <p>{whatNow}</p>
      <Button onClick={() => window.location.assign(signInPath(query.get('return_to') ?? '/'))}>Sign in</Button>
    </Notice>
  );
}
