// The frame of every page: top bar, sandbox banner, main landmark.

import type { Account, Session } from '@tunnel-desk/shared/api/session';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { HOME_PATH } from './paths.ts';

export interface ShellProps {
  readonly session?: Session;
  /** The account the page works in. */
  readonly account?: Account | undefined;
  readonly children: ReactNode;
}

export function Shell({ session, account, children }: ShellProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="border-kumo-line border-b bg-kumo-base">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 gap-y-1 px-4 py-2 text-sm">
          <Link href={HOME_PATH} className="py-1 font-semibold text-base">
            Tunnel Desk
          </Link>
          {account && (
            <p className="min-w-0 truncate text-kumo-strong">
              <span className="sr-only">Account in use: </span>
              {account.label}
            </p>
          )}
          {session && <p className="ml-auto text-kumo-subtle">{MODE_LABELS[session.mode]}</p>}
          {session && <PersonInUse person={session.person} />}
        </div>
      </header>
      {session?.mode === 'sandbox' && (
        <aside aria-label="Mode" className="bg-kumo-warning-tint text-kumo-warning">
          <p className="mx-auto max-w-6xl px-4 py-1.5 font-medium text-sm">Sandbox: nothing here reaches Cloudflare.</p>
        </aside>
      )}
      <main className="mx-auto w-full max-w-6xl flex-1 px-4 pt-6">{children}</main>
      {session && (
        <footer className="mx-auto w-full max-w-6xl px-4 py-6 text-kumo-subtle text-xs">
          Tunnel Desk {session.version}
        </footer>
      )}
    </div>
  );
}

function PersonInUse({ person: { name, signOutPath } }: Pick<Session, 'person'>) {
  return (
    <div className="flex min-w-0 items-center gap-3">
      <p className="min-w-0 truncate text-kumo-strong">
        <span className="sr-only">Signed in as </span>
        {name}
      </p>
      {signOutPath && (
        <a href={signOutPath} className="shrink-0 py-1 underline">
          Sign out
        </a>
      )}
    </div>
  );
}

const MODE_LABELS: Record<Session['mode'], string> = { sandbox: 'Sandbox', cloudflare: 'Live: Cloudflare' };
