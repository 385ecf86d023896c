// The two dialogs of the keyboard, quick actions and shortcuts, and what can be done on every page.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { Account, Session } from '@tunnel-desk/shared/api/session';
import { useLocation } from 'wouter';
import { IS_NEXT } from '../ipsec-tunnels/create/next-form.ts';
import { QUICK_ACTIONS_SHORTCUT, useQuickActions } from '../quick-actions/use-quick-actions.ts';
import { useShortcutKeys } from '../quick-actions/use-shortcut-keys.ts';
import { ACTIVITY_PATH, HOME_PATH, importTunnelsPath, isNewTunnelPath, newTunnelPath, tunnelsPath } from './paths.ts';
import type { Panel, PanelState } from './use-panel.ts';

export interface KeyboardPanelsProps {
  readonly session: Session;
  /** The account whose tunnels can be gone to; none before one was in use. */
  readonly account: Account | undefined;
  readonly panel: Panel | undefined;
  readonly onOpen: PanelState['open'];
  readonly onClose: PanelState['close'];
}

export function KeyboardPanels({ session, account, panel, onOpen, onClose }: KeyboardPanelsProps) {
  const [path, navigate] = useLocation();
  useQuickActions(
    [
      { label: 'Quick actions', shortcut: QUICK_ACTIONS_SHORTCUT, run: () => onOpen('quick-actions') },
      { label: 'Tunnels', run: () => navigate(account ? tunnelsPath(account.id) : HOME_PATH) },
      ...(account ? [{ label: 'Import tunnels', run: () => navigate(importTunnelsPath(account.id)) }] : []),
      { label: 'Activity', run: () => navigate(ACTIVITY_PATH) },
      ...(isNewTunnelPath(path)
        ? []
        : [
            {
              label: 'Create a tunnel',
              shortcut: 'c',
              run: () => navigate(newTunnelPath(account?.id ?? ''), { state: IS_NEXT }),
            },
          ]),
      { label: 'Keyboard shortcuts', shortcut: '?', run: () => onOpen('shortcuts') },
    ],
    'everywhere',
  );
  // Also while a dialog is still loading, and what is typed already is meant for it.
  useShortcutKeys(panel === undefined);
  const quickActions = useDialog('quick-actions', panel, loadQuickActions);
  const shortcuts = useDialog('shortcuts', panel, loadShortcuts);
  if (panel === undefined) return null;
  const { data: isLoaded, isError } = panel === 'shortcuts' ? shortcuts : quickActions;
  if (!isLoaded) return <NotLoaded hasFailed={isError} onClose={() => onClose()} />;
  if (panel === 'shortcuts') return shortcuts.data && <shortcuts.data onClose={onClose} />;
  return quickActions.data && <quickActions.data accounts={session.accounts} account={account} onClose={onClose} />;
}

const loadQuickActions = async () => (await import('./quick-actions-dialog.tsx')).QuickActionsDialog;
const loadShortcuts = async () => (await import('./shortcuts-dialog.tsx')).ShortcutsDialog;

/** Loads a dialog the first time that it is asked for: the first view does without. */
function useDialog<Dialog>(own: Panel, panel: Panel | undefined, load: () => Promise<Dialog>) {
  return useQuery({
    queryKey: ['dialog', own],
    queryFn: load,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: panel === own,
  });
}

function NotLoaded({ hasFailed, onClose }: { readonly hasFailed: boolean; readonly onClose: () => void }) {
  return (
    <div
      role={hasFailed ? 'alert' : 'status'}
      className="fixed top-[10vh] left-1/2 z-10 flex -translate-x-1/2 items-center gap-3 rounded-lg bg-kumo-base px-4 py-3 ring ring-kumo-line"
    >
      {hasFailed ? "This can't be loaded: the page can't reach its server." : 'Loading…'}
      {hasFailed && (
        <Button size="sm" onClick={onClose}>
          Close
        </Button>
      )}
    </div>
  );
}
