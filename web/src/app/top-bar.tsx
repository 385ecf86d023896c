// Where one is and who one is, and the way to every other page: one row, on small screens two.

import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { MagnifyingGlassIcon } from '@phosphor-icons/react';
import type { Account, Session } from '@tunnel-desk/shared/api/session';
import { Link, useLocation } from 'wouter';
import { shownShortcut } from '../quick-actions/shortcuts.ts';
import { QUICK_ACTIONS_SHORTCUT } from '../quick-actions/use-quick-actions.ts';
import { VisibleText } from '../ui/visible-text.tsx';
import { AccountSwitcher } from './account-switcher.tsx';
import { ACTIVITY_PATH, HOME_PATH, isNewTunnelPath, tunnelsPath } from './paths.ts';

export interface TopBarProps {
  readonly session: Session | undefined;
  readonly account: Account | undefined;
  readonly lastAccount: Account | undefined;
  readonly onQuickActions: () => void;
}

export function TopBar({ session, account, lastAccount, onQuickActions }: TopBarProps) {
  return (
    <header className="border-kumo-line border-b bg-kumo-base">
      <div className="flex flex-wrap items-center gap-x-2 px-4 py-1.5 text-sm md:gap-x-5">
        <div className="flex items-center gap-x-2">
          <Link href={HOME_PATH} className="py-1 font-semibold text-base">
            Tunnel Desk
          </Link>
          {session?.mode === 'cloudflare' && <Badge variant="purple">Production</Badge>}
        </div>
        {session && <Navigation lastAccount={lastAccount} />}
        {session && (
          <div className="flex min-w-0 basis-full items-center gap-x-3 md:flex-1 md:basis-0">
            <AccountSwitcher accounts={session.accounts} account={account} />
            <QuickActionsButton onClick={onQuickActions} />
            <PersonInUse person={session.person} />
          </div>
        )}
      </div>
    </header>
  );
}

const NAVIGATION_LINK =
  'block border-transparent border-b-2 px-1.5 py-1 text-kumo-strong hover:text-kumo-default aria-[current]:border-kumo-brand aria-[current]:text-kumo-default';

function Navigation({ lastAccount }: Pick<TopBarProps, 'lastAccount'>) {
  const [path] = useLocation();
  const tunnels = lastAccount ? tunnelsPath(lastAccount.id) : HOME_PATH;
  const isOnTunnels = path.startsWith('/accounts/') || isNewTunnelPath(path);
  return (
    <nav aria-label="Main">
      <ul className="flex gap-x-1">
        <li>
          <Link href={tunnels} aria-current={isCurrent(path === tunnels, isOnTunnels)} className={NAVIGATION_LINK}>
            Tunnels
          </Link>
        </li>
        <li>
          <Link
            href={ACTIVITY_PATH}
            aria-current={isCurrent(path === ACTIVITY_PATH, path.startsWith(`${ACTIVITY_PATH}/`))}
            className={NAVIGATION_LINK}
          >
            Activity
          </Link>
        </li>
      </ul>
    </nav>
  );
}

/** `page` is the page itself; `true` is one below it. */
function isCurrent(isPage: boolean, isBelow: boolean): 'page' | 'true' | undefined {
  if (isPage) return 'page';
  return isBelow ? 'true' : undefined;
}

function QuickActionsButton({ onClick }: { readonly onClick: () => void }) {
  return (
    <Button
      size="sm"
      icon={MagnifyingGlassIcon}
      onClick={onClick}
      aria-keyshortcuts="Control+K Meta+K"
      className="ml-auto shrink-0"
    >
      <span className="sr-only lg:not-sr-only">Quick actions</span>
      <kbd aria-hidden className="hidden font-mono text-kumo-subtle text-xs lg:inline">
        {shownShortcut(QUICK_ACTIONS_SHORTCUT)}
      </kbd>
    </Button>
  );
}

function PersonInUse({ person: { name, signOutPath } }: Pick<Session, 'person'>) {
  return (
    <>
      <p className="min-w-12 max-w-48 truncate text-kumo-strong" title={name}>
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
    </>
  );
}
