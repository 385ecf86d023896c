// One field for everything: what can be done on this page, where one can go, and every tunnel of the account.

import { CommandPalette } from '@cloudflare/kumo/components/command-palette';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { useQuery } from '@tanstack/react-query';
import type { Account } from '@tunnel-desk/shared/api/session';
import { type ReactNode, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { ipsecTunnelsQuery } from '../ipsec-tunnels/api/list-ipsec-tunnels.ts';
import { findTunnels } from '../ipsec-tunnels/quick-search.ts';
import { shortId } from '../lib/short-id.ts';
import { shortcutOf, shownShortcut } from '../quick-actions/shortcuts.ts';
import { QUICK_ACTIONS_SHORTCUT, useOfferedActions } from '../quick-actions/use-quick-actions.ts';
import { VisibleText } from '../ui/visible-text.tsx';
import { inAccount, isNewTunnelPath, tunnelPath } from './paths.ts';

export interface QuickActionsDialogProps {
  readonly accounts: readonly Account[];
  /** The account whose tunnels are searched. */
  readonly account: Account | undefined;
  readonly onClose: (chosen?: () => void) => void;
}

interface Entry {
  readonly id: string;
  /** What is searched, and what a screen reader says of the entry first. */
  readonly text: string;
  readonly label: ReactNode;
  /** Beside it, in quieter type. */
  readonly detail?: ReactNode;
  readonly shortcut?: string | undefined;
  readonly disabledReason?: string | undefined;
  readonly run: () => void;
}

interface Group {
  readonly label: string;
  readonly entries: Entry[];
}

const MOST_TUNNELS = 50;

export function QuickActionsDialog({ accounts, account, onClose }: QuickActionsDialogProps) {
  const [text, setText] = useState('');
  const { groups, status } = useEntries({ accounts, account }, text);
  return (
    <CommandPalette.Root
      open
      onOpenChange={() => onClose()}
      items={groups}
      value={text}
      onValueChange={setText}
      itemToStringValue={({ label }) => label}
    >
      <Dialog.Title className="sr-only">Quick actions</Dialog.Title>
      <CommandPalette.Input
        aria-label="An action, an account, or a tunnel's name or address"
        placeholder="An action, or a tunnel's name or address"
        autoComplete="off"
        spellCheck={false}
        onKeyDown={(event) => {
          if (shortcutOf(event.nativeEvent) !== QUICK_ACTIONS_SHORTCUT) return;
          event.preventDefault();
          onClose();
        }}
      />
      <CommandPalette.List>
        <CommandPalette.Results>
          {(group: Group) => (
            <CommandPalette.Group key={group.label} items={group.entries}>
              <CommandPalette.GroupLabel>{group.label}</CommandPalette.GroupLabel>
              <CommandPalette.Items>
                {(entry: Entry) => (
                  <CommandPalette.Item
                    key={entry.id}
                    value={entry}
                    disabled={entry.disabledReason !== undefined}
                    className={ENTRY}
                    onClick={entry.disabledReason === undefined ? () => onClose(entry.run) : undefined}
                  >
                    <EntryTexts {...entry} />
                  </CommandPalette.Item>
                )}
              </CommandPalette.Items>
            </CommandPalette.Group>
          )}
        </CommandPalette.Results>
        <CommandPalette.Empty>Nothing is called so, and no tunnel has such an address.</CommandPalette.Empty>
      </CommandPalette.List>
      <CommandPalette.Footer>
        <p role="status" className="text-kumo-strong">
          {status}
        </p>
      </CommandPalette.Footer>
    </CommandPalette.Root>
  );
}

/** One sees which entry Enter takes, and can read why one is disabled. */
const ENTRY = 'opacity-100 ring-inset ring-control-edge data-highlighted:ring';

function EntryTexts({ label, detail, shortcut, disabledReason }: Entry) {
  return (
    <>
      <span className="min-w-0 flex-1">
        <span className={disabledReason ? 'text-kumo-subtle' : ''}>{label}</span>
        {detail && <span className="ml-2 text-kumo-subtle text-sm">{detail}</span>}
        {disabledReason && <span className="block text-kumo-subtle text-sm">{disabledReason}</span>}
      </span>
      {shortcut && (
        <kbd aria-hidden className="shrink-0 font-mono text-kumo-subtle text-xs">
          {shownShortcut(shortcut)}
        </kbd>
      )}
    </>
  );
}

/** What the text finds, and a sentence on the tunnels that are not in it. */
function useEntries(
  { accounts, account }: Pick<QuickActionsDialogProps, 'accounts' | 'account'>,
  text: string,
): { readonly groups: Group[]; readonly status: string } {
  const [path, navigate] = useLocation();
  const offered = useOfferedActions();
  const { data: tunnels, isError } = useQuery(ipsecTunnelsQuery(account?.id ?? ''));
  const found = useMemo(() => findTunnels(tunnels ?? [], text, MOST_TUNNELS), [tunnels, text]);

  const actions = offered
    .filter(({ shortcut }) => shortcut !== QUICK_ACTIONS_SHORTCUT)
    .map((action) => ({ ...action, id: `action ${action.label}`, text: action.label }));
  const otherAccounts = accounts
    .filter(({ id }) => id !== account?.id)
    .map(({ id, label }) => ({
      id: `account ${id}`,
      text: `Switch to account ${label} ${id}`,
      label: (
        <>
          Switch to <VisibleText text={label} />
        </>
      ),
      detail: <span className="font-mono">{shortId(id)}</span>,
      run: () => navigate(inAccount(path, id), { replace: isNewTunnelPath(path) }),
    }));
  const groups = [
    { label: 'This page', entries: actions.filter(({ scope }) => scope === 'page').filter(matching(text)) },
    { label: 'Go to', entries: actions.filter(({ scope }) => scope === 'everywhere').filter(matching(text)) },
    { label: 'Accounts', entries: otherAccounts.filter(matching(text)) },
    {
      label: 'Tunnels',
      entries: found.shown.map((tunnel) => ({
        id: `tunnel ${tunnel.id}`,
        text: tunnel.name,
        label: <VisibleText text={tunnel.name} />,
        detail: (
          <span className="font-mono">
            {[tunnel.interface_address, tunnel.customer_endpoint].filter(Boolean).join(' · ')}
          </span>
        ),
        run: () => {
          if (account !== undefined) navigate(tunnelPath(account.id, tunnel.id));
        },
      })),
    },
  ].filter(({ entries }) => entries.length > 0);
  return { groups, status: statusOf({ account, tunnels, isError, more: found.more }) };
}

/** Whether every word of the text is in the entry's. */
function matching(text: string): (entry: { readonly text: string }) => boolean {
  const words = text.toLowerCase().split(/\s+/);
  return (entry) => words.every((word) => entry.text.toLowerCase().includes(word));
}

interface Found {
  readonly account: Account | undefined;
  readonly tunnels: readonly unknown[] | undefined;
  readonly isError: boolean;
  readonly more: number;
}

function statusOf({ account, tunnels, isError, more }: Found): string {
  if (account === undefined) return 'Choose an account to search its tunnels.';
  if (tunnels === undefined) {
    return isError ? "The account's tunnels can't be listed just now." : "Listing the account's tunnels…";
  }
  if (more > 0)
    return `${more.toLocaleString()} more ${more === 1 ? 'tunnel' : 'tunnels'}: type more of the name or address.`;
  return 'Enter opens, Escape closes.';
}
