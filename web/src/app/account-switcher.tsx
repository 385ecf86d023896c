// The account the page is about, and the way to the same kind of page of another.
//
// The browser's own popover with links: a select would change the page at every arrow key, and Kumo's menu would add
// 11 kB to the first view.

import { CaretRightIcon } from '@phosphor-icons/react';
import type { Account } from '@tunnel-desk/shared/api/session';
import { type ToggleEvent, useId, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { shortId } from '../lib/short-id.ts';
import { VisibleText } from '../ui/visible-text.tsx';
import { inAccount, isNewTunnelPath } from './paths.ts';

export interface AccountSwitcherProps {
  readonly accounts: readonly Account[];
  /** None while the page is about no account alone. */
  readonly account: Account | undefined;
}

export function AccountSwitcher({ accounts, account }: AccountSwitcherProps) {
  const [path] = useLocation();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [first] = accounts;
  if (accounts.length === 1 && first !== undefined) return <OnlyAccount account={first} />;
  const placeUnderButton = ({ newState, currentTarget }: ToggleEvent<HTMLElement>) => {
    const box = button.current?.getBoundingClientRect();
    if (newState !== 'open' || box === undefined) return;
    currentTarget.style.top = `${box.bottom + window.scrollY + GAP_PX}px`;
    currentTarget.style.left = `${box.left}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        title={account && `Account ID ${account.id}`}
        className={`flex ${account ? FIRST_TO_SHRINK : ''} cursor-pointer items-center gap-1.5 rounded-lg px-2 py-1 text-kumo-strong ring ring-kumo-line hover:bg-kumo-tint`}
      >
        {account ? <AccountName account={account} /> : 'Accounts'}
        <CaretRightIcon aria-hidden className="size-3.5 shrink-0 rotate-90" />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        onBeforeToggle={placeUnderButton}
        className="absolute m-0 max-h-[70dvh] max-w-[calc(100vw-2rem)] overflow-y-auto rounded-lg border border-kumo-line bg-kumo-base p-1 text-kumo-default shadow-lg"
      >
        <ul aria-label="Accounts" className="text-sm">
          {accounts.map((one) => (
            <li key={one.id}>
              <Link
                href={inAccount(path, one.id)}
                // The form stays the same page for another account.
                replace={isNewTunnelPath(path)}
                aria-current={one.id === account?.id ? 'true' : undefined}
                onClick={() => list.current?.hidePopover()}
                className="flex justify-between gap-x-4 rounded-md px-2.5 py-1.5 hover:bg-kumo-tint aria-[current]:bg-kumo-tint aria-[current]:font-medium"
              >
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  <VisibleText text={one.label} />
                </span>
                <span className="shrink-0 font-mono text-kumo-subtle">{shortId(one.id)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

const GAP_PX = 4;
/** Its label gives way before the person's name, and leaves room for the ID. */
const FIRST_TO_SHRINK = 'min-w-36 shrink-99999';

function OnlyAccount({ account }: { readonly account: Account }) {
  return (
    <p className={`flex ${FIRST_TO_SHRINK} gap-1.5 text-kumo-strong`} title={`Account ID ${account.id}`}>
      <AccountName account={account} />
    </p>
  );
}

function AccountName({ account }: { readonly account: Account }) {
  return (
    <>
      <span className="sr-only">Account in use: </span>
      <span className="min-w-0 truncate md:max-w-64">
        <VisibleText text={account.label} />
      </span>
      <span className="shrink-0 font-mono text-kumo-subtle">{shortId(account.id)}</span>
    </>
  );
}
