// The frame of every page: top bar, sandbox banner, main landmark.

import { Badge } from '@cloudflare/kumo/components/badge';
import { Banner } from '@cloudflare/kumo/components/banner';
import type { Account, Session } from '@tunnel-desk/shared/api/session';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { shortId } from '../lib/short-id.ts';
import { VisibleText } from '../ui/visible-text.tsx';
import { HOME_PATH } from './paths.ts';

export interface ShellProps {
  readonly session?: Session;
  /** The account the page works in. */
  readonly account?: Account | undefined;
  readonly children: ReactNode;
}

const COLUMN = 'mx-auto w-full max-w-6xl px-4';

export function Shell({ session, account, children }: ShellProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="border-kumo-line border-b bg-kumo-base">
        {/* One row where there is room; else the account and what it is stand together in a second one. */}
        <div className={`${COLUMN} flex flex-wrap items-center gap-x-5 py-2 text-sm`}>
          <Link href={HOME_PATH} className="py-1 font-semibold text-base">
            Tunnel Desk
          </Link>
          {session && <AccountInUse account={account} mode={session.mode} />}
          {session && <PersonInUse person={session.person} />}
        </div>
      </header>
      {session?.mode === 'sandbox' && (
        <aside aria-label="Mode" className={`${COLUMN} pt-3`}>
          <Banner size="sm" title="Sandbox: nothing here reaches Cloudflare." />
        </aside>
      )}
      <main className={`${COLUMN} flex-1 pt-6`}>{children}</main>
      {session && <footer className={`${COLUMN} py-6 text-kumo-subtle text-xs`}>Tunnel Desk {session.version}</footer>}
    </div>
  );
}

function AccountInUse({ account, mode }: Pick<ShellProps, 'account'> & Pick<Session, 'mode'>) {
  return (
    <div className="order-last flex min-w-0 basis-full items-center gap-2 empty:hidden sm:order-none sm:basis-auto">
      {account && (
        <p className="flex min-w-0 gap-1.5 text-kumo-strong" title={`Account ID ${account.id}`}>
          <span className="sr-only">Account in use: </span>
          <span className="min-w-0 truncate">
            <VisibleText text={account.label} />
          </span>
          <span className="shrink-0 font-mono text-kumo-subtle">{shortId(account.id)}</span>
        </p>
      )}
      {mode === 'cloudflare' && <Badge variant="purple">Production</Badge>}
    </div>
  );
}

function PersonInUse({ person: { name, signOutPath } }: Pick<Session, 'person'>) {
  return (
    <div className="ml-auto flex min-w-0 items-center gap-3">
      <p className="min-w-0 truncate text-kumo-strong">
        <span className="sr-only">Signed in as </span>
        <VisibleText text={name} />
      </p>
      {signOutPath && (
        // A form and no link: another site can send people to a link.
        <form method="post" action={signOutPath} className="shrink-0">
          <button type="submit" className="cursor-pointer py-1 underline">
            Sign out
          </button>
        </form>
      )}
    </div>
  );
}
