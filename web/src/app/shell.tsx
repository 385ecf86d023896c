// The frame of every page: top bar, sandbox banner, main landmark, footer.

import { Banner } from '@cloudflare/kumo/components/banner';
import type { Account, Session } from '@tunnel-desk/shared/api/session';
import { type MouseEvent, type ReactNode, type RefObject, useRef } from 'react';
import { KeyboardPanels } from './keyboard-panels.tsx';
import { TopBar } from './top-bar.tsx';
import { usePanel } from './use-panel.ts';

export interface ShellProps {
  readonly session?: Session;
  /** The account the page is about. */
  readonly account?: Account | undefined;
  /** The account that the person goes on with: the page's, else the one that was in use last. */
  readonly lastAccount?: Account | undefined;
  readonly children: ReactNode;
}

/** A column that one can read, 1,120 px wide, unless the page is a table (`ui/whole-window.tsx`). */
const MAIN =
  'mx-auto w-full max-w-6xl flex-1 px-4 pt-6 has-data-[width=window]:flex has-data-[width=window]:max-w-none has-data-[width=window]:flex-col md:has-data-[width=window]:min-h-0';
/** As high as the window under a table, which scrolls by itself then; in a very low window the page scrolls as well. */
const FRAME = 'flex min-h-dvh flex-col md:has-data-[width=window]:h-dvh md:has-data-[width=window]:min-h-[32rem]';

export function Shell({ session, account, lastAccount, children }: ShellProps) {
  const main = useRef<HTMLElement>(null);
  const { panel, open, close } = usePanel();
  return (
    <div className={FRAME}>
      <SkipLink to={main} />
      <TopBar
        session={session}
        account={account}
        lastAccount={lastAccount}
        onQuickActions={() => open('quick-actions')}
      />
      {session?.mode === 'sandbox' && (
        <aside aria-label="Mode" className="px-4 pt-3">
          <Banner size="sm" title="Sandbox: nothing here reaches Cloudflare." />
        </aside>
      )}
      <main ref={main} id="main" className={MAIN}>
        {children}
      </main>
      {session && (
        <footer className="flex flex-wrap gap-x-5 px-4 py-6 text-kumo-subtle text-xs">
          <p className="py-1">Tunnel Desk {session.version}</p>
          <button type="button" className="cursor-pointer py-1 underline" onClick={() => open('shortcuts')}>
            Keyboard shortcuts
          </button>
        </footer>
      )}
      {session && (
        <KeyboardPanels session={session} account={lastAccount} panel={panel} onOpen={open} onClose={close} />
      )}
    </div>
  );
}

/** The first stop of the Tab key: past the bar, to what the page is about. */
function SkipLink({ to }: { readonly to: RefObject<HTMLElement | null> }) {
  const skip = (event: MouseEvent) => {
    // Not by the link itself: its history entry would not have the state that pages keep in theirs.
    event.preventDefault();
    const target = to.current;
    if (target === null) return;
    target.tabIndex = -1;
    target.addEventListener('blur', () => target.removeAttribute('tabindex'), { once: true });
    target.focus();
  };
  return (
    // biome-ignore lint/a11y/useValidAnchor: it is a link within the page, followed by script
    <a
      href="#main"
      onClick={skip}
      className="sr-only rounded-lg bg-kumo-base font-medium ring ring-kumo-line focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10 focus:px-3 focus:py-2"
    >
      Skip to content
    </a>
  );
}
